// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/reflect/document_of.hpp>
#include <mlscribe/table/cell_text.hpp>

#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace {

template <class T>
std::string cell(const T& value) {
    std::string out;
    mlscribe::detail::append_cell(out, mlscribe::document_of(value));
    return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(table_cell_text)

// What pandas writes for the same values.
BOOST_AUTO_TEST_CASE(numbers_are_spelled_as_pandas_does) {
    BOOST_TEST(cell(1.0) == "1.0");
    BOOST_TEST(cell(0.00001) == "0.00001");
    BOOST_TEST(cell(-1.5e-7) == "-0.00000015");
    BOOST_TEST(cell(1e-10) == "0.0000000001");
    BOOST_TEST(cell(1e17) == "1e+17");
    BOOST_TEST(cell(1e15) == "1000000000000000.0");
    BOOST_TEST(cell(1e300) == "1e+300");
    BOOST_TEST(cell(std::numeric_limits<long long>::min()) == "-9223372036854775808");
    BOOST_TEST(cell(std::numeric_limits<unsigned long long>::max()) == "18446744073709551615");
    BOOST_TEST(cell(true) == "true");
}

BOOST_AUTO_TEST_CASE(no_digit_is_lost) {
    BOOST_TEST(cell(0.1 + 0.2) == "0.30000000000000004");
    BOOST_TEST(cell(1.2345678901234568e-15) == "0.0000000000000012345678901234568");
    BOOST_TEST(cell(1e-16) == "1e-16");
    BOOST_TEST(cell(5e-324) == "5e-324");
    BOOST_TEST(cell(-0.0) == "-0.0");
    BOOST_TEST(cell(0.1f) == "0.1");
}

BOOST_AUTO_TEST_CASE(what_is_no_number_is_null) {
    BOOST_TEST(cell(std::nan("")) == "null");
    BOOST_TEST(cell(-std::numeric_limits<double>::infinity()) == "null");
    BOOST_TEST(cell(std::optional<int>()) == "null");
    BOOST_TEST(cell(std::vector<double>{0.5, std::nan("")}) == "[0.5,null]");
}

BOOST_AUTO_TEST_CASE(texts_are_escaped_as_pandas_does) {
    BOOST_TEST(cell("a/b\"\\\n\t\x01\x7F") == "\"a\\/b\\\"\\\\\\n\\t\\u0001\x7F\"");
    BOOST_TEST(cell("\xC3\xA9\xF0\x9F\x98\x80\xE2\x80\xA8") == R"("\u00e9\ud83d\ude00\u2028")");
    BOOST_TEST(cell("</script>") == R"("<\/script>")");
    BOOST_TEST(cell("\xFF") == R"("\ufffd")");
}

BOOST_AUTO_TEST_CASE(lists_and_maps_are_json_without_blanks) {
    const std::map<std::string, std::vector<int>> value = {{"a/b", {1, 2}}, {"c", {}}};
    BOOST_TEST(cell(value) == R"({"a\/b":[1,2],"c":[]})");
}

BOOST_AUTO_TEST_SUITE_END()
