// SPDX-License-Identifier: MIT
#include <mlscribe/query/python_list.hpp>

#include <boost/test/unit_test.hpp>
#include <string>
#include <string_view>
#include <vector>

using texts = std::vector<std::string>;

namespace {

texts read(std::string_view text) {
    texts items;
    BOOST_TEST(mlscribe::detail::read_python_list(text, items), text);
    return items;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(query_python_list)

BOOST_AUTO_TEST_CASE(items_and_blanks) {
    BOOST_TEST(read("'a'") == texts{"a"}, boost::test_tools::per_element());
    BOOST_TEST(read("'a', \"b\" ,\n'c',") == (texts{"a", "b", "c"}),
               boost::test_tools::per_element());
    BOOST_TEST(read("'', ' '") == (texts{"", " "}), boost::test_tools::per_element());
    BOOST_TEST(read("'it''s' \"x\"") == texts{"itsx"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(escapes) {
    BOOST_TEST(read(R"('\'\"\\\a\b\f\n\r\t\v')").front() == "'\"\\\a\b\f\n\r\t\v");
    BOOST_TEST(read(R"('\x41\u00e9\U0001F600')").front() == "A\u00e9\U0001F600");
    BOOST_TEST(read(R"('\101\1018\7')").front() == "AA8\x07");
    BOOST_TEST(read(R"('\777')").front() == "\u01FF");
    BOOST_TEST(read(R"('\d\%')").front() == R"(\d\%)");
    BOOST_TEST(read("'a\\\nb\\\r\nc'").front() == "abc");
    // Half of a surrogate pair equals no text, not even U+FFFD.
    BOOST_TEST(read(R"('\ud83d')").front() != "\uFFFD");
}

BOOST_AUTO_TEST_CASE(what_is_no_list_of_texts) {
    for (const char* const text :
         {"", " ", ",", "'a',,", "1", "a", "'a' 1", "'a", "'a\nb'", "('a')", "r'a'", "'''a'''",
          R"('\x4')", R"('\u00e')", R"('\U00110000')", R"('\N{DIGIT ONE}')", R"('\)", "'a' # b"}) {
        texts items;
        BOOST_TEST(!mlscribe::detail::read_python_list(text, items), text);
    }
    texts items;
    BOOST_TEST(!mlscribe::detail::read_python_list(std::string_view("'a\0'", 4), items));
}

BOOST_AUTO_TEST_SUITE_END()
