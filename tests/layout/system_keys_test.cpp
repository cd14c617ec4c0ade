// SPDX-License-Identifier: MIT
#include <mlscribe/layout/system_keys.hpp>

#include <boost/test/unit_test.hpp>

using mlscribe::detail::prefixed_key;

BOOST_AUTO_TEST_SUITE(layout_system_keys)

BOOST_AUTO_TEST_CASE(a_prefix_stands_behind_system) {
    BOOST_TEST(prefixed_key("rank_1/", "loss") == "rank_1/loss");
    BOOST_TEST(prefixed_key("rank_1/", "system/cpu") == "system/rank_1/cpu");
    BOOST_TEST(prefixed_key("rank_1/", "system/node-3/cpu") == "system/rank_1/node-3/cpu");
    BOOST_TEST(prefixed_key("rank_1/", "system") == "rank_1/system");
    BOOST_TEST(prefixed_key("rank_1/", "systems/cpu") == "rank_1/systems/cpu");
    BOOST_TEST(prefixed_key("", "system/cpu") == "system/cpu");
    BOOST_TEST(mlscribe::detail::without_system("system/rank_1/cpu") == "rank_1/cpu");
    BOOST_TEST(mlscribe::detail::without_system("loss") == "loss");
}

BOOST_AUTO_TEST_SUITE_END()
