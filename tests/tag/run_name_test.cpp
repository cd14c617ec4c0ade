// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/tag/run_name.hpp>

#include <set>
#include <string>

BOOST_AUTO_TEST_SUITE(tag_run_name)

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
