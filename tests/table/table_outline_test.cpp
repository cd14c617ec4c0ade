// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/table/table_outline.hpp>

#include <cstdint>
#include <string>
#include <vector>

using mlscribe::detail::byte_window;
using mlscribe::detail::table_outline;

namespace {

/// The rows of a table, or "refused".
std::string rows(const std::string& text, std::vector<std::string>* columns = nullptr) {
    byte_window bytes(text);
    table_outline found;
    if (!mlscribe::detail::read_table_outline(bytes, found)) return "refused";
    if (columns != nullptr) *columns = found.columns;
    return text.substr(found.rows_begin, found.rows_end - found.rows_begin);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(table_table_outline)

BOOST_AUTO_TEST_CASE(columns_and_rows_are_found) {
    std::vector<std::string> columns;
    BOOST_TEST(rows(R"({"columns":["a","b\/\u00fc"],"data":[[1,"]}"],[2,null]]})", &columns) ==
               R"([1,"]}"],[2,null])");
    BOOST_TEST(columns == (std::vector<std::string>{"a", "b/\xC3\xBC"}),
               boost::test_tools::per_element());
    BOOST_TEST(rows(R"({"columns":[0],"data":[]})", &columns) == "");
    BOOST_TEST(columns.at(0) == "0");
    BOOST_TEST(rows(" { \"columns\" : [ \"a\" ] ,\n\"data\" : [ [ 1 ] ] } \n") == " [ 1 ]");
    BOOST_TEST(rows(R"({"columns":[],"data":[]})") == "");
}

BOOST_AUTO_TEST_CASE(a_head_of_any_length_is_read) {
    std::string text = R"({"columns":[)";
    for (int i = 0; i < 20000; ++i) text += '"' + std::to_string(i) + "\",";
    text += R"("last"],"data":[[1]]})";
    std::vector<std::string> columns;
    BOOST_TEST(rows(text, &columns) == "[1]");
    BOOST_TEST(columns.size() == 20001u);
}

BOOST_AUTO_TEST_CASE(what_is_no_table_is_refused) {
    const std::string table = R"({"columns":["a"],"data":[[1]]})";
    for (std::size_t length = 0; length < table.size(); ++length) {
        BOOST_TEST(rows(table.substr(0, length)) == "refused", length);
    }
    for (const std::string text :
         {R"([1])", R"({"columns":["a"],"index":[0],"data":[[1]]})", R"({"data":[],"columns":[]})",
          R"({"columns":["a"],"data":[1]})", R"({"columns":[["a"]],"data":[[1]]})",
          R"({"columns":["a"],"data":[[1]]}})", R"({"columns":["a"],"data":[[1]})"}) {
        BOOST_TEST(rows(text) == "refused", text);
    }
}

BOOST_AUTO_TEST_SUITE_END()
