// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/layout/hex_digits.hpp>

#include <string>
#include <string_view>

using mlscribe::detail::append_hex;
using mlscribe::detail::append_upper_hex;
using mlscribe::detail::hex_text;
using mlscribe::detail::hex_value;

BOOST_AUTO_TEST_SUITE(layout_hex_digits)

BOOST_AUTO_TEST_CASE(as_many_digits_as_are_asked_for) {
    std::string out = "x";
    append_hex(out, 0xAB, 2);
    append_hex(out, 0xC, 4);
    append_hex(out, 0x12345, 2);
    BOOST_TEST(out == "xab000c45");
    out.clear();
    append_hex(out, 0x0123456789ABCDEFu, 16);
    append_upper_hex(out, 0x0123456789ABCDEFu, 16);
    BOOST_TEST(out == "0123456789abcdef0123456789ABCDEF");
    append_upper_hex(out = "", 0xFF, 3);
    BOOST_TEST(out == "0FF");
}

BOOST_AUTO_TEST_CASE(bytes_whether_char_is_signed_or_not) {
    BOOST_TEST(hex_text("") == "");
    constexpr std::string_view bytes("\0\x7F\x80\xFF", 4);
    BOOST_TEST(hex_text(bytes) == "007f80ff");
}

BOOST_AUTO_TEST_CASE(a_digit_is_a_number_again) {
    std::string digits;
    for (unsigned value = 0; value < 16; ++value) {
        append_hex(digits = "", value, 1);
        append_upper_hex(digits, value, 1);
        BOOST_TEST(hex_value(digits[0]) == static_cast<int>(value));
        BOOST_TEST(hex_value(digits[1]) == static_cast<int>(value));
    }
    for (const char c : {'/', ':', '@', 'G', '`', 'g', ' ', '\0', '\xE1'}) {
        BOOST_TEST(hex_value(c) == -1);
    }
}

BOOST_AUTO_TEST_SUITE_END()
