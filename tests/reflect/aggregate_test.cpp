// SPDX-License-Identifier: MIT
#include <mlscribe/reflect/aggregate.hpp>
#include <mlscribe/reflect/flatten.hpp>

#if MLSCRIBE_HAS_AGGREGATES

#    include <array>
#    include <boost/test/unit_test.hpp>
#    include <chrono>
#    include <cstdint>
#    include <filesystem>
#    include <functional>
#    include <map>
#    include <memory>
#    include <optional>
#    include <string>
#    include <string_view>
#    include <variant>
#    include <vector>

#    include "reflect/shown_params.hpp"

using mlscribe::detail::count_members;
using test::shown;

namespace aggregates {

enum class activation { relu };

struct optimiser {
    float lr = 1e-3f;
    std::array<double, 2> betas{0.9, 0.999};
};

struct config {
    optimiser opt;
    std::vector<int> layers{64, 32};
    bool amp = true;
    std::optional<int> seed;
    enum class act_kind { relu } act = act_kind::relu;
    std::filesystem::path data = "/d";
};

struct all_kinds {
    double real = 0.5;
    int number = 1;
    std::uint8_t byte = 65;
    char letter = 'x';
    char buffer[4] = {'a', 'd', 'a', 'm'};
    const char* pointer = "p";
    std::string text = "t";
    std::string_view view = "v";
    activation act = activation::relu;
    const int constant = 3;
    int numbers[3] = {1, 2, 3};
    int grid[2][2] = {{1, 2}, {3, 4}};
    optimiser nested;
    optimiser several[2];
    std::array<optimiser, 1> in_array;
    std::map<std::string, optimiser> in_map{{"k", {}}};
    std::optional<optimiser> maybe;
    std::variant<std::monostate, int> either;
    std::chrono::milliseconds wait{250};
    std::nullptr_t null = nullptr;
};

struct only_array {
    int numbers[4] = {1, 2, 3, 4};
};
struct array_first {
    char name[3] = {'a', 'b', 'c'};
    int last = 2;
};
struct array_of_structs {
    optimiser all[2];
    double after = 3;
};
struct one {
    int member = 1;
};
struct one_string {
    std::string member = "s";
};
struct one_struct {
    one member;
};
struct wraps_vector {
    std::vector<one> list{{}, {}};
};
struct empty {};
struct holds_empty {
    int before = 1;
    empty nothing;
    int after = 2;
};

/// Neither can be made from `{}`.
class without_default {
  public:
    explicit without_default(int value) : value_(value) {}
    operator std::string_view() const { return value_ == 0 ? "zero" : "more"; }

  private:
    int value_;
};
struct holds_without_default {
    int first;
    without_default second;
    int third;
};

struct moved_only_text {
    moved_only_text() = default;
    moved_only_text(moved_only_text&&) = default;
    operator std::string_view() const { return "moved"; }
};
struct holds_moved_only {
    int before = 1;
    moved_only_text text;
    std::vector<moved_only_text> list;
};

template <class T, class... Others>
struct templated {
    T first{};
    std::vector<T> rest;
    struct inner {
        T deep{};
    } in;
};
template <auto Value>
struct by_value {
    int a = 1;
    double b = 2;
};
struct literal {
    int number;
    activation act;
};

struct digits_and_underscores {
    int _a = 1, b_ = 2, c3 = 3, d_4_ = 4, value = 5, T = 6, address = 7, of = 8;
};

struct member_functions {
    int a = 1;
    static constexpr int version = 3;
    int b = 2;
    int sum() const { return a + b; }
};

struct hooked {
    int a = 1, b = 2;
};
std::string to_param_text(const hooked& value);
std::string to_param_text(const hooked& value) {
    return std::to_string(value.a + value.b);
}
struct holds_hooked {
    hooked one;
    std::vector<hooked> many{{}};
};

// clang-format off
struct of_64 {
    int f01 = 1, f02 = 2, f03 = 3, f04 = 4, f05 = 5, f06 = 6, f07 = 7, f08 = 8, f09 = 9, f10 = 10,
        f11 = 11, f12 = 12, f13 = 13, f14 = 14, f15 = 15, f16 = 16, f17 = 17, f18 = 18, f19 = 19,
        f20 = 20, f21 = 21, f22 = 22, f23 = 23, f24 = 24, f25 = 25, f26 = 26, f27 = 27, f28 = 28,
        f29 = 29, f30 = 30, f31 = 31, f32 = 32, f33 = 33, f34 = 34, f35 = 35, f36 = 36, f37 = 37,
        f38 = 38, f39 = 39, f40 = 40, f41 = 41, f42 = 42, f43 = 43, f44 = 44, f45 = 45, f46 = 46,
        f47 = 47, f48 = 48, f49 = 49, f50 = 50, f51 = 51, f52 = 52, f53 = 53, f54 = 54, f55 = 55,
        f56 = 56, f57 = 57, f58 = 58, f59 = 59, f60 = 60, f61 = 61, f62 = 62, f63 = 63, f64 = 64;
};
// clang-format on

}  // namespace aggregates

namespace {

struct in_anonymous_namespace {
    int a = 1;
    struct {
        int b = 2;
    } unnamed;
};

struct holds_unnameable {
    std::optional<in_anonymous_namespace> maybe;
    std::variant<int, in_anonymous_namespace> either{1};
    std::map<std::string, in_anonymous_namespace> map;
    std::array<in_anonymous_namespace, 1> array{};
};

}  // namespace

BOOST_AUTO_TEST_SUITE(reflect_aggregate)

BOOST_AUTO_TEST_CASE(the_options_of_a_training) {
    BOOST_TEST(shown(aggregates::config()) ==
               "opt.lr=0.001\n"
               "opt.betas=[0.9, 0.999]\n"
               "layers=[64, 32]\n"
               "amp=True\n"
               "seed=None\n"
               "act=relu\n"
               "data=/d\n");
}

BOOST_AUTO_TEST_CASE(members_of_every_kind) {
    BOOST_TEST(shown(aggregates::all_kinds()) ==
               "real=0.5\nnumber=1\nbyte=65\nletter=x\nbuffer=adam\npointer=p\ntext=t\nview=v\n"
               "act=relu\nconstant=3\nnumbers=[1, 2, 3]\ngrid=[[1, 2], [3, 4]]\n"
               "nested.lr=0.001\nnested.betas=[0.9, 0.999]\n"
               "several.0.lr=0.001\nseveral.0.betas=[0.9, 0.999]\n"
               "several.1.lr=0.001\nseveral.1.betas=[0.9, 0.999]\n"
               "in_array.0.lr=0.001\nin_array.0.betas=[0.9, 0.999]\n"
               "in_map.k.lr=0.001\nin_map.k.betas=[0.9, 0.999]\n"
               "maybe=None\neither=None\nwait=250ms\nnull=None\n");
}

BOOST_AUTO_TEST_CASE(members_are_counted_and_not_the_elements_of_arrays) {
    static_assert(count_members<aggregates::empty>() == 0);
    static_assert(count_members<aggregates::one>() == 1);
    static_assert(count_members<aggregates::one_string>() == 1);
    static_assert(count_members<aggregates::one_struct>() == 1);
    static_assert(count_members<aggregates::wraps_vector>() == 1);
    static_assert(count_members<aggregates::only_array>() == 1);
    static_assert(count_members<aggregates::array_first>() == 2);
    static_assert(count_members<aggregates::array_of_structs>() == 2);
    static_assert(count_members<aggregates::all_kinds>() == 20);
    static_assert(count_members<aggregates::holds_empty>() == 3);
    static_assert(count_members<aggregates::holds_without_default>() == 3);
    static_assert(count_members<aggregates::member_functions>() == 2);
    static_assert(count_members<aggregates::of_64>() == 64);
    BOOST_TEST(shown(aggregates::only_array()) == "numbers=[1, 2, 3, 4]\n");
    BOOST_TEST(shown(aggregates::array_first()) == "name=abc\nlast=2\n");
    BOOST_TEST(shown(aggregates::one_string()) == "member=s\n");
    BOOST_TEST(shown(aggregates::one_struct()) == "member.member=1\n");
    BOOST_TEST(shown(aggregates::wraps_vector()) == "list.0.member=1\nlist.1.member=1\n");
    BOOST_TEST(shown(aggregates::member_functions()) == "a=1\nb=2\n");
}

BOOST_AUTO_TEST_CASE(an_empty_struct_gives_no_params) {
    BOOST_TEST(shown(aggregates::empty()).empty());
    BOOST_TEST(shown(aggregates::holds_empty()) == "before=1\nafter=2\n");
}

BOOST_AUTO_TEST_CASE(members_without_a_default_or_a_copy) {
    BOOST_TEST(shown(aggregates::holds_without_default{1, aggregates::without_default(0), 3}) ==
               "first=1\nsecond=zero\nthird=3\n");
    BOOST_TEST(shown(aggregates::holds_moved_only()) == "before=1\ntext=moved\nlist=[]\n");
}

BOOST_AUTO_TEST_CASE(templates) {
    BOOST_TEST(shown(aggregates::templated<int>()) == "first=0\nrest=[]\nin.deep=0\n");
    BOOST_TEST(shown(aggregates::templated<std::map<std::string, std::vector<int>>, void(int)>()) ==
               "first={}\nrest=[]\nin.deep={}\n");
    BOOST_TEST(shown(aggregates::by_value<3>()) == "a=1\nb=2.0\n");
    BOOST_TEST(shown(aggregates::by_value<aggregates::activation::relu>()) == "a=1\nb=2.0\n");
    BOOST_TEST(
        shown(aggregates::by_value<aggregates::literal{1, aggregates::activation::relu}>()) ==
        "a=1\nb=2.0\n");
}

BOOST_AUTO_TEST_CASE(types_without_a_name_outside) {
    BOOST_TEST(shown(in_anonymous_namespace()) == "a=1\nunnamed.b=2\n");
    BOOST_TEST(shown(holds_unnameable()) ==
               "maybe=None\neither=1\nmap={}\narray.0.a=1\narray.0.unnamed.b=2\n");
    struct local {
        int a = 1;
        std::vector<in_anonymous_namespace> list{{}};
    };
    BOOST_TEST(shown(local()) == "a=1\nlist.0.a=1\nlist.0.unnamed.b=2\n");
    const auto in_lambda = [](int) {
        struct deep {
            double inside = 0.5;
            int other = 1;
        };
        return shown(deep());
    };
    BOOST_TEST(in_lambda(1) == "inside=0.5\nother=1\n");
}

BOOST_AUTO_TEST_CASE(names_that_the_library_uses_too) {
    BOOST_TEST(shown(aggregates::digits_and_underscores()) ==
               "_a=1\nb_=2\nc3=3\nd_4_=4\nvalue=5\nT=6\naddress=7\nof=8\n");
}

BOOST_AUTO_TEST_CASE(a_hook_makes_a_member_one_value) {
    BOOST_TEST(shown(aggregates::holds_hooked()) == "one=3\nmany=['3']\n");
}

BOOST_AUTO_TEST_CASE(sixty_four_members) {
    const std::vector<mlscribe::param> all = mlscribe::flatten(aggregates::of_64());
    BOOST_REQUIRE_EQUAL(all.size(), 64u);
    for (std::size_t i = 0; i < all.size(); ++i) {
        const std::string number = std::to_string(i + 1);
        BOOST_TEST(all[i].key == (i < 9 ? "f0" : "f") + number);
        BOOST_TEST(all[i].value == number);
    }
}

BOOST_AUTO_TEST_SUITE_END()

#endif
