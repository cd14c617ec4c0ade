// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/file/copy.hpp>

#include <filesystem>
#include <string>

#include "scratch_directory.hpp"
#include "skipped.hpp"

using namespace mlscribe::detail;

namespace {

struct two_places {
    test::scratch_directory scratch;
    directory root;

    two_places() {
        test::write_file(scratch / "from", "bytes");
        std::filesystem::create_directories(scratch / "root");
        BOOST_REQUIRE_EQUAL(directory::open(scratch / "root", root), 0);
    }
    source_file opened(const std::string& name) const {
        source_file source;
        BOOST_REQUIRE_EQUAL(open_source(AT_FDCWD, scratch / name, source), 0);
        return source;
    }
    std::string text(const std::string& name) const { return test::read_file(scratch / name); }
    ino_t inode(const std::string& name) const {
        struct stat found {};
        BOOST_REQUIRE_EQUAL(::lstat((scratch / name).c_str(), &found), 0);
        return found.st_ino;
    }
    /// Nothing temporary stays.
    void expect_only(const std::vector<std::string>& names) const {
        BOOST_TEST(test::tree(scratch / "root") == names, boost::test_tools::per_element());
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(file_copy)

BOOST_FIXTURE_TEST_CASE(only_regular_files_are_opened, two_places) {
    source_file source;
    BOOST_REQUIRE_EQUAL(::mkfifo((scratch / "fifo").c_str(), 0600), 0);
    std::filesystem::create_symlink("fifo", scratch / "to_fifo");
    std::filesystem::create_symlink("self", scratch / "self");
    std::filesystem::create_symlink("nowhere", scratch / "dangling");
    BOOST_TEST(open_source(AT_FDCWD, scratch / "fifo", source) == EINVAL);
    BOOST_TEST(open_source(AT_FDCWD, scratch / "to_fifo", source) == EINVAL);
    BOOST_TEST(open_source(AT_FDCWD, "/dev/null", source) == EINVAL);
    BOOST_TEST(open_source(AT_FDCWD, scratch / "root", source) == EISDIR);
    BOOST_TEST(open_source(AT_FDCWD, scratch / "self", source) == ELOOP);
    BOOST_TEST(open_source(AT_FDCWD, scratch / "dangling", source) == ENOENT);
    BOOST_TEST(open_source(AT_FDCWD, scratch / "from", source) == 0);
    BOOST_TEST(!source.linked);
}

BOOST_FIXTURE_TEST_CASE(links_share_the_file_and_are_replaced_whole, two_places) {
    BOOST_TEST(link_file(opened("from"), root, "a/to") == 0);
    BOOST_TEST(inode("root/a/to") == inode("from"));
    BOOST_TEST(link_file(opened("from"), root, "a/to") == 0);
    test::write_file(scratch / "other", "new");
    BOOST_TEST(copy_file(opened("other"), root, "a/to") == 0);
    BOOST_TEST(text("from") == "bytes");
    BOOST_TEST(text("root/a/to") == "new");
    std::filesystem::create_symlink("from", scratch / "link");
    BOOST_TEST(link_file(opened("link"), root, "linked") == 0);
    BOOST_TEST(inode("root/linked") == inode("from"));
    expect_only({"a/", "a/to", "linked"});
}

BOOST_FIXTURE_TEST_CASE(a_link_is_to_the_file_that_was_opened, two_places) {
    const source_file source = opened("from");
    test::write_file(scratch / "other", "other");
    std::filesystem::rename(scratch / "other", scratch / "from");
    BOOST_TEST(link_file(source, root, "to") == ESTALE);
    expect_only({});
}

BOOST_FIXTURE_TEST_CASE(a_move_removes_the_source, two_places) {
    int kept = -1;
    const ino_t before = inode("from");
    BOOST_TEST(move_file(opened("from"), root, "to", kept) == 0);
    BOOST_TEST(kept == 0);
    BOOST_TEST(!test::exists(scratch / "from"));
    BOOST_TEST(inode("root/to") == before);
    expect_only({"to"});
}

BOOST_FIXTURE_TEST_CASE(a_move_onto_itself_keeps_the_file, two_places) {
    int kept = -1;
    test::write_file(scratch / "root/a/to", "bytes");
    BOOST_TEST(move_file(opened("root/a/to"), root, "a/to", kept) == 0);
    BOOST_TEST(text("root/a/to") == "bytes");
    // With a second hard link elsewhere it still is its own name, by whatever path.
    std::filesystem::create_hard_link(scratch / "root/a/to", scratch / "second");
    BOOST_TEST(move_file(opened("root/../root/a/to"), root, "a/to", kept) == 0);
    BOOST_TEST(text("root/a/to") == "bytes");
    // The other name of the same file goes.
    BOOST_TEST(move_file(opened("second"), root, "a/to", kept) == 0);
    BOOST_TEST(kept == 0);
    BOOST_TEST(!test::exists(scratch / "second"));
    BOOST_TEST(text("root/a/to") == "bytes");
}

BOOST_FIXTURE_TEST_CASE(a_link_on_the_way_makes_no_destination_of_the_source, two_places) {
    int kept = 0;
    std::filesystem::create_hard_link(scratch / "from", scratch / "second");
    std::filesystem::create_directory_symlink(scratch.path(), scratch / "root/sub");
    BOOST_TEST(copy_file(opened("from"), root, "sub/from") != 0);
    BOOST_TEST(link_file(opened("from"), root, "sub/from") != 0);
    BOOST_TEST(move_file(opened("from"), root, "sub/from", kept) != 0);
    BOOST_TEST(move_file(opened("from"), root, "sub/second", kept) != 0);
    BOOST_TEST(text("from") == "bytes");
    BOOST_TEST(text("second") == "bytes");
}

BOOST_FIXTURE_TEST_CASE(what_a_moved_link_leads_to_stays, two_places) {
    int kept = -1;
    std::filesystem::create_symlink("from", scratch / "link");
    BOOST_TEST(move_file(opened("link"), root, "to", kept) == 0);
    BOOST_TEST(text("from") == "bytes");
    BOOST_TEST(test::exists(scratch / "link"));
    BOOST_TEST(text("root/to") == "bytes");
}

BOOST_FIXTURE_TEST_CASE(across_file_systems, two_places) {
    const std::string other = "/dev/shm/mlscribe-copy-test-" + std::to_string(::getpid());
    struct stat here {};
    struct stat there {};
    if (::stat("/dev/shm", &there) != 0 || ::stat(scratch.path().c_str(), &here) != 0 ||
        here.st_dev == there.st_dev) {
        return test::skipped("there is no second file system at /dev/shm");
    }
    test::write_file(other, "far");
    source_file source;
    BOOST_REQUIRE_EQUAL(open_source(AT_FDCWD, other, source), 0);
    BOOST_TEST(link_file(source, root, "linked") == 0);
    BOOST_TEST(text("root/linked") == "far");
    BOOST_TEST(test::exists(other));
    int kept = -1;
    BOOST_TEST(move_file(source, root, "moved", kept) == 0);
    BOOST_TEST(kept == 0);
    BOOST_TEST(!test::exists(other));
    BOOST_TEST(text("root/moved") == "far");
}

BOOST_FIXTURE_TEST_CASE(a_source_that_changes_is_not_removed, two_places) {
    const source_file source = opened("from");
    test::write_file(scratch / "from", "bytes and more");
    BOOST_TEST(remove_source(source) == EBUSY);
    BOOST_TEST(text("from") == "bytes and more");
}

BOOST_AUTO_TEST_SUITE_END()
