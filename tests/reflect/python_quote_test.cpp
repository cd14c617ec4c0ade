// SPDX-License-Identifier: MIT
#include <mlscribe/reflect/python_quote.hpp>

#include <boost/test/unit_test.hpp>
#include <cstdint>
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

BOOST_AUTO_TEST_CASE(the_borders_of_what_can_be_seen) {
    using mlscribe::detail::is_printable;
    for (const std::uint32_t hidden :
         {0x00u,    0x1Fu,    0x7Fu,    0xA0u,     0xADu,    0x600u,   0x605u,   0x61Cu,
          0x6DDu,   0x70Fu,   0x890u,   0x891u,    0x8E2u,   0x1680u,  0x180Eu,  0x2000u,
          0x200Fu,  0x2028u,  0x202Fu,  0x205Fu,   0x206Fu,  0x3000u,  0xE000u,  0xF8FFu,
          0xFEFFu,  0xFFF9u,  0xFFFBu,  0xFFFEu,   0xFFFFu,  0x110BDu, 0x110CDu, 0x13430u,
          0x13438u, 0x1BCA0u, 0x1BCA3u, 0x1D173u,  0x1D17Au, 0xE0001u, 0xE0020u, 0xE007Fu,
          0xF0000u, 0xFFFFDu, 0xFFFFFu, 0x100000u, 0x10FFFFu}) {
        BOOST_TEST(!is_printable(hidden), hidden);
    }
    for (const std::uint32_t seen :
         {0x20u,    0x7Eu,    0xA1u,    0xACu,    0xAEu,    0x606u,   0x61Bu,  0x61Eu,
          0x6DCu,   0x6DEu,   0x70Du,   0x710u,   0x88Eu,   0x898u,   0x8E1u,  0x8E3u,
          0x167Fu,  0x1681u,  0x180Du,  0x1810u,  0x2010u,  0x2027u,  0x2030u, 0x205Eu,
          0x2070u,  0x2FFBu,  0x3001u,  0xF900u,  0xFE74u,  0xFF01u,  0xFFFCu, 0xFFFDu,
          0x110BCu, 0x110BEu, 0x1BC9Fu, 0x1D172u, 0x1D17Bu, 0xE0100u, 0x1F680u}) {
        BOOST_TEST(is_printable(seen), seen);
    }
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
