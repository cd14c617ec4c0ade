// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/layout/key_rules.hpp>
#include <mlscribe/tag/run_name.hpp>

#include <set>
#include <string>

BOOST_AUTO_TEST_SUITE(tag_run_name)

BOOST_AUTO_TEST_CASE(ids_are_random_uuids_of_version_4) {
    std::set<std::string> seen;
    std::set<char> variants;
    for (int i = 0; i < 2000; ++i) {
        const std::string id = mlscribe::detail::random_run_id();
        BOOST_REQUIRE(id.size() == 32u);
        BOOST_REQUIRE(id.find_first_not_of("0123456789abcdef") == std::string::npos);
        BOOST_REQUIRE(id[12] == '4');
        variants.insert(id[16]);
        seen.insert(id);
    }
    BOOST_TEST(seen.size() == 2000u);
    BOOST_TEST(std::string(variants.begin(), variants.end()) == "89ab");
}

BOOST_AUTO_TEST_CASE(names_are_two_words_and_a_number) {
    std::set<std::string> seen;
    for (int i = 0; i < 2000; ++i) {
        const std::string name = mlscribe::detail::random_run_name();
        const std::size_t first = name.find('-');
        const std::size_t second = name.rfind('-');
        BOOST_REQUIRE(first != second);
        BOOST_REQUIRE(name.size() <= 20u);
        BOOST_REQUIRE(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz-0123456789") ==
                      std::string::npos);
        BOOST_REQUIRE(name.find_first_not_of("0123456789", second + 1) == std::string::npos);
        seen.insert(name);
    }
    BOOST_TEST(seen.size() > 1950u);
}

BOOST_AUTO_TEST_SUITE_END()
