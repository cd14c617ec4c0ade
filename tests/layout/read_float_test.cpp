// SPDX-License-Identifier: MIT
#include <mlscribe/layout/read_float.hpp>

#include <array>
#include <boost/test/unit_test.hpp>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <random>
#include <string>

#include "seed.hpp"

namespace {

/// What was read of a text: the value, how many characters, and the error.
template <class Float>
std::string told(const std::string& text, std::from_chars_result read, Float value) {
    std::array<char, 128> spelled{};
    char* const end = spelled.data() + spelled.size();
    const auto written = std::to_chars(spelled.data(), end, value, std::chars_format::hex);
    return std::string(spelled.data(), written.ptr) + ", " +
           std::to_string(read.ptr - text.data()) + " characters, " +
           std::to_string(static_cast<int>(read.ec));
}

/// The same of both ways, "" where they agree.
template <class Float>
std::string difference(const std::string& text,
                       std::chars_format format = std::chars_format::general) {
    Float ours = 7;
    Float theirs = 7;
    const char* const end = text.data() + text.size();
    const auto read = mlscribe::detail::from_chars_by_strtod(text.data(), end, ours, format);
    const auto expected = std::from_chars(text.data(), end, theirs, format);
    const std::string found = told(text, read, ours);
    const std::string wanted = told(text, expected, theirs);
    return found == wanted ? "" : text + ": " + found + " and not " + wanted;
}

}  // namespace

#if defined(__cpp_lib_to_chars)

BOOST_AUTO_TEST_SUITE(layout_read_float)

BOOST_AUTO_TEST_CASE(reads_what_the_standard_library_reads) {
    for (const char* const text : {"0",
                                   "-0",
                                   "1",
                                   "-1.5",
                                   "1.",
                                   ".5",
                                   "-.5",
                                   ".",
                                   "-",
                                   "",
                                   "+1",
                                   " 1",
                                   "1 ",
                                   "1e",
                                   "1e+",
                                   "1e5x",
                                   "1E-5",
                                   "1e+05",
                                   "1..2",
                                   "0x10",
                                   "00012",
                                   "1,5",
                                   "x",
                                   "1e400",
                                   "-1e400",
                                   "1e-400",
                                   "5e-324",
                                   "2.2250738585072011e-308",
                                   "1.7976931348623157e308",
                                   "1.7976931348623159e308",
                                   "1_000",
                                   "123456789012345678901234567890",
                                   "0.1000000000000000055511151231257827021181583404541015625"}) {
        BOOST_TEST(difference<double>(text) == "");
    }
    BOOST_TEST(difference<double>(std::string(5000, '9')) == "");
    BOOST_TEST(difference<double>("0." + std::string(300, '0') + "123") == "");
    for (const char* const text : {"1.8p3", "1", "-a.bp-2", "g", "1p", ".8", "1P+3", "0x1"}) {
        BOOST_TEST(difference<double>(text, std::chars_format::hex) == "");
    }
    for (const char* const text : {"1e38", "1e39", "0.1", "16777217", "1e-50"}) {
        BOOST_TEST(difference<float>(text) == "");
    }
    for (const char* const text : {"0.1", "1e4932", "1e309"}) {
        BOOST_TEST(difference<long double>(text) == "");
    }
}

BOOST_AUTO_TEST_CASE(every_double_comes_back) {
    std::mt19937_64 random(test::seed(1));
    for (int i = 0; i < 20000; ++i) {
        const std::uint64_t bits = random();
        double value = 0;
        std::memcpy(&value, &bits, sizeof value);
        std::array<char, 512> spelled{};
        char* const end = spelled.data() + spelled.size();
        const auto format = i % 2 == 0 ? std::chars_format::scientific : std::chars_format::general;
        const auto written = std::to_chars(spelled.data(), end, value, format);
        const std::string text(spelled.data(), written.ptr);
        if (text.find('n') == std::string::npos) BOOST_TEST(difference<double>(text) == "");
    }
}

BOOST_AUTO_TEST_SUITE_END()

#endif
