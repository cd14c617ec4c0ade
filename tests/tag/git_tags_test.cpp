// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/tag/git_tags.hpp>

#include <cstddef>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "git_sandbox.hpp"

using mlscribe::detail::find_git_tags;
using mlscribe::detail::git_tags;
using mlscribe::detail::program_folder;

namespace {

std::map<std::string, std::string> found(const std::string& folder) {
    const mlscribe::detail::tag_list tags = find_git_tags(folder);
    return {tags.begin(), tags.end()};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tag_git_tags)

BOOST_AUTO_TEST_CASE(the_folder_of_this_program) {
    BOOST_TEST(program_folder().front() == '/');
    BOOST_TEST(program_folder().back() == '/');
}

BOOST_AUTO_TEST_CASE(no_repository_no_tags) {
    const test::scratch_directory scratch;
    BOOST_TEST(find_git_tags(scratch.path()).empty());
    BOOST_TEST(find_git_tags(scratch / "missing").empty());
}

BOOST_AUTO_TEST_CASE(mlflows_names_and_ours, *boost::unit_test::precondition(test::has_git)) {
    const test::git_sandbox box;
    using expected = std::map<std::string, std::string>;
    expected tags = {{"mlflow.source.git.commit", box.git("rev-parse HEAD")},
                     {"mlflow.source.git.branch", "main"},
                     {"mlscribe.git.dirty", "false"}};
    BOOST_TEST((found(box.path()) == tags));
    box.git("remote add origin https://me:t0ken@host/x.git");
    box.write("a.txt", "changed");
    tags["mlflow.source.git.repoURL"] = "https://host/x.git";
    tags["mlscribe.git.dirty"] = "true";
    BOOST_TEST((found(box / "src/deep") == tags));
    box.git("checkout -q --detach");
    tags.erase("mlflow.source.git.branch");
    BOOST_TEST((found(box.path()) == tags));
    box.git("init -q unborn", ".");
    BOOST_TEST(found(box.beside("unborn")).empty());
}

BOOST_AUTO_TEST_CASE(each_folder_is_looked_up_once,
                     *boost::unit_test::precondition(test::has_git)) {
    const test::git_sandbox boxes[3];
    std::vector<mlscribe::detail::tag_list> before;
    for (const test::git_sandbox& box : boxes) {
        before.push_back(git_tags(box.path()));
        BOOST_TEST(!before.back().empty());
    }
    for (std::size_t i = 0; i < std::size(boxes); ++i) {
        boxes[i].git("commit -q --allow-empty -m more");
        BOOST_TEST((git_tags(boxes[i].path()) == before[i]));
        BOOST_TEST((find_git_tags(boxes[i].path()) != before[i]));
    }
}

BOOST_AUTO_TEST_SUITE_END()
