// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/file/directory.hpp>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "file/opened_scratch.hpp"

using mlscribe::detail::descriptor;
using mlscribe::detail::directory;
using mlscribe::detail::missing;
using test::opened_scratch;
using test::read_file;
using test::write_file;

namespace {

void link_to(const std::string& target, const std::string& link) {
    std::filesystem::create_symlink(target, link);
}

bool refuses_link(int failed) {
    return failed == ENOTDIR || failed == ELOOP;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(file_directory)

BOOST_AUTO_TEST_CASE(opens_what_the_user_named) {
    const test::scratch_directory scratch;
    write_file(scratch / "file", "x");
    std::filesystem::create_directory(scratch / "real");
    link_to("real", scratch / "link");
    directory opened;
    BOOST_TEST(!opened);
    BOOST_TEST(directory::open(scratch / "absent", opened) == ENOENT);
    BOOST_TEST(directory::open(scratch / "file", opened) == ENOTDIR);
    BOOST_TEST(!opened);
    BOOST_TEST(directory::open(scratch / "link", opened) == 0);
    BOOST_TEST(static_cast<bool>(opened));
}

BOOST_FIXTURE_TEST_CASE(makes_only_what_it_is_asked_to, opened_scratch) {
    directory below;
    BOOST_TEST(root.open_below("a/b/c", missing::fail, below) == ENOENT);
    BOOST_TEST(test::tree(scratch.path()).empty());
    BOOST_TEST(root.open_below("a/b/c", missing::create, below) == 0);
    BOOST_TEST(below.make("d") == 0);
    BOOST_TEST(below.make("d") == EEXIST);
    BOOST_TEST(std::filesystem::is_directory(scratch / "a/b/c/d"));
    BOOST_TEST(root.open_below("a/b/c", missing::create, below) == 0);
    write_file(scratch / "a/file", "x");
    BOOST_TEST(root.open_below("a/file", missing::create, below) == ENOTDIR);
    BOOST_TEST(root.open_below("a/file/b", missing::create, below) == ENOTDIR);
}

BOOST_FIXTURE_TEST_CASE(nothing_relative_is_the_directory_itself, opened_scratch) {
    directory same;
    BOOST_TEST(root.open_below("", missing::fail, same) == 0);
    BOOST_TEST(same.make("made") == 0);
    BOOST_TEST(test::exists(scratch / "made"));
}

BOOST_FIXTURE_TEST_CASE(no_link_is_followed, opened_scratch) {
    std::filesystem::create_directories(scratch / "run");
    write_file(scratch / "elsewhere/secret", "kept");
    for (const std::string name : {"metrics", "params", "artifacts"}) {
        link_to("../elsewhere", scratch / "run/" + name);
        directory below;
        descriptor file;
        std::string bytes;
        directory::place place;
        const std::string planted = "run/" + name;
        BOOST_TEST(refuses_link(root.open_below(planted, missing::fail, below)));
        BOOST_TEST(refuses_link(root.open_below(planted, missing::create, below)));
        BOOST_TEST(refuses_link(root.open_below(planted + "/new", missing::create, below)));
        BOOST_TEST(refuses_link(root.open_file(planted + "/secret", O_RDWR, file)));
        BOOST_TEST(refuses_link(root.read(planted + "/secret", bytes)));
        BOOST_TEST(refuses_link(root.locate(planted + "/x", missing::create, place)));
        BOOST_TEST(!below);
        BOOST_TEST(!file);
        BOOST_TEST(bytes.empty());
    }
    BOOST_TEST(test::tree(scratch / "elsewhere") == std::vector<std::string>{"secret"},
               boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(nor_is_a_link_in_place_of_a_file, opened_scratch) {
    write_file(scratch / "target", "kept");
    link_to("target", scratch / "link");
    link_to("nowhere", scratch / "dangling");
    descriptor file;
    std::string bytes;
    BOOST_TEST(root.open_file("link", O_WRONLY | O_APPEND, file) == ELOOP);
    BOOST_TEST(root.open_file("dangling", O_WRONLY | O_CREAT, file) == ELOOP);
    BOOST_TEST(root.read("link", bytes) == ELOOP);
    BOOST_TEST(!test::exists(scratch / "nowhere"));
    struct stat found {};
    BOOST_TEST(root.status("link", found) == 0);
    BOOST_TEST(S_ISLNK(found.st_mode));
    BOOST_TEST(root.remove("link") == 0);
    BOOST_TEST(read_file(scratch / "target") == "kept");
}

BOOST_FIXTURE_TEST_CASE(reads_whole_regular_files, opened_scratch) {
    const std::string nul("a\0b\n", 4);
    const std::string large(1000003, 'x');
    write_file(scratch / "empty", "");
    write_file(scratch / "nul", nul);
    write_file(scratch / "below/large", large);
    std::string bytes = "old";
    BOOST_TEST(root.read("empty", bytes) == 0);
    BOOST_TEST(bytes.empty());
    BOOST_TEST(root.read("nul", bytes) == 0);
    BOOST_TEST((bytes == nul));
    BOOST_TEST(root.read("below/large", bytes) == 0);
    BOOST_TEST((bytes == large));
    BOOST_TEST(root.read("nul", bytes, 4) == 0);
    BOOST_TEST(root.read("nul", bytes, 3) == EFBIG);
    BOOST_TEST(root.read("absent", bytes) == ENOENT);
    BOOST_TEST(root.read("below", bytes) == EISDIR);
}

BOOST_FIXTURE_TEST_CASE(reads_through_a_link_to_the_folder_alone, opened_scratch) {
    write_file(scratch / "below/file", "kept");
    link_to("below", scratch / "moved");
    link_to("file", scratch / "below/link");
    link_to("nowhere", scratch / "dangling");
    std::string bytes;
    for (const char* child : {"below", "moved"}) {
        BOOST_TEST(root.read_linked(child, "file", bytes) == 0);
        BOOST_TEST(bytes == "kept");
        BOOST_TEST(root.read_linked(child, "link", bytes) == ELOOP);
        BOOST_TEST(root.read_linked(child, "absent", bytes) == ENOENT);
        BOOST_TEST(root.read_linked(child, "file", bytes, 3) == EFBIG);
    }
    BOOST_TEST(root.read_linked("dangling", "file", bytes) == ENOENT);
    BOOST_TEST(root.read_linked("below/file", "file", bytes) == ENOTDIR);
}

BOOST_FIXTURE_TEST_CASE(a_fifo_is_not_waited_for, opened_scratch) {
    BOOST_REQUIRE(::mkfifo((scratch / "fifo").c_str(), 0600) == 0);
    std::string bytes;
    BOOST_TEST(root.read("fifo", bytes) != 0);
}

BOOST_FIXTURE_TEST_CASE(tells_directories_from_others, opened_scratch) {
    write_file(scratch / "below/deeper/file", "");
    write_file(scratch / "below/file", "");
    link_to("deeper", scratch / "below/link");
    link_to("below", scratch / "linked");
    std::map<std::string, bool> seen;
    const auto note = [&seen](const std::string& name, bool is_directory) {
        seen[name] = is_directory;
    };
    BOOST_TEST(root.for_each_entry("below", note) == 0);
    BOOST_TEST(
        (seen == std::map<std::string, bool>{{"deeper", true}, {"file", false}, {"link", false}}));
    BOOST_TEST(root.for_each_entry("absent", note) == ENOENT);
    BOOST_TEST(refuses_link(root.for_each_entry("linked", note)));
    BOOST_TEST(seen.size() == 3u);
}

BOOST_FIXTURE_TEST_CASE(lists_names_again_and_again, opened_scratch) {
    for (const char* name : {"one", ".two", "three"}) write_file(scratch / name, "");
    for (int i = 0; i < 2; ++i) {
        std::vector<std::string> names;
        BOOST_TEST(root.list(names) == 0);
        std::sort(names.begin(), names.end());
        const std::vector<std::string> expected = {".two", "one", "three"};
        BOOST_TEST(names == expected, boost::test_tools::per_element());
    }
}

BOOST_FIXTURE_TEST_CASE(moves_only_to_a_free_name, opened_scratch) {
    BOOST_TEST(root.make("from") == 0);
    BOOST_TEST(root.make("empty") == 0);
    link_to("nowhere", scratch / "link");
    BOOST_TEST(root.move("from", root, "empty") == EEXIST);
    BOOST_TEST(root.move("from", root, "link") == EEXIST);
    BOOST_TEST(root.move("absent", root, "to") == ENOENT);
    BOOST_TEST(root.move("from", root, "empty/to") == 0);
    BOOST_TEST(test::exists(scratch / "empty/to"));
    BOOST_TEST(root.remove_directory("empty") == ENOTEMPTY);
}

BOOST_FIXTURE_TEST_CASE(stays_the_same_one_when_it_is_moved, opened_scratch) {
    directory run;
    BOOST_TEST(root.open_below("1/run", missing::create, run) == 0);
    std::filesystem::create_directory(scratch / ".trash");
    std::filesystem::rename(scratch / "1", scratch / ".trash/1");
    BOOST_TEST(run.make("metrics") == 0);
    BOOST_TEST(test::exists(scratch / ".trash/1/run/metrics"));
    BOOST_TEST(!test::exists(scratch / "1"));
}

BOOST_FIXTURE_TEST_CASE(locates_a_file_to_be, opened_scratch) {
    directory::place here;
    BOOST_TEST(root.locate("leaf", missing::fail, here) == 0);
    BOOST_TEST(here.leaf == "leaf");
    BOOST_TEST(here.folder == root.get());
    directory::place there;
    BOOST_TEST(root.locate("a/b/leaf", missing::fail, there) == ENOENT);
    BOOST_TEST(root.locate("a/b/leaf", missing::create, there) == 0);
    BOOST_TEST(there.leaf == "leaf");
    BOOST_TEST(there.folder != root.get());
    BOOST_TEST(root.locate("a/", missing::create, there) == EINVAL);
    BOOST_TEST(root.locate("", missing::create, there) == EINVAL);
}

BOOST_AUTO_TEST_SUITE_END()
