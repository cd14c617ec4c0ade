// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>
#include <mlscribe/layout/utf8.hpp>
#include <string>
#include <string_view>

namespace utf8 = mlscribe::utf8;
using namespace std::string_literals;
using namespace std::string_view_literals;

BOOST_AUTO_TEST_SUITE(layout_utf8)

BOOST_AUTO_TEST_CASE(valid_text_is_left_alone) {
    const std::string text =
        "a\xC3\xBC\xE6\x90\x8D\xF0\x9F\x98\x80\xF4\x8F\xBF\xBF\xEF\xBF\xBD\xED\x9F\xBF\xEE\x80\x80\0z"s;
    BOOST_TEST(utf8::is_valid(text));
    BOOST_TEST(utf8::repaired(text) == text);
    BOOST_TEST(utf8::length(text) == 10u);
    BOOST_TEST(utf8::is_valid(""));
    BOOST_TEST(utf8::length("") == 0u);
}

// What CPython's bytes.decode("utf-8", "replace") gives.
BOOST_AUTO_TEST_CASE(repairs_each_maximal_subpart) {
    const struct {
        std::string_view bytes, expected;
    } cases[] = {
        {"a\xFFz", "a?z"},             // never a lead byte
        {"\x80\x80", "??"},            // stray continuations
        {"\xC0\x80", "??"},            // overlong NUL
        {"\xC1\xBF", "??"},            // overlong DEL
        {"\xE0\x80\x80", "???"},       // overlong, three bytes
        {"\xE0\x9F\xBF", "???"},       //
        {"\xF0\x8F\xBF\xBF", "????"},  // overlong, four bytes
        {"\xED\xA0\x80", "???"},       // high surrogate
        {"\xED\xBF\xBF", "???"},       // low surrogate
        {"\xF4\x90\x80\x80", "????"},  // U+110000
        {"\xF5\x80\x80\x80", "????"},  //
        {"caf\xC3", "caf?"},           // cut at the end: one each
        {"\xE6\x90", "?"},             //
        {"\xF0\x9F\x98", "?"},         //
        {"\xF0\x9F\x98z", "?z"},       //
        {"\xE6\x90\xE6\x90\x8D", "?\xE6\x90\x8D"},
        {"\xF1\x80\x80\xE1\x80\xC2"
         "b",
         "???b"},
    };
    for (const auto& [bytes, expected] : cases) {
        std::string wanted;
        for (const char c : expected) wanted += c == '?' ? "\xEF\xBF\xBD"s : std::string(1, c);
        BOOST_TEST(utf8::repaired(bytes) == wanted);
        BOOST_TEST(!utf8::is_valid(bytes));
        BOOST_TEST(utf8::is_valid(utf8::repaired(bytes)));
        BOOST_TEST(utf8::length(bytes) == utf8::length(wanted));
    }
}

BOOST_AUTO_TEST_CASE(every_code_point_survives_and_no_surrogate_does) {
    for (char32_t code = 0; code < 0x110000; ++code) {
        std::string text;
        utf8::append(text, code);
        const utf8::step step = utf8::first(text);
        const bool is_surrogate = code >= 0xD800 && code < 0xE000;
        const char32_t expected = is_surrogate ? 0xFFFD : code;
        if (!step.valid || step.size != text.size() || step.code != expected) {
            BOOST_ERROR("U+" << std::hex << static_cast<unsigned long>(code));
        }
    }
    std::string text;
    utf8::append(text, 0x110000);
    BOOST_TEST(text == "\xEF\xBF\xBD");
}

BOOST_AUTO_TEST_CASE(cuts_on_a_code_point) {
    const std::string_view text = "a\xC3\xBC\xF0\x9F\x98\x80z";
    BOOST_TEST(utf8::prefix(text, 0) == ""sv);
    BOOST_TEST(utf8::prefix(text, 1) == "a"sv);
    BOOST_TEST(utf8::prefix(text, 2) == "a\xC3\xBC"sv);
    BOOST_TEST(utf8::prefix(text, 3) == "a\xC3\xBC\xF0\x9F\x98\x80"sv);
    BOOST_TEST(utf8::prefix(text, 4) == text);
    BOOST_TEST(utf8::prefix(text, 99) == text);
    BOOST_TEST(utf8::prefix("\xF0\x9F\x98z", 1) == "\xF0\x9F\x98"sv);
}

BOOST_AUTO_TEST_CASE(the_step_can_be_evaluated_by_the_compiler) {
    static_assert(utf8::first("\xC3\xBC").code == 0xFC && utf8::first("\xC3\xBC").size == 2);
    static_assert(utf8::first("").size == 0 && !utf8::first("").valid);
    BOOST_TEST(utf8::first("\xFC").size == 1);
}

BOOST_AUTO_TEST_SUITE_END()
