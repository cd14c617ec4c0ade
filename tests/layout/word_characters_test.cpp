// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>
#include <mlscribe/layout/word_characters.hpp>
#include <string_view>

using mlscribe::is_word_character;

BOOST_AUTO_TEST_SUITE(layout_word_characters)

BOOST_AUTO_TEST_CASE(ascii) {
    const std::string_view words =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
    for (unsigned code = 0; code < 0x80; ++code) {
        BOOST_TEST_CONTEXT("U+" << std::hex << code) {
            BOOST_TEST(is_word_character(code) ==
                       (words.find(static_cast<char>(code)) != std::string_view::npos));
        }
    }
}

BOOST_AUTO_TEST_CASE(what_python_says) {
    // clang-format off
    constexpr char32_t yes[] = {
        0xAA, 0xB2, 0xB5, 0xB9, 0xBA, 0xBC, 0xC0, 0xD6, 0xD8, 0xF6, 0xF8, 0xFC, 0xFF, 0x17F,
        0x2C1, 0x370, 0x3B1, 0x416, 0x531, 0x5D0, 0x640, 0x661, 0x904, 0xE01, 0x1100, 0x1E9E,
        0x2070, 0x2102, 0x2160, 0x2460, 0x2CFD, 0x3005, 0x3042, 0x30A2, 0x3400, 0x4DBF, 0x4E00,
        0x5927, 0x9FFF, 0xAC00, 0xD7A3, 0xF900, 0xFF10, 0xFF21, 0xFFDC, 0x10000, 0x1D400, 0x1D7FF,
        0x1F100, 0x20000, 0x2A6DF, 0x2B738, 0x2FA1D, 0x30000, 0x3134A};
    constexpr char32_t no[] = {
        0x80, 0x85, 0xA0, 0xA9, 0xAB, 0xAD, 0xB4, 0xB6, 0xB7, 0xBB, 0xBF, 0xD7, 0xF7, 0x2C2, 0x300,
        0x301, 0x36F, 0x37E, 0x483, 0x600, 0x93F, 0x200B, 0x2028, 0x203F, 0x20AC, 0x2122, 0x2190,
        0x2603, 0x3000, 0x302A, 0xD800, 0xDFFF, 0xE000, 0xFE0F, 0xFEFF, 0xFF0A, 0xFFFD,
        0xFFFF, 0x1F3B5, 0x1F600, 0x1FBFA, 0x2A6E0, 0x2FA1E, 0x3134B, 0xE0100, 0x10FFFF, 0x110000};
    // clang-format on
    for (const char32_t code : yes) {
        BOOST_TEST(is_word_character(code), "U+" << std::hex << static_cast<unsigned>(code));
    }
    for (const char32_t code : no) {
        BOOST_TEST(!is_word_character(code), "U+" << std::hex << static_cast<unsigned>(code));
    }
}

BOOST_AUTO_TEST_CASE(as_many_as_python_counts) {
    unsigned long words = 0;
    for (char32_t code = 0; code < 0x110000; ++code) words += is_word_character(code) ? 1u : 0u;
    BOOST_TEST(words == 133548u);  // Unicode 14
    static_assert(is_word_character(0x640D) && !is_word_character(0x1F600));
}

BOOST_AUTO_TEST_SUITE_END()
