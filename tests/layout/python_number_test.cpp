// SPDX-License-Identifier: MIT
#include <mlscribe/layout/python_number.hpp>

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>

using mlscribe::parse_python_float;
using mlscribe::parse_python_int;

BOOST_AUTO_TEST_SUITE(layout_python_number)

BOOST_AUTO_TEST_CASE(floats_that_python_takes) {
    constexpr double inf = std::numeric_limits<double>::infinity();
    const std::pair<const char*, double> cases[] = {
        {"1", 1},
        {"1.", 1},
        {".5", 0.5},
        {"1e5", 1e5},
        {"1E5", 1e5},
        {"1e+5", 1e5},
        {"+1.5", 1.5},
        {"-2", -2},
        {"1_0", 10},
        {"1_0.5_0e1_0", 10.5e10},
        {" 7\t", 7},
        {"１.５", 1.5},
        {"inf", inf},
        {"-INF", -inf},
        {"+Infinity", inf},
        {"1e400", inf},
        {"-1e400", -inf},
        {"1e-400", 0},
        {"0e99999999999999999999", 0},
        {"1e99999999999999999999", inf},
        {"1e-99999999999999999999", 0},
        {"0.10000000000000001", 0.1},
        {"5e-324", 5e-324},
        {"1.7976931348623157e+308", 1.7976931348623157e308}};
    for (const auto& [text, value] : cases) {
        BOOST_TEST_CONTEXT(text) {
            const auto read = parse_python_float(text);
            BOOST_REQUIRE(read);
            BOOST_TEST(*read == value);
        }
    }
    BOOST_TEST(std::signbit(*parse_python_float("-0")));
    BOOST_TEST(std::signbit(*parse_python_float("-1e-400")));
    for (const char* text : {"nan", "NaN", "-nan", "+NAN"}) {
        BOOST_REQUIRE(parse_python_float(text));
        BOOST_TEST(std::isnan(*parse_python_float(text)));
    }
    // Many digits beyond the range of the exponent.
    BOOST_TEST(*parse_python_float("0." + std::string(400, '0') + "1e405") == 1e4);
    BOOST_TEST(*parse_python_float("1" + std::string(400, '0') + "e-395") == 1e5);
    for (const char* end : {"", ".", "e-10", ".0e10"}) {
        BOOST_TEST(*parse_python_float("1" + std::string(400, '0') + end) == inf);
    }
    for (const char* end : {"", "e10", "e-10"}) {
        BOOST_TEST(*parse_python_float("0." + std::string(400, '0') + "1" + end) == 0);
    }
}

BOOST_AUTO_TEST_CASE(floats_that_python_refuses) {
    for (const char* text :
         {"",          " ",      ".",     "-",    "+-1",  "e5",    "1e",   "1e+",   "nan(0x8000)",
          "-nan(ind)", "1.#INF", "0x1p3", "1,5",  "1.0f", "1d5",   "true", "infin", "_1",
          "1_",        "1__0",   "1_.5",  "1._5", "1 2",  "1\xFF", "é"}) {
        BOOST_TEST_CONTEXT(text) {
            BOOST_TEST(!parse_python_float(text));
        }
    }
    BOOST_TEST(!parse_python_float(std::string_view("1\0", 2)));
}

BOOST_AUTO_TEST_CASE(integers) {
    const std::pair<const char*, std::int64_t> cases[] = {{"0", 0},
                                                          {"-3", -3},
                                                          {"+4", 4},
                                                          {"007", 7},
                                                          {"1_000", 1000},
                                                          {" 5 ", 5},
                                                          {"１２", 12},
                                                          {"9223372036854775807", INT64_MAX},
                                                          {"-9223372036854775808", INT64_MIN}};
    for (const auto& [text, value] : cases) {
        BOOST_TEST_CONTEXT(text) {
            BOOST_REQUIRE(parse_python_int(text));
            BOOST_TEST(*parse_python_int(text) == value);
        }
    }
    for (const char* text : {"", "-", "+", "+-1", "--1", "1.5", "0.0", "1e3", "0x1", "1_", "_1",
                             "1__0", "9223372036854775808", "100000000000000000000", "a"}) {
        BOOST_TEST_CONTEXT(text) {
            BOOST_TEST(!parse_python_int(text));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
