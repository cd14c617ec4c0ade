// SPDX-License-Identifier: MIT
#include <mlscribe/reflect/python_quote.hpp>

#include <boost/test/unit_test.hpp>
#include <string>
#include <string_view>

namespace {

std::string quoted(std::string_view text) {
    std::string out;
    mlscribe::detail::append_quoted(out, text);
    return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(reflect_python_quote)

BOOST_AUTO_TEST_CASE(the_quote_is_chosen_as_python_does) {
    BOOST_TEST(quoted("") == "''");
    BOOST_TEST(quoted("plain") == "'plain'");
    BOOST_TEST(quoted("it's") == "\"it's\"");
    BOOST_TEST(quoted("say \"x\"") == "'say \"x\"'");
    BOOST_TEST(quoted("it's \"x\"") == "'it\\'s \"x\"'");
}

BOOST_AUTO_TEST_CASE(escapes) {
    BOOST_TEST(quoted("a\\b") == "'a\\\\b'");
    BOOST_TEST(quoted("\n\r\t") == "'\\n\\r\\t'");
    BOOST_TEST(quoted(std::string_view("\0", 1)) == "'\\x00'");
    BOOST_TEST(quoted("\x1b\x7f") == "'\\x1b\\x7f'");
    BOOST_TEST(quoted("\a\b\v\f") == "'\\x07\\x08\\x0b\\x0c'");
}

BOOST_AUTO_TEST_CASE(unicode_stays_where_it_can_be_seen) {
    BOOST_TEST(quoted("Größe 学習 🚀") == "'Größe 学習 🚀'");
    BOOST_TEST(quoted("\u00a0") == "'\\xa0'");
    BOOST_TEST(quoted("\u0085") == "'\\x85'");
    BOOST_TEST(quoted("\u200b") == "'\\u200b'");
    BOOST_TEST(quoted("\u2028") == "'\\u2028'");
    BOOST_TEST(quoted("\ufeff") == "'\\ufeff'");
    BOOST_TEST(quoted("\ue000") == "'\\ue000'");
    BOOST_TEST(quoted("\U000e0001") == "'\\U000e0001'");
    BOOST_TEST(quoted("\U0010ffff") == "'\\U0010ffff'");
}

BOOST_AUTO_TEST_CASE(bytes_that_are_not_utf8_are_shown_as_bytes) {
    BOOST_TEST(quoted("a\xff") == "'a\\xff'");
    BOOST_TEST(quoted("\xc3") == "'\\xc3'");
    BOOST_TEST(quoted("\xed\xa0\x80") == "'\\xed\\xa0\\x80'");
}

BOOST_AUTO_TEST_CASE(appends) {
    std::string out = "[";
    mlscribe::detail::append_quoted(out, "a");
    BOOST_TEST(out == "['a'");
}

BOOST_AUTO_TEST_SUITE_END()
