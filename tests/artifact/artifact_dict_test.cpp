// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/artifact/artifact_dict.hpp>

#include <string>

using mlscribe::detail::dict_text;
using mlscribe::detail::file_ending;

BOOST_AUTO_TEST_SUITE(artifact_artifact_dict)

BOOST_AUTO_TEST_CASE(endings_as_python_splits_them) {
    BOOST_TEST(file_ending("a.yaml") == ".yaml");
    BOOST_TEST(file_ending("d.x/a") == "");
    BOOST_TEST(file_ending("d/.yaml") == "");
    BOOST_TEST(file_ending("..yaml") == "");
    BOOST_TEST(file_ending("d/.e.yml") == ".yml");
    BOOST_TEST(file_ending("a.") == ".");
    BOOST_TEST(file_ending("") == "");
}

BOOST_AUTO_TEST_CASE(yaml_or_json) {
    mlscribe::document map;
    map.type = mlscribe::document::kind::map;
    map.entries.push_back({map, {}});
    map.entries[0].key = {};
    map.entries[0].key.type = mlscribe::document::kind::text;
    map.entries[0].key.text = "k";
    BOOST_TEST(dict_text(map, "a.yaml") == "k: null\n");
    BOOST_TEST(dict_text(map, "a.yml") == "k: null\n");
    for (const std::string path : {"a.json", "a", "a.YAML", ".yaml"}) {
        BOOST_TEST(dict_text(map, path) == "{\n  \"k\": null\n}");
    }
}

BOOST_AUTO_TEST_SUITE_END()
