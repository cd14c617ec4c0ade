// SPDX-License-Identifier: MIT
#include <mlscribe/config/host_name.hpp>

#include <boost/test/unit_test.hpp>

#include <unistd.h>

BOOST_AUTO_TEST_SUITE(config_host_name)

BOOST_AUTO_TEST_CASE(is_the_system_s_name_and_looked_up_once) {
    char name[256] = {};
    BOOST_REQUIRE_EQUAL(::gethostname(name, sizeof name - 1), 0);
    BOOST_TEST(mlscribe::detail::host_name() == name);
    BOOST_TEST(&mlscribe::detail::host_name() == &mlscribe::detail::host_name());
}

BOOST_AUTO_TEST_SUITE_END()
