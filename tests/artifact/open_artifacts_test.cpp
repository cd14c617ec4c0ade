// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/artifact/open_artifacts.hpp>

#include <string>

#include "scratch_directory.hpp"

using mlscribe::detail::artifact_file;
using mlscribe::detail::directory;

BOOST_AUTO_TEST_SUITE(artifact_open_artifacts)

BOOST_AUTO_TEST_CASE(known_until_removed) {
    const test::scratch_directory scratch;
    directory run;
    BOOST_REQUIRE_EQUAL(directory::open(scratch.path(), run), 0);
    artifact_file first(run, "same");
    artifact_file second(run, "same");
    BOOST_REQUIRE(!first.open());
    BOOST_REQUIRE(!second.open());
    mlscribe::detail::open_artifacts open;
    open.add(first);
    open.add(second);
    open.remove(first);
    open.remove(first);
    BOOST_REQUIRE(open.all().size() == 1u);
    BOOST_TEST(open.all()[0].path == "same");
    BOOST_TEST(test::exists(scratch / open.all()[0].staged_name));
    open.remove(second);
    BOOST_TEST(open.all().empty());
}

BOOST_AUTO_TEST_SUITE_END()
