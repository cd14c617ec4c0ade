// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/model/git_changes.hpp>

#include <string>
#include <vector>

#include "git_sandbox.hpp"

using mlscribe::detail::git_untracked;
using mlscribe::detail::program_bounds;

BOOST_AUTO_TEST_SUITE(model_git_changes, *boost::unit_test::precondition(test::has_git))

BOOST_AUTO_TEST_CASE(untracked_names_are_whole_also_where_they_are_cut) {
    const test::git_sandbox box;
    box.write("a b\n\"c\".cpp", "");
    box.write("src/loose.cpp", "");
    box.write("z.cpp", "");
    program_bounds bounds;
    std::string failure;
    const std::vector<std::string> all = {"a b\n\"c\".cpp", "src/loose.cpp", "z.cpp"};
    BOOST_TEST(git_untracked(box.path(), bounds, failure) == all, boost::test_tools::per_element());
    BOOST_TEST(failure == "");
    bounds.bytes = 20;
    const std::vector<std::string> first = {"a b\n\"c\".cpp"};
    BOOST_TEST(git_untracked(box.path(), bounds, failure) == first,
               boost::test_tools::per_element());
    BOOST_TEST(failure == "cut after 20 bytes");
}

BOOST_AUTO_TEST_SUITE_END()
