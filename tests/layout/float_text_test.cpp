// SPDX-License-Identifier: MIT
#include <mlscribe/layout/float_text.hpp>
#include <mlscribe/layout/read_float.hpp>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <locale>
#include <random>
#include <string>
#include <system_error>

#include "seed.hpp"

using mlscribe::float_text;

namespace {

template <class Float, class Bits>
Float of_bits(Bits bits) {
    static_assert(sizeof(Float) == sizeof(Bits));
    Float value = 0;
    std::memcpy(&value, &bits, sizeof value);
    return value;
}

template <class Float>
Float read_back(const std::string& text) {
    Float value = 0;
    const auto read = mlscribe::detail::from_chars(text.data(), text.data() + text.size(), value);
    BOOST_REQUIRE(read.ec == std::errc());
    BOOST_REQUIRE(read.ptr == text.data() + text.size());
    return value;
}

std::string significant_digits(std::string text) {
    text.erase(std::min(text.find('e'), text.size()));
    std::string digits;
    for (const char letter : text) {
        if (letter >= '0' && letter <= '9') digits += letter;
    }
    digits.erase(0, digits.find_first_not_of('0'));
    digits.erase(digits.find_last_not_of('0') + 1);
    return digits;
}

/// The digits are the standard library's, the spelling is Python's.
template <class Float>
void check_spelling(Float value) {
    const std::string text = float_text(value);
    BOOST_TEST_INFO("text " << text);
    if (std::isnan(value)) {
        BOOST_REQUIRE_EQUAL(text, "nan");
        return;
    }
    if (std::isinf(value)) {
        BOOST_REQUIRE_EQUAL(text, std::signbit(value) ? "-inf" : "inf");
        return;
    }
    BOOST_REQUIRE(read_back<Float>(text) == value);
    BOOST_REQUIRE_EQUAL(std::signbit(value), text[0] == '-');

    char shortest[64];
    const auto end =
        std::to_chars(shortest, shortest + sizeof shortest, value, std::chars_format::scientific)
            .ptr;
    BOOST_REQUIRE_EQUAL(significant_digits(text), significant_digits(std::string(shortest, end)));

    const Float size = std::fabs(value);
    const bool positional = size == 0 || (size >= Float(1e-4) && size < Float(1e16));
    const std::size_t letter = text.find('e');
    BOOST_REQUIRE_EQUAL(positional, letter == std::string::npos);
    if (positional) {
        const std::size_t point = text.find('.');
        BOOST_REQUIRE(point != std::string::npos && point != 0 && point + 1 < text.size());
    } else {
        BOOST_REQUIRE(text[letter + 1] == '+' || text[letter + 1] == '-');
        BOOST_REQUIRE_GE(text.size() - letter - 2, 2u);
    }
}

template <class Float, class Bits>
void check_random_patterns() {
    std::mt19937_64 random(test::seed(1));
    for (int i = 0; i < 100000; ++i) {
        check_spelling(of_bits<Float>(static_cast<Bits>(random())));
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(layout_float_text)

BOOST_AUTO_TEST_CASE(doubles_as_python_spells_them) {
    BOOST_TEST(float_text(0.0) == "0.0");
    BOOST_TEST(float_text(-0.0) == "-0.0");
    BOOST_TEST(float_text(1.0) == "1.0");
    BOOST_TEST(float_text(-2.5) == "-2.5");
    BOOST_TEST(float_text(100.0) == "100.0");
    BOOST_TEST(float_text(0.1) == "0.1");
    BOOST_TEST(float_text(0.1 + 0.2) == "0.30000000000000004");
    BOOST_TEST(float_text(1.0 / 3) == "0.3333333333333333");
    BOOST_TEST(float_text(123456789.125) == "123456789.125");
    BOOST_TEST(float_text(5e-324) == "5e-324");
    BOOST_TEST(float_text(1.7976931348623157e308) == "1.7976931348623157e+308");
    BOOST_TEST(float_text(2.2250738585072014e-308) == "2.2250738585072014e-308");
}

BOOST_AUTO_TEST_CASE(the_borders_between_the_two_notations) {
    BOOST_TEST(float_text(1e-4) == "0.0001");
    BOOST_TEST(float_text(0.00012345) == "0.00012345");
    BOOST_TEST(float_text(9.999e-5) == "9.999e-05");
    BOOST_TEST(float_text(1e-5) == "1e-05");
    BOOST_TEST(float_text(1e15) == "1000000000000000.0");
    BOOST_TEST(float_text(9999999999999998.0) == "9999999999999998.0");
    BOOST_TEST(float_text(1e16) == "1e+16");
    BOOST_TEST(float_text(12345678901234567.0) == "1.2345678901234568e+16");
    BOOST_TEST(float_text(1e22) == "1e+22");
    BOOST_TEST(float_text(1e100) == "1e+100");
}

BOOST_AUTO_TEST_CASE(not_numbers_have_no_sign_and_no_payload) {
    BOOST_TEST(float_text(std::numeric_limits<double>::quiet_NaN()) == "nan");
    BOOST_TEST(float_text(-std::numeric_limits<double>::quiet_NaN()) == "nan");
    BOOST_TEST(float_text(of_bits<double>(std::uint64_t{0x7FF0000000000001})) == "nan");
    BOOST_TEST(float_text(std::numeric_limits<float>::quiet_NaN()) == "nan");
    BOOST_TEST(float_text(std::numeric_limits<long double>::quiet_NaN()) == "nan");
    BOOST_TEST(float_text(std::numeric_limits<double>::infinity()) == "inf");
    BOOST_TEST(float_text(-std::numeric_limits<double>::infinity()) == "-inf");
    BOOST_TEST(float_text(-std::numeric_limits<float>::infinity()) == "-inf");
    BOOST_TEST(float_text(std::numeric_limits<long double>::infinity()) == "inf");
}

BOOST_AUTO_TEST_CASE(a_float_has_its_own_shortest_digits) {
    BOOST_TEST(float_text(1e-3f) == "0.001");
    BOOST_TEST(float_text(0.1f) == "0.1");
    BOOST_TEST(float_text(3e-4f) == "0.0003");
    BOOST_TEST(float_text(1e-5f) == "1e-05");
    BOOST_TEST(float_text(16777216.0f) == "16777216.0");
    BOOST_TEST(float_text(1e16f) == "1e+16");
    BOOST_TEST(float_text(1e-45f) == "1e-45");
}

BOOST_AUTO_TEST_CASE(a_long_double_is_a_double_where_it_can_be) {
    BOOST_TEST(float_text(1.0L) == "1.0");
    BOOST_TEST(float_text(static_cast<long double>(0.1)) == "0.1");
    BOOST_TEST(float_text(-0.0L) == "-0.0");
    if (std::numeric_limits<long double>::digits == 64) {
        BOOST_TEST(float_text(0.1L) == "0.1");
        BOOST_TEST(float_text(1.0L / 3) == "0.33333333333333333334");
        BOOST_TEST(float_text(std::numeric_limits<long double>::max()) ==
                   "1.189731495357231765e+4932");
        BOOST_TEST(float_text(-std::numeric_limits<long double>::denorm_min()) == "-4e-4951");
    }
}

BOOST_AUTO_TEST_CASE(random_doubles_read_back) {
    check_random_patterns<double, std::uint64_t>();
}

BOOST_AUTO_TEST_CASE(random_floats_read_back) {
    check_random_patterns<float, std::uint32_t>();
}

BOOST_AUTO_TEST_CASE(random_decimals_read_back) {
    std::mt19937_64 random(test::seed(2));
    for (int i = 0; i < 100000; ++i) {
        const double digits = static_cast<double>(random() % 1000000);
        check_spelling(digits * std::pow(10.0, static_cast<int>(random() % 40) - 20));
    }
}

BOOST_AUTO_TEST_CASE(no_text_is_longer_than_the_capacity) {
    char text[mlscribe::float_text_capacity];
    const double doubles[] = {-2.2250738585072014e-308, -1.7976931348623157e308, -1.0 / 3e4,
                              -1234567890123456.7};
    for (const double value : doubles) {
        BOOST_TEST(mlscribe::write_float(text, value) - text <= 26);
    }
    const long double wide[] = {-1.0L / 3, -1.0L / 3e4L, -std::numeric_limits<long double>::max(),
                                -1234567890123456.7L};
    for (const long double value : wide) {
        BOOST_TEST(mlscribe::write_float(text, value) - text <= 32);
    }
}

BOOST_AUTO_TEST_CASE(the_locale_has_no_say) {
    struct comma : std::numpunct<char> {
        char do_decimal_point() const override { return ','; }
        char do_thousands_sep() const override { return '.'; }
        std::string do_grouping() const override { return "\3"; }
    };
    const std::locale before = std::locale::global(std::locale(std::locale(), new comma));
    const std::string text = float_text(1234567.5) + ' ' + float_text(1e16f);
    std::locale::global(before);
    BOOST_TEST(text == "1234567.5 1e+16");
}

BOOST_AUTO_TEST_SUITE_END()
