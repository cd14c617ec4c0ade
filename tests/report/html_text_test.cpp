// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/report/html_text.hpp>

#include <string>

using mlscribe::detail::html_front;
using mlscribe::detail::html_text;

BOOST_AUTO_TEST_SUITE(report_html_text)

BOOST_AUTO_TEST_CASE(nothing_ends_an_element_or_an_attribute) {
    BOOST_TEST(html_text("<script>alert(\"1\" & '2')</script>") ==
               "&lt;script&gt;alert(&quot;1&quot; &amp; &#39;2&#39;)&lt;/script&gt;");
    BOOST_TEST(html_text("日本 \xF0\x9F\x98\x80\n\t") == "日本 \xF0\x9F\x98\x80\n\t");
}

BOOST_AUTO_TEST_CASE(what_is_not_seen_becomes_visible) {
    BOOST_TEST(html_text(std::string("a\0b\x1b\x7f", 5)) == "a\u2400b\u241B\u2421");
    BOOST_TEST(html_text("\xFF\xC3|\xE2\x80\xAE|\xC2\x85|\xEF\xBF\xBF") ==
               "\uFFFD\uFFFD|\uFFFD|\uFFFD|\uFFFD");
}

BOOST_AUTO_TEST_CASE(a_long_text_is_cut_between_characters) {
    BOOST_TEST(html_front("äöü", 3) == "äöü");
    BOOST_TEST(html_front("äö<", 2) == "äö\u2026");
}

BOOST_AUTO_TEST_SUITE_END()
