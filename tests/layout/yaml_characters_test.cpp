// SPDX-License-Identifier: MIT
#include <mlscribe/layout/yaml_characters.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

BOOST_AUTO_TEST_SUITE(layout_yaml_characters)

BOOST_AUTO_TEST_CASE(no_byte_is_passed_that_may_mean_something) {
    using namespace mlscribe::detail;
    for (int code = 0; code != 256; ++code) {
        const char c = static_cast<char>(code);
        bool is_break = false;
        for (const char* behind : {"", "\x85", "\x80\xA8", "\x80\xA9"}) {
            is_break = is_break || yaml_break_at(c + std::string(behind), 0) != 0;
        }
        const bool is_gap = is_break || is_yaml_blank(c);
        const bool is_mark = std::string_view(":,[]{}'\"\\").find(c) != std::string_view::npos;
        BOOST_TEST_CONTEXT("byte " << code) {
            BOOST_TEST(yaml_marks.has(c) == (is_gap || is_mark));
            BOOST_TEST(yaml_gaps.has(c) == (is_gap || c == '#' || c == '\xEF'));
            BOOST_TEST(yaml_rare_breaks.has(c) == (is_break && c != '\n'));
            BOOST_TEST(is_yaml_readable_ascii("a" + std::string(1, c) + "b") ==
                       (code < 0x80 && is_yaml_readable(static_cast<char32_t>(code))));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
