// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/tag/git_commit.hpp>

#include <string>

#include "git_sandbox.hpp"

using mlscribe::detail::git_commit_reader;

BOOST_AUTO_TEST_SUITE(tag_git_commit)

BOOST_AUTO_TEST_CASE(folders_that_name_each_other_are_looked_into_a_few_times) {
    const test::scratch_directory scratch;
    std::string alternates;
    for (int i = 0; i < 3000; ++i) alternates += i % 2 == 0 ? ".\n" : "../objects\n";
    test::write_file(scratch / "objects/info/alternates", alternates);
    BOOST_TEST(git_commit_reader(scratch / "objects", std::string(40, '0')).tree() == "");
}

BOOST_AUTO_TEST_CASE(a_commit_behind_other_folders,
                     *boost::unit_test::precondition(test::has_git)) {
    const test::git_sandbox box;
    const std::string commit = box.git("rev-parse HEAD");
    std::string alternates = "../absent\n";
    for (int i = 0; i < 20; ++i) alternates += box.beside("objects/" + std::to_string(i)) + '\n';
    test::write_file(box.beside("objects/info/alternates"), alternates + (box / ".git/objects"));
    BOOST_TEST(git_commit_reader(box.beside("objects"), commit).tree() ==
               box.git("rev-parse HEAD^{tree}"));
}

BOOST_AUTO_TEST_SUITE_END()
