// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/layout/yaml_text.hpp>

#include <string>
#include <utility>
#include <vector>

#include "layout/scalar_document.hpp"

using mlscribe::document;
using mlscribe::yaml_text;
using test::scalar;
using kind = mlscribe::document::kind;

namespace {

document map_of(const std::vector<std::pair<std::string, document>>& entries) {
    document map = scalar(kind::map);
    for (const auto& entry : entries) {
        map.entries.push_back({scalar(kind::text, entry.first), entry.second});
    }
    return map;
}

document list_of(const std::vector<document>& items) {
    document list = scalar(kind::list);
    list.items = items;
    return list;
}

std::string in_map(const std::string& text) {
    return yaml_text(map_of({{"k", scalar(kind::text, text)}}));
}

std::string repeated(const std::string& part, int times) {
    std::string all;
    for (int i = 0; i < times; ++i) all += part;
    return all;
}

}  // namespace

// What is expected here is what PyYAML 6 wrote.
BOOST_AUTO_TEST_SUITE(layout_yaml_text)

BOOST_AUTO_TEST_CASE(scalars) {
    BOOST_TEST(yaml_text(scalar(kind::null)) == "null\n...\n");
    BOOST_TEST(yaml_text(scalar(kind::text, "a")) == "a\n...\n");
    BOOST_TEST(yaml_text(scalar(kind::text, "1")) == "'1'\n");
    BOOST_TEST(yaml_text(list_of({scalar(kind::boolean, "true"), scalar(kind::integer, "-3"),
                                  scalar(kind::real, "1e+16"), scalar(kind::real, "1.5e-07"),
                                  scalar(kind::real, "nan"), scalar(kind::real, "-inf")})) ==
               "- true\n- -3\n- 1.0e+16\n- 1.5e-07\n- .nan\n- -.inf\n");
}

BOOST_AUTO_TEST_CASE(collections) {
    BOOST_TEST(yaml_text(scalar(kind::map)) == "{}\n");
    BOOST_TEST(yaml_text(scalar(kind::list)) == "[]\n");
    const document one = scalar(kind::integer, "1");
    const document inner = list_of({one, list_of({one, map_of({{"x", list_of({})}})}), map_of({})});
    BOOST_TEST(yaml_text(map_of({{"b", inner}, {"a", map_of({{"n", one}})}})) ==
               "a:\n  n: 1\nb:\n- 1\n- - 1\n  - x: []\n- {}\n");
}

BOOST_AUTO_TEST_CASE(keys) {
    BOOST_TEST(yaml_text(map_of({{"", scalar(kind::text)}})) == "? ''\n: ''\n");
    BOOST_TEST(yaml_text(map_of({{"nl\n", list_of({scalar(kind::null)})}})) ==
               "? 'nl\n\n  '\n: - null\n");
    const std::string long_key(123, 'k');
    BOOST_TEST(yaml_text(map_of({{long_key, scalar(kind::null)}})) ==
               "? " + long_key + "\n: null\n");
    BOOST_TEST(yaml_text(map_of({{long_key.substr(1), scalar(kind::null)}})) ==
               long_key.substr(1) + ": null\n");
    document numbers = scalar(kind::map);
    numbers.entries.push_back({scalar(kind::integer, "10"), scalar(kind::null)});
    numbers.entries.push_back({scalar(kind::integer, "9"), scalar(kind::null)});
    BOOST_TEST(yaml_text(numbers) == "9: null\n10: null\n");
}

BOOST_AUTO_TEST_CASE(quotes) {
    BOOST_TEST(in_map("it's") == "k: it's\n");
    BOOST_TEST(in_map("yes") == "k: 'yes'\n");
    BOOST_TEST(in_map("a: 'b'") == "k: 'a: ''b'''\n");
    BOOST_TEST(in_map("a\n\nb") == "k: 'a\n\n\n  b'\n");
    BOOST_TEST(in_map("a \nb") == "k: \"a \\nb\"\n");
    BOOST_TEST(in_map("\xC3\xBC\t\xE2\x98\x83\xF0\x9F\x98\x80\xC2\x85") ==
               "k: \"\\xFC\\t\\u2603\\U0001F600\\N\"\n");
    BOOST_TEST(in_map("a\xFF") == "k: \"a\\uFFFD\"\n");
}

BOOST_AUTO_TEST_CASE(long_texts_are_folded_behind_column_80) {
    BOOST_TEST(in_map(repeated("w ", 45) + "e") ==
               "k: " + repeated("w ", 39) + "w\n  " + repeated("w ", 5) + "e\n");
    BOOST_TEST(in_map("- " + repeated("w ", 45) + "e") ==
               "k: '- " + repeated("w ", 37) + "w\n  " + repeated("w ", 7) + "e'\n");
    BOOST_TEST(in_map("\x01 " + repeated("w ", 45) + "e") ==
               "k: \"\\x01 " + repeated("w ", 36) + "w\\\n  \\ " + repeated("w ", 8) + "e\"\n");
    BOOST_TEST(in_map(std::string(100, 'x')) == "k: " + std::string(100, 'x') + "\n");
}

BOOST_AUTO_TEST_SUITE_END()
