// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/config/process_space.hpp>

#include <sys/stat.h>

#include <string>

#include "scratch_directory.hpp"

BOOST_AUTO_TEST_SUITE(config_process_space)

BOOST_AUTO_TEST_CASE(the_beginning_of_a_file) {
    const test::scratch_directory scratch;
    test::write_file(scratch / "file", std::string(3000, 'x'));
    BOOST_REQUIRE(::mkfifo((scratch / "pipe").c_str(), 0644) == 0);
    BOOST_TEST(mlscribe::detail::first_bytes(scratch / "file") == std::string(1024, 'x'));
    for (const char* const name : {"pipe", "none", ""}) {
        BOOST_TEST(mlscribe::detail::first_bytes(scratch / name) == "", name);
    }
}

BOOST_AUTO_TEST_SUITE_END()
