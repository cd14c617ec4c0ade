// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/artifact/open_artifacts.hpp>

#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(artifact_open_artifacts)

BOOST_AUTO_TEST_CASE(told_until_removed) {
    mlscribe::detail::open_artifacts open;
    const std::string first = "same";
    const std::string second = "same";
    open.add(&first);
    open.add(&second);
    open.remove(&first);
    open.remove(&first);
    BOOST_TEST(open.paths() == std::vector<std::string>{"same"}, boost::test_tools::per_element());
    open.remove(&second);
    BOOST_TEST(open.paths().empty());
}

BOOST_AUTO_TEST_SUITE_END()
