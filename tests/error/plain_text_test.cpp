// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/error/plain_text.hpp>
#include <mlscribe/error/system_error.hpp>

#include <cerrno>
#include <string>
#include <utility>

using mlscribe::detail::plain_text;

BOOST_AUTO_TEST_SUITE(error_plain_text)

BOOST_AUTO_TEST_CASE(what_a_terminal_would_obey_or_hide_is_spelled) {
    const std::pair<std::string, std::string> texts[] = {
        {"a b\\n", "a b\\n"},
        {"two\nlines\r", "two\\nlines\\x0D"},
        {std::string("\0\x1b\x7F", 3), "\\x00\\x1B\\x7F"},
        {"\xC3\xBC\xE2\x82\xAC\xF0\x9F\x8C\x8D", "\xC3\xBC\xE2\x82\xAC\xF0\x9F\x8C\x8D"},
        {"\xC2\x9B[2J", "\\xC2\\x9B[2J"},  // the other escape
        {"\xE2\x80\xAE\xE2\x80\x8B", "\\xE2\\x80\\xAE\\xE2\\x80\\x8B"},
        {"\xE2\x81\xA6\xEF\xBB\xBF", "\\xE2\\x81\\xA6\\xEF\\xBB\\xBF"},
        {"\xFF\xC0\xAF", "\\xFF\\xC0\\xAF"},           // none, and one too long
        {"\xED\xA0\x80", "\\xED\\xA0\\x80"},           // half of a pair
        {"\xF4\x90\x80\x80", "\\xF4\\x90\\x80\\x80"},  // beyond the last
        {"\xE2\x82", "\\xE2\\x82"}};                   // cut
    for (const auto& [text, plain] : texts) {
        BOOST_TEST(plain_text(text) == plain);
        BOOST_TEST(plain_text(plain) == plain);
    }
}

BOOST_AUTO_TEST_CASE(of_a_long_text_the_beginning_and_the_end_stay) {
    std::string name;
    for (int i = 0; i != 30000; ++i) name += "\xE2\x82\xAC";
    for (int shift = 0; shift != 3; ++shift) {
        const std::string told =
            plain_text("cannot" + std::string(static_cast<std::size_t>(shift), ' ') + name +
                       ": the rule; the way out");
        BOOST_TEST(told.size() <= 6000u);
        BOOST_TEST(told.substr(0, 6) == "cannot");
        BOOST_TEST(told.substr(told.size() - 12) == " the way out");
        BOOST_TEST(told.find('\\') == told.npos);
        BOOST_TEST(plain_text(told) == told);
    }
}

BOOST_AUTO_TEST_CASE(a_path_with_a_nul_is_refused_with_the_rule) {
    const mlscribe::error failure =
        mlscribe::detail::system_error("cannot read", std::string("a\0b", 3), EINVAL);
    BOOST_TEST((failure.code == mlscribe::error_code::invalid_path));
    BOOST_TEST(failure.message == "cannot read \"a\\x00b\": a path holds no NUL; write it without");
}

BOOST_AUTO_TEST_SUITE_END()
