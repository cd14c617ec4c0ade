// SPDX-License-Identifier: MIT
#include <mlscribe/reflect/flatten.hpp>

#include <array>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <filesystem>
#include <list>
#include <locale>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "reflect/shown_params.hpp"

using test::shown;

namespace flattened {

enum class activation { relu, gelu };

struct optimiser {
    float lr = 1e-3f;
    std::array<double, 2> betas{{0.9, 0.999}};
};
MLSCRIBE_DESCRIBE(optimiser, lr, betas)

struct config {
    optimiser opt;
    std::vector<int> layers{64, 32};
    bool amp = true;
    std::optional<int> seed;
    activation act = activation::relu;
    std::filesystem::path data = "/d";
};
MLSCRIBE_DESCRIBE(config, opt, layers, amp, seed, act, data)

struct layer {
    int units;
    std::string kind;
};
MLSCRIBE_DESCRIBE(layer, units, kind)

struct all_nested {
    std::vector<layer> list{{64, "dense"}, {32, "conv"}};
    std::array<layer, 1> array{{{1, "a"}}};
    layer plain[2] = {{2, "b"}, {3, "c"}};
    std::list<std::vector<layer>> deep{{{4, "d"}}, {}};
    std::map<std::string, layer> map{{"head", {5, "e"}}, {"body", {6, "f"}}};
    std::optional<layer> none;
    std::optional<layer> some{layer{7, "g"}};
    std::variant<std::monostate, double, layer> empty;
    std::variant<std::monostate, double, layer> number{0.5};
    std::variant<std::monostate, double, layer> whole{layer{8, "h"}};
};
MLSCRIBE_DESCRIBE(all_nested, list, array, plain, deep, map, none, some, empty, number, whole)

struct values {
    char letter = 'x';
    char buffer[4] = {'a', 'd', 'a', 'm'};
    std::string_view view = "view";
    const char* pointer = nullptr;
    std::nullptr_t null = nullptr;
    std::chrono::milliseconds wait{250};
    const int constant = 3;
    const std::string constant_text = "fixed";
    int grid[2][2] = {{1, 2}, {3, 4}};
    std::vector<bool> mask{true, false};
    std::pair<int, double> range{1, 2.0};
    std::map<int, int> by_number{{1, 2}};
    std::map<std::string, std::vector<int>> by_name{{"a", {1}}, {"b", {}}};
};
MLSCRIBE_DESCRIBE(values, letter, buffer, view, pointer, null, wait, constant, constant_text, grid,
                  mask, range, by_number, by_name)

/// Its members are known, and as a member it wants to be one value.
struct interval {
    int low, high;
};
MLSCRIBE_DESCRIBE(interval, low, high)
std::string to_param_text(const interval& value);
std::string to_param_text(const interval& value) {
    return std::to_string(value.low) + ".." + std::to_string(value.high);
}

struct with_interval {
    interval steps{1, 9};
    std::vector<interval> all{{1, 2}};
};
MLSCRIBE_DESCRIBE(with_interval, steps, all)

/// A text to others and a struct to us.
struct named {
    std::string text;
    operator std::string_view() const { return text; }
};
MLSCRIBE_DESCRIBE(named, text)

struct plain_text {
    std::string text;
    operator std::string_view() const { return text; }
};

struct holder {
    named first{"a"};
    plain_text second{"b"};
};
MLSCRIBE_DESCRIBE(holder, first, second)

}  // namespace flattened

BOOST_AUTO_TEST_SUITE(reflect_flatten)

BOOST_AUTO_TEST_CASE(the_options_of_a_training) {
    BOOST_TEST(shown(flattened::config()) ==
               "opt.lr=0.001\n"
               "opt.betas=[0.9, 0.999]\n"
               "layers=[64, 32]\n"
               "amp=True\n"
               "seed=None\n"
               "act=relu\n"
               "data=/d\n");
}

BOOST_AUTO_TEST_CASE(structs_inside_of_lists_maps_optionals_and_variants) {
    BOOST_TEST(shown(flattened::all_nested()) ==
               "list.0.units=64\nlist.0.kind=dense\nlist.1.units=32\nlist.1.kind=conv\n"
               "array.0.units=1\narray.0.kind=a\n"
               "plain.0.units=2\nplain.0.kind=b\nplain.1.units=3\nplain.1.kind=c\n"
               "deep.0.0.units=4\ndeep.0.0.kind=d\ndeep.1=[]\n"
               "map.body.units=6\nmap.body.kind=f\nmap.head.units=5\nmap.head.kind=e\n"
               "none=None\n"
               "some.units=7\nsome.kind=g\n"
               "empty=None\nnumber=0.5\n"
               "whole.units=8\nwhole.kind=h\n");
}

BOOST_AUTO_TEST_CASE(everything_else_is_one_value) {
    BOOST_TEST(shown(flattened::values()) ==
               "letter=x\nbuffer=adam\nview=view\npointer=None\nnull=None\nwait=250ms\n"
               "constant=3\nconstant_text=fixed\ngrid=[[1, 2], [3, 4]]\nmask=[True, False]\n"
               "range=(1, 2.0)\nby_number={1: 2}\nby_name.a=[1]\nby_name.b=[]\n");
}

BOOST_AUTO_TEST_CASE(a_prefix_and_the_other_separator) {
    const flattened::config config;
    BOOST_TEST(shown(config, "train").substr(0, 19) == "train.opt.lr=0.001\n");
    BOOST_TEST(shown(config, "train", '/').substr(0, 19) == "train/opt/lr=0.001\n");
    BOOST_TEST(shown(config, {}, '/').substr(0, 13) == "opt/lr=0.001\n");
    BOOST_TEST(shown(std::vector<flattened::layer>{{1, "a"}}, "l", '/') ==
               "l/0/units=1\nl/0/kind=a\n");
}

BOOST_AUTO_TEST_CASE(maps_with_text_keys) {
    BOOST_TEST(shown(std::map<std::string, double>{{"b", 2}, {"a", 1}}) == "a=1.0\nb=2.0\n");
    BOOST_TEST(shown(std::map<std::string_view, bool>{{"a", true}}, "p") == "p.a=True\n");
    BOOST_TEST(shown(std::unordered_map<std::string, std::string>{{"a", "x y"}}) == "a=x y\n");
    BOOST_TEST(shown(std::vector<std::pair<const char*, int>>{{"b", 2}, {"a", 1}}) == "b=2\na=1\n");
    BOOST_TEST(shown(std::map<std::string, std::map<std::string, int>>{{"a", {{"b", 1}}}}) ==
               "a.b=1\n");
    BOOST_TEST(shown(std::map<std::string, std::map<std::string, int>>{{"a", {}}}) == "a={}\n");
    BOOST_TEST(shown(std::map<std::string, int>()).empty());
    using either = std::variant<int, std::string, std::vector<double>>;
    BOOST_TEST(shown(std::map<std::string, either>{{"a", 1}, {"b", "x"}, {"c", either()}}) ==
               "a=1\nb=x\nc=0\n");
}

BOOST_AUTO_TEST_CASE(lists_of_structs) {
    BOOST_TEST(shown(std::vector<flattened::layer>{{1, "a"}, {2, "b"}}) ==
               "0.units=1\n0.kind=a\n1.units=2\n1.kind=b\n");
    BOOST_TEST(shown(std::vector<flattened::layer>()).empty());
    const flattened::layer plain[] = {{1, "a"}};
    BOOST_TEST(shown(plain) == "0.units=1\n0.kind=a\n");
}

BOOST_AUTO_TEST_CASE(an_optional_struct) {
    std::optional<flattened::layer> maybe;
    BOOST_TEST(shown(maybe, "layer") == "layer=None\n");
    BOOST_TEST(shown(maybe).empty());
    maybe = flattened::layer{1, "a"};
    BOOST_TEST(shown(maybe) == "units=1\nkind=a\n");
    BOOST_TEST(shown(maybe, "layer") == "layer.units=1\nlayer.kind=a\n");
}

BOOST_AUTO_TEST_CASE(a_hook_makes_a_member_one_value) {
    BOOST_TEST(shown(flattened::with_interval()) == "steps=1..9\nall=['1..2']\n");
    BOOST_TEST(shown(flattened::interval{1, 9}) == "low=1\nhigh=9\n");
    BOOST_TEST(shown(flattened::interval{1, 9}, "p") == "p.low=1\np.high=9\n");
}

BOOST_AUTO_TEST_CASE(a_description_goes_before_a_conversion_to_text) {
    BOOST_TEST(shown(flattened::holder()) == "first.text=a\nsecond=b\n");
}

BOOST_AUTO_TEST_CASE(the_locale_has_no_say) {
    struct comma : std::numpunct<char> {
        char do_decimal_point() const override { return ','; }
        char do_thousands_sep() const override { return '.'; }
        std::string do_grouping() const override { return "\3"; }
    };
    std::vector<flattened::layer> many(1001, flattened::layer{1234567, "a"});
    const std::locale before = std::locale::global(std::locale(std::locale(), new comma));
    const std::vector<mlscribe::param> all = mlscribe::flatten(many);
    std::locale::global(before);
    BOOST_TEST(all[2000].key == "1000.units");
    BOOST_TEST(all[2000].value == "1234567");
}

BOOST_AUTO_TEST_CASE(what_is_known) {
    BOOST_TEST(mlscribe::is_reflected_v<flattened::config>);
    BOOST_TEST(!mlscribe::is_reflected_v<int>);
    BOOST_TEST(!mlscribe::is_reflected_v<std::string>);
    BOOST_TEST(!mlscribe::is_reflected_v<std::vector<int>>);
    BOOST_TEST((!mlscribe::is_reflected_v<std::array<int, 2>>));
    BOOST_TEST((!mlscribe::is_reflected_v<std::pair<int, int>>));
    BOOST_TEST(!mlscribe::is_reflected_v<std::optional<int>>);
    BOOST_TEST(!mlscribe::is_reflected_v<std::monostate>);
    BOOST_TEST(!mlscribe::is_reflected_v<std::unique_ptr<int>>);
    BOOST_TEST(!mlscribe::is_reflected_v<flattened::plain_text>);
}

BOOST_AUTO_TEST_SUITE_END()
