// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/file/file_list.hpp>

#include <cerrno>
#include <string>
#include <vector>

#include "scratch_directory.hpp"

namespace {

std::vector<std::string> listed(const test::scratch_directory& scratch, const std::string& folder,
                                int expected = 0) {
    mlscribe::detail::directory root;
    std::vector<std::string> paths;
    BOOST_REQUIRE(mlscribe::detail::directory::open(scratch.path(), root) == 0);
    BOOST_TEST(mlscribe::detail::list_files(root, folder, paths) == expected);
    return paths;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(file_file_list)

BOOST_AUTO_TEST_CASE(files_of_all_depths_sorted) {
    const test::scratch_directory scratch;
    for (const char* path : {"top/b", "top/a/c/d", "top/a/b", "other/e"}) {
        test::write_file(scratch / path, "x");
    }
    std::filesystem::create_directories(scratch / "top/empty/folder");
    BOOST_TEST(listed(scratch, "top") == (std::vector<std::string>{"a/b", "a/c/d", "b"}));
}

BOOST_AUTO_TEST_CASE(a_folder_that_is_missing_has_none) {
    const test::scratch_directory scratch;
    BOOST_TEST(listed(scratch, "top").empty());
    BOOST_TEST(listed(scratch, "top/below").empty());
}

BOOST_AUTO_TEST_CASE(links_are_seen_and_not_followed) {
    const test::scratch_directory scratch;
    test::write_file(scratch / "outside/file", "x");
    std::filesystem::create_directories(scratch / "top");
    std::filesystem::create_symlink(scratch / "outside", scratch / "top/link");
    BOOST_TEST(listed(scratch, "top") == std::vector<std::string>{"link"});
    BOOST_TEST(listed(scratch, "top/link", ENOTDIR).empty());
}

BOOST_AUTO_TEST_SUITE_END()
