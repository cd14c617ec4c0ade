// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/error/system_error.hpp>

#include <cerrno>
#include <string>

BOOST_AUTO_TEST_SUITE(error_system_error)

BOOST_AUTO_TEST_CASE(names_the_thing_and_the_systems_words) {
    const mlscribe::error failure =
        mlscribe::detail::system_error("cannot make run", "/data/mlruns", EACCES);
    BOOST_TEST((failure.code == mlscribe::error_code::system));
    BOOST_TEST(failure.system_code == EACCES);
    BOOST_TEST(failure.message == "cannot make run \"/data/mlruns\": Permission denied");
    BOOST_TEST(static_cast<bool>(failure));
    BOOST_TEST(!mlscribe::error{});
}

BOOST_AUTO_TEST_SUITE_END()
