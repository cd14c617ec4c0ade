// SPDX-License-Identifier: MIT
#include <mlscribe/query/filter_word.hpp>

#include <boost/test/unit_test.hpp>
#include <string>
#include <string_view>

using mlscribe::detail::filter_word;
using mlscribe::detail::filter_words;

namespace {

/// The words of a filter, each behind a letter for its kind.
std::string split(std::string_view filter) {
    std::string shown;
    filter_words words(filter);
    for (filter_word word = words.take(); word.what != filter_word::kind::end;
         word = words.take()) {
        if (!shown.empty()) shown += ' ';
        shown += "nrsqwdc.(),?"[static_cast<int>(word.what)];
        shown += ':';
        shown += word.text;
    }
    return shown;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(query_filter_word)

BOOST_AUTO_TEST_CASE(names_and_what_is_none) {
    BOOST_TEST(split("metrics.loss<1") == "n:metrics .:. n:loss c:< w:1");
    BOOST_TEST(split("`a b` \"c d\" 'e f'") == "n:`a b` s:\"c d\" q:'e f'");
    BOOST_TEST(split("größe.日本_1") == "n:größe .:. n:日本_1");
    BOOST_TEST(split("(a, b)") == "(:( n:a ,:, n:b ):)");
    BOOST_TEST(split("a;b") == "n:a ?:; n:b");
    BOOST_TEST(split("") == "");
    BOOST_TEST(split(" \n\xC2\xA0") == "");
}

BOOST_AUTO_TEST_CASE(words_that_are_never_names) {
    BOOST_TEST(split("params.in params.In_x") == "n:params .:. r:in n:params .:. n:In_x");
    BOOST_TEST(split("case VALUES using From as") == "r:case r:VALUES r:using r:From r:as");
    BOOST_TEST(split("params.`in`") == "n:params .:. n:`in`");
}

BOOST_AUTO_TEST_CASE(comparisons) {
    BOOST_TEST(split("a<=b !=c") == "n:a c:<= n:b c:!= n:c");
    BOOST_TEST(split("a like b NOT  ILike c") == "n:a c:like n:b c:NOT  ILike n:c");
    BOOST_TEST(split("a LIKE'x'") == "n:a c:LIKE q:'x'");
    BOOST_TEST(split("params.like like.a notlike") ==
               "n:params .:. n:like n:like .:. n:a n:notlike");
}

BOOST_AUTO_TEST_CASE(numbers_before_letters) {
    BOOST_TEST(split("1 -2 007 12.5 -.5 5. 1e5 -1.5E-7") ==
               "w:1 w:-2 w:007 d:12.5 d:-.5 d:5. d:1e5 d:-1.5E-7");
    BOOST_TEST(split("1abc .1abc") == "n:1abc .:. n:1abc");
    BOOST_TEST(split("12abc") == "w:1 n:2abc");
    BOOST_TEST(split(".12abc") == ".:. w:1 n:2abc");
    BOOST_TEST(split("1.25x") == "w:1 .:. w:2 n:5x");
    BOOST_TEST(split("1e5AND") == "d:1e5 n:AND");
    BOOST_TEST(split("0x1f 0xg") == "?:0x1f n:0xg");
    BOOST_TEST(split("1e+5") == "n:1e ?:+ w:5");
    BOOST_TEST(split("a.0.b") == "n:a d:.0 .:. n:b");
    BOOST_TEST(split("--1") == "?:- w:-1");
}

BOOST_AUTO_TEST_CASE(quotes_inside_quotes) {
    BOOST_TEST(split("'it''s' x") == "q:'it''s' n:x");
    BOOST_TEST(split(R"('it\'s' x)") == R"(q:'it\'s' n:x)");
    BOOST_TEST(split(R"('a\\' x')") == R"(q:'a\\' x')");
    BOOST_TEST(split("`a``b` x") == "n:`a``b` n:x");
    BOOST_TEST(split(R"(`a\` x)") == R"(n:`a\` n:x)");
    // Where no other quote is left to end with, it ends at one of a pair.
    BOOST_TEST(split("'a'' b") == "q:'a' ?:' n:b");
    BOOST_TEST(split(R"('a\' b)") == R"(q:'a\' n:b)");
    BOOST_TEST(split("'a b") == "?:' n:a n:b");
}

BOOST_AUTO_TEST_CASE(where_words_stand) {
    filter_words words("a  <= 'b'");
    const filter_word first = words.take();
    const filter_word second = words.take();
    const filter_word third = words.take();
    BOOST_TEST(first.position == 0u);
    BOOST_TEST(!first.spaced);
    BOOST_TEST(second.position == 3u);
    BOOST_TEST(second.spaced);
    BOOST_TEST(words.between(second, third) == "<= 'b'");
    BOOST_TEST(words.next().position == 9u);
    BOOST_TEST(first.is("A"));
    BOOST_TEST(!third.is("'B'"));
}

BOOST_AUTO_TEST_SUITE_END()
