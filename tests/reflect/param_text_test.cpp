// SPDX-License-Identifier: MIT
#include <mlscribe/reflect/param_text.hpp>

#include <array>
#include <boost/filesystem/path.hpp>
#include <boost/optional.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <climits>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <forward_list>
#include <limits>
#include <list>
#include <locale>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

using mlscribe::param_text;

namespace shop {

enum class activation { relu, gelu = 7, odd = -3 };
enum plain { first_plain, second_plain };
enum class wide : std::uint64_t { small = 1, huge = 0xFFFFFFFFFFFFFFFF };
enum class letter : char { a = 'a' };
enum class flag : bool { on = true };
enum class pixel : int { red = 600 };

struct schedule {
    double from, to;
};
std::string to_param_text(const schedule& value) {
    return param_text(value.from) + "->" + param_text(value.to);
}

enum class mode { fast };
std::string to_param_text(mode) {
    return "mode:fast";
}

/// Converts to a text, as many string types of other libraries do.
struct name {
    std::string text;
    operator std::string_view() const { return text; }
};

}  // namespace shop

template <>
struct mlscribe::enum_range<shop::pixel> {
    static constexpr int min = 590, max = 610;
};

BOOST_AUTO_TEST_SUITE(reflect_param_text)

BOOST_AUTO_TEST_CASE(truth_values) {
    BOOST_TEST(param_text(true) == "True");
    BOOST_TEST(param_text(false) == "False");
}

BOOST_AUTO_TEST_CASE(integers_of_every_size) {
    BOOST_TEST(param_text(std::int8_t{-128}) == "-128");
    BOOST_TEST(param_text(std::uint8_t{65}) == "65");
    BOOST_TEST(param_text(std::int16_t{-32768}) == "-32768");
    BOOST_TEST(param_text(std::uint16_t{65535}) == "65535");
    BOOST_TEST(param_text(INT_MIN) == "-2147483648");
    BOOST_TEST(param_text(UINT_MAX) == "4294967295");
    BOOST_TEST(param_text(-1L) == "-1");
    BOOST_TEST(param_text(1UL) == "1");
    BOOST_TEST(param_text(LLONG_MIN) == "-9223372036854775808");
    BOOST_TEST(param_text(ULLONG_MAX) == "18446744073709551615");
}

BOOST_AUTO_TEST_CASE(a_char_is_a_letter_and_signed_and_unsigned_ones_are_numbers) {
    BOOST_TEST(param_text('x') == "x");
    BOOST_TEST(param_text(static_cast<signed char>('x')) == "120");
    BOOST_TEST(param_text(static_cast<unsigned char>('x')) == "120");
}

BOOST_AUTO_TEST_CASE(floating_point) {
    BOOST_TEST(param_text(1e-3f) == "0.001");
    BOOST_TEST(param_text(1e-3) == "0.001");
    BOOST_TEST(param_text(1.0L) == "1.0");
    BOOST_TEST(param_text(3.0) == "3.0");
    BOOST_TEST(param_text(1e-5) == "1e-05");
    BOOST_TEST(param_text(std::numeric_limits<float>::quiet_NaN()) == "nan");
}

BOOST_AUTO_TEST_CASE(enumerators_by_name) {
    BOOST_TEST(param_text(shop::activation::relu) == "relu");
    BOOST_TEST(param_text(shop::activation::odd) == "odd");
    BOOST_TEST(param_text(shop::second_plain) == "second_plain");
    BOOST_TEST(param_text(shop::flag::on) == "on");
    BOOST_TEST(param_text(shop::pixel::red) == "red");
}

BOOST_AUTO_TEST_CASE(other_values_of_an_enum_are_numbers) {
    BOOST_TEST(param_text(static_cast<shop::activation>(5)) == "5");
    BOOST_TEST(param_text(static_cast<shop::activation>(-100000)) == "-100000");
    BOOST_TEST(param_text(shop::wide::huge) == "18446744073709551615");
    BOOST_TEST(param_text(static_cast<shop::letter>('b')) == "98");
    BOOST_TEST(param_text(static_cast<shop::flag>(false)) == "0");
    BOOST_TEST(param_text(static_cast<shop::pixel>(1)) == "1");
    BOOST_TEST(param_text(std::vector<shop::activation>{static_cast<shop::activation>(5)}) ==
               "[5]");
}

BOOST_AUTO_TEST_CASE(texts_stand_as_they_are) {
    BOOST_TEST(param_text("it's\n") == "it's\n");
    BOOST_TEST(param_text(std::string("a\0b", 3)) == std::string("a\0b", 3));
    BOOST_TEST(param_text(std::string_view("part of it", 4)) == "part");
    BOOST_TEST(param_text(shop::name{"converted"}) == "converted");
    const char* pointer = "pointed at";
    BOOST_TEST(param_text(pointer) == "pointed at");
    char mutable_text[] = "mutable";
    BOOST_TEST(param_text(static_cast<char*>(mutable_text)) == "mutable");
}

BOOST_AUTO_TEST_CASE(a_buffer_need_not_be_terminated) {
    const char full[4] = {'a', 'd', 'a', 'm'};
    const char half[8] = {'s', 'g', 'd', '\0', 'x', 'x', 'x', 'x'};
    BOOST_TEST(param_text(full) == "adam");
    BOOST_TEST(param_text(half) == "sgd");
}

BOOST_AUTO_TEST_CASE(nothing_is_none) {
    BOOST_TEST(param_text(nullptr) == "None");
    BOOST_TEST(param_text(static_cast<const char*>(nullptr)) == "None");
    BOOST_TEST(param_text(static_cast<char*>(nullptr)) == "None");
    BOOST_TEST(param_text(std::optional<int>()) == "None");
    BOOST_TEST(param_text(std::variant<std::monostate, int>()) == "None");
    BOOST_TEST(param_text(std::monostate()) == "None");
    BOOST_TEST(param_text(std::optional<std::optional<int>>(std::optional<int>())) == "None");
}

BOOST_AUTO_TEST_CASE(optionals_and_variants_show_what_they_hold) {
    BOOST_TEST(param_text(std::optional<double>(0.5)) == "0.5");
    BOOST_TEST(param_text(boost::optional<int>(3)) == "3");
    BOOST_TEST(param_text(boost::optional<int>()) == "None");
    using either = std::variant<std::monostate, int, std::string, std::vector<int>>;
    BOOST_TEST(param_text(either(3)) == "3");
    BOOST_TEST(param_text(either("a")) == "a");
    BOOST_TEST(param_text(either(std::vector<int>{1, 2})) == "[1, 2]");
    BOOST_TEST(param_text(std::vector<either>{3, "a", {}}) == "[3, 'a', None]");
}

#if MLSCRIBE_HAS_EXCEPTIONS
BOOST_AUTO_TEST_CASE(a_variant_that_lost_its_value_is_none) {
    struct thrower {
        thrower() = default;
        thrower(const thrower&) { throw 1; }
        thrower& operator=(const thrower&) = default;
        operator std::string_view() const { return "held"; }
    };
    std::variant<int, thrower> value;
    try {
        const thrower source;
        value.emplace<thrower>(source);
    } catch (int) {
    }
    BOOST_REQUIRE(value.valueless_by_exception());
    BOOST_TEST(param_text(value) == "None");
}
#endif

BOOST_AUTO_TEST_CASE(durations_with_their_unit) {
    using namespace std::chrono;
    BOOST_TEST(param_text(nanoseconds(5)) == "5ns");
    BOOST_TEST(param_text(microseconds(5)) == "5us");
    BOOST_TEST(param_text(milliseconds(250)) == "250ms");
    BOOST_TEST(param_text(seconds(-2)) == "-2s");
    BOOST_TEST(param_text(minutes(3)) == "3min");
    BOOST_TEST(param_text(hours(4)) == "4h");
    BOOST_TEST(param_text(duration<int, std::ratio<86400>>(5)) == "5d");
    BOOST_TEST(param_text(duration<double, std::ratio<3600>>(1.5)) == "1.5h");
    BOOST_TEST(param_text(duration<float>(0.1f)) == "0.1s");
    BOOST_TEST(param_text(duration<std::int8_t>(65)) == "65s");
    BOOST_TEST(param_text(duration<int, std::ratio<604800>>(2)) == "2[604800]s");
    BOOST_TEST(param_text(duration<int, std::ratio<2, 7>>(3)) == "3[2/7]s");
    BOOST_TEST(param_text(duration<int, std::ratio<4, 2000>>(3)) == "3[1/500]s");
    BOOST_TEST(param_text(std::vector<seconds>{seconds(1), seconds(2)}) == "[1s, 2s]");
}

BOOST_AUTO_TEST_CASE(paths_of_both_libraries) {
    BOOST_TEST(param_text(std::filesystem::path("/data/train.csv")) == "/data/train.csv");
    BOOST_TEST(param_text(boost::filesystem::path("/data/train.csv")) == "/data/train.csv");
    BOOST_TEST(param_text(std::vector<std::filesystem::path>{"a b", "c"}) == "['a b', 'c']");
}

BOOST_AUTO_TEST_CASE(lists_of_every_kind) {
    const int plain[] = {64, 32};
    const int grid[2][3] = {{1, 2, 3}, {4, 5, 6}};
    BOOST_TEST(param_text(plain) == "[64, 32]");
    BOOST_TEST(param_text(grid) == "[[1, 2, 3], [4, 5, 6]]");
    BOOST_TEST(param_text(std::array<double, 2>{{0.9, 0.999}}) == "[0.9, 0.999]");
    BOOST_TEST(param_text(std::vector<int>()) == "[]");
    BOOST_TEST(param_text(std::vector<float>{0.1f}) == "[0.1]");
    BOOST_TEST(param_text(std::vector<bool>{true, false}) == "[True, False]");
    BOOST_TEST(param_text(std::vector<std::uint8_t>{65, 66}) == "[65, 66]");
    BOOST_TEST(param_text(std::list<int>{1, 2}) == "[1, 2]");
    BOOST_TEST(param_text(std::deque<int>{1, 2}) == "[1, 2]");
    BOOST_TEST(param_text(std::forward_list<int>{1, 2}) == "[1, 2]");
    BOOST_TEST(param_text(std::set<int>{2, 1}) == "[1, 2]");
    BOOST_TEST(param_text(std::vector<std::vector<int>>{{1}, {}, {2, 3}}) == "[[1], [], [2, 3]]");
    BOOST_TEST(param_text(std::vector<std::optional<int>>{1, {}}) == "[1, None]");
    BOOST_TEST(param_text(std::vector<shop::activation>{shop::activation::gelu}) == "['gelu']");
}

BOOST_AUTO_TEST_CASE(texts_inside_a_list_are_quoted) {
    BOOST_TEST(param_text(std::vector<std::string>{"a", "it's", "\""}) == R"(['a', "it's", '"'])");
    BOOST_TEST(param_text(std::vector<const char*>{"a", nullptr}) == "['a', None]");
    BOOST_TEST(param_text(std::vector<char>{'a', '\n'}) == R"(['a', '\n'])");
    BOOST_TEST(param_text(std::vector<shop::name>{{"x"}}) == "['x']");
    const char names[2][4] = {{'a', 'd', 'a', 'm'}, {'s', 'g', 'd', '\0'}};
    BOOST_TEST(param_text(names) == "['adam', 'sgd']");
}

BOOST_AUTO_TEST_CASE(maps_and_pairs) {
    BOOST_TEST(param_text(std::map<std::string, int>{{"b", 2}, {"a", 1}}) == "{'a': 1, 'b': 2}");
    BOOST_TEST(param_text(std::map<int, std::string>{{1, "x"}}) == "{1: 'x'}");
    BOOST_TEST(param_text(std::unordered_map<std::string, bool>{{"k", true}}) == "{'k': True}");
    BOOST_TEST(param_text(std::map<std::string, int>()) == "{}");
    BOOST_TEST(param_text(std::map<int, std::map<int, int>>{{1, {{2, 3}}}}) == "{1: {2: 3}}");
    BOOST_TEST(param_text(std::pair<int, std::string>(1, "x")) == "(1, 'x')");
    BOOST_TEST(param_text(std::vector<std::pair<int, int>>{{1, 2}}) == "[(1, 2)]");
}

BOOST_AUTO_TEST_CASE(a_hook_of_the_type_comes_first) {
    BOOST_TEST(param_text(shop::schedule{0.1, 1}) == "0.1->1.0");
    BOOST_TEST(param_text(shop::mode::fast) == "mode:fast");
    BOOST_TEST(param_text(std::vector<shop::schedule>{{0, 1}}) == "['0.0->1.0']");
    BOOST_TEST(param_text(std::optional<shop::schedule>(shop::schedule{0, 1})) == "0.0->1.0");
}

BOOST_AUTO_TEST_CASE(the_locale_has_no_say) {
    struct comma : std::numpunct<char> {
        char do_decimal_point() const override { return ','; }
        char do_thousands_sep() const override { return '.'; }
        std::string do_grouping() const override { return "\3"; }
        std::string do_truename() const override { return "wahr"; }
    };
    const std::locale before = std::locale::global(std::locale(std::locale(), new comma));
    const std::string text = param_text(std::vector<double>{1234567.5}) + param_text(1234567) +
                             param_text(std::chrono::milliseconds(12345)) + param_text(true);
    std::locale::global(before);
    BOOST_TEST(text == "[1234567.5]123456712345msTrue");
}

BOOST_AUTO_TEST_SUITE_END()
