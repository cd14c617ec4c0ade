// SPDX-License-Identifier: MIT
#include <mlscribe/config/environment_variables.hpp>

#include <boost/test/unit_test.hpp>

#include <string_view>

#include "environment.hpp"

BOOST_AUTO_TEST_SUITE(config_environment_variables)

BOOST_AUTO_TEST_CASE(each_is_seen_once) {
    const test::variable set("MLSCRIBE_TEST_VARIABLE", "a=b");
    int seen = 0;
    mlscribe::detail::for_each_environment_variable([&seen](std::string_view variable) {
        seen += variable == "MLSCRIBE_TEST_VARIABLE=a=b" ? 1 : 0;
    });
    BOOST_TEST(seen == 1);
}

BOOST_AUTO_TEST_SUITE_END()
