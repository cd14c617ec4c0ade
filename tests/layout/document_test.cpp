// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/layout/document.hpp>

#include <string>
#include <vector>

using mlscribe::document;
using mlscribe::detail::is_less_integer;
using mlscribe::detail::keep_last_of_each_key;
using mlscribe::detail::order_of_keys;

namespace {

document scalar(document::kind type, const std::string& text) {
    document value;
    value.type = type;
    value.text = text;
    return value;
}

document map_of(document::kind type, const std::vector<std::string>& keys) {
    document map;
    map.type = document::kind::map;
    for (const std::string& key : keys) {
        const std::string position = std::to_string(map.entries.size());
        map.entries.push_back({scalar(type, key), scalar(document::kind::integer, position)});
    }
    return map;
}

std::string sorted(document::kind type, const std::vector<std::string>& keys) {
    const document map = map_of(type, keys);
    std::string all;
    for (const std::size_t at : order_of_keys(map)) all += map.entries[at].key.text + ' ';
    return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(layout_document)

BOOST_AUTO_TEST_CASE(integers_by_value) {
    BOOST_TEST(is_less_integer("9", "10"));
    BOOST_TEST(is_less_integer("-10", "-9"));
    BOOST_TEST(is_less_integer("-1", "0"));
    BOOST_TEST(!is_less_integer("0", "-1"));
    BOOST_TEST(!is_less_integer("-9", "-9"));
    BOOST_TEST(!is_less_integer("7", "7"));
    BOOST_TEST(is_less_integer("9223372036854775807", "18446744073709551615"));
}

BOOST_AUTO_TEST_CASE(keys_as_python_sorts_them) {
    using kind = document::kind;
    BOOST_TEST(sorted(kind::text, {"b", "a10", "a9", "\xC3\xBC", "Z", ""}) ==
               " Z a10 a9 b \xC3\xBC ");
    BOOST_TEST(sorted(kind::integer, {"10", "9", "-3", "-20"}) == "-20 -3 9 10 ");
    BOOST_TEST(sorted(kind::real, {"10.0", "2.5", "-1e+300"}) == "-1e+300 2.5 10.0 ");
}

BOOST_AUTO_TEST_CASE(the_last_of_a_key_at_the_place_of_the_first) {
    document map = map_of(document::kind::text, {"b", "a", "b", "c", "a", "b"});
    keep_last_of_each_key(map);
    std::string all;
    for (const auto& entry : map.entries) all += entry.key.text + entry.value.text;
    BOOST_TEST(all == "b5a4c3");
}

BOOST_AUTO_TEST_SUITE_END()
