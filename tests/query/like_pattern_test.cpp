// SPDX-License-Identifier: MIT
#include <mlscribe/query/like_pattern.hpp>

#include <boost/test/unit_test.hpp>
#include <string>

using mlscribe::detail::matches_like;

namespace {

bool like(std::string_view text, std::string_view pattern) {
    return matches_like(text, pattern, false);
}
bool ilike(std::string_view text, std::string_view pattern) {
    return matches_like(text, pattern, true);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(query_like_pattern)

BOOST_AUTO_TEST_CASE(any_characters_and_one) {
    BOOST_TEST(like("adam", "adam"));
    BOOST_TEST(!like("adamw", "adam"));
    BOOST_TEST(like("adamw", "adam%"));
    BOOST_TEST(like("my adam", "%adam"));
    BOOST_TEST(!like("my adamw", "%adam"));
    BOOST_TEST(like("a-b-c", "a%b%c"));
    BOOST_TEST(like("abab", "%ab"));
    BOOST_TEST(!like("ab", "a_b"));
    BOOST_TEST(like("日本", "__"));
    BOOST_TEST(like("", "%"));
    BOOST_TEST(like("", ""));
    BOOST_TEST(!like("", "_"));
}

BOOST_AUTO_TEST_CASE(nothing_is_special_but_these) {
    BOOST_TEST(!like("aXb", "a.b"));
    BOOST_TEST(like("a.b*[c]", "a.b*[c]"));
    BOOST_TEST(like(R"(a\xb)", R"(a\%b)"));
    BOOST_TEST(!like("a%b", R"(a\%b)"));
}

BOOST_AUTO_TEST_CASE(line_feeds_as_in_a_regular_expression) {
    BOOST_TEST(!like("a\nb", "a%b"));
    BOOST_TEST(!like("a\nb", "a_b"));
    BOOST_TEST(like("a\nb", "a\nb"));
    BOOST_TEST(like("a\nb", "a%"));
    BOOST_TEST(like("a\n", "a"));
    BOOST_TEST(!like("a\n\n", "a"));
    BOOST_TEST(!like("\na", "%a"));
}

BOOST_AUTO_TEST_CASE(letters_of_any_case) {
    BOOST_TEST(!like("Adam", "adam"));
    BOOST_TEST(ilike("Adam", "aDAM"));
    BOOST_TEST(ilike("Über", "ü%"));
    BOOST_TEST(!ilike("Straße", "STRASSE"));
    BOOST_TEST(ilike("STRAẞE", "straße"));
    BOOST_TEST(ilike("σς", "ΣΣ"));
    BOOST_TEST(ilike("\u212A", "k"));
    BOOST_TEST(ilike("İ", "ı"));
    BOOST_TEST(ilike("\U00010400", "\U00010428"));
    BOOST_TEST(!ilike("日", "本"));
}

BOOST_AUTO_TEST_CASE(many_stars_take_no_time) {
    const std::string text(20000, 'a');
    std::string pattern;
    for (int i = 0; i < 50; ++i) pattern += "%a";
    BOOST_TEST(like(text, pattern));
    BOOST_TEST(!like(text, pattern + 'b'));
}

BOOST_AUTO_TEST_SUITE_END()
