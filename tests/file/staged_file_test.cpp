// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/file/publish.hpp>
#include <mlscribe/file/staged_file.hpp>

#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "child_process.hpp"
#include "few_descriptors.hpp"
#include "file/opened_scratch.hpp"
#include "skipped.hpp"
#include "small_stack.hpp"

using mlscribe::detail::directory;
using mlscribe::detail::durability;
using mlscribe::detail::staged_file;
using mlscribe::detail::staged_owner;
using mlscribe::detail::staged_prefix;
using test::opened_scratch;
using test::tree;
using test::write_file;

BOOST_AUTO_TEST_SUITE(file_staged_file)

BOOST_FIXTURE_TEST_CASE(what_gets_no_name_is_removed, opened_scratch) {
    {
        staged_file staged(root);
        BOOST_TEST(staged.fill("bytes", durability::synced) == 0);
        const std::vector<std::string> names = tree(scratch.path());
        BOOST_REQUIRE(names.size() == 1u);
        BOOST_TEST(names[0].compare(0, staged_prefix.size(), std::string(staged_prefix)) == 0);
        BOOST_TEST(test::read_file(scratch / names[0]) == "bytes");
    }
    BOOST_TEST(tree(scratch.path()).empty());
}

BOOST_FIXTURE_TEST_CASE(linked_it_has_one_name, opened_scratch) {
    {
        staged_file staged(root);
        BOOST_TEST(staged.fill("bytes", durability::cached) == 0);
        BOOST_TEST(staged.link_to("a/b") == 0);
    }
    const std::vector<std::string> expected = {"a/", "a/b"};
    BOOST_TEST(tree(scratch.path()) == expected, boost::test_tools::per_element());
    struct stat found {};
    BOOST_TEST(root.status("a/b", found) == 0);
    BOOST_TEST(found.st_nlink == 1u);
}

BOOST_FIXTURE_TEST_CASE(many_at_once_do_not_collide, opened_scratch) {
    staged_file first(root);
    staged_file second(root);
    BOOST_TEST(first.fill("1", durability::cached) == 0);
    BOOST_TEST(second.fill("2", durability::cached) == 0);
    BOOST_TEST(first.rename_to("one") == 0);
    BOOST_TEST(second.rename_to("two") == 0);
    BOOST_TEST(test::read_file(scratch / "one") == "1");
    BOOST_TEST(test::read_file(scratch / "two") == "2");
}

BOOST_FIXTURE_TEST_CASE(a_dead_process_leaves_nothing_behind, opened_scratch) {
    const pid_t dead = ::fork();
    if (dead == 0) ::_exit(0);
    BOOST_REQUIRE(::waitpid(dead, nullptr, 0) == dead);
    const std::string kept = staged_owner(::getpid()) + "7";
    const std::string process = '-' + std::to_string(dead) + "-7";
    const std::string other_host = std::string(staged_prefix) + 'x' + process;
    // Another container of this host name counts its processes for itself; so may one that is seen
    // by an earlier version of the library.
    const std::string other_container = mlscribe::detail::staged_host() + ".7" + process;
    const std::string earlier_version = mlscribe::detail::staged_host() + process;
    write_file(scratch / (staged_owner(dead) + "7"), "");
    write_file(scratch / kept, "");
    write_file(scratch / other_host, "");
    write_file(scratch / other_container, "");
    write_file(scratch / earlier_version, "");
    write_file(scratch / "meta.yaml", "");
    mlscribe::detail::remove_abandoned(root);
    std::vector<std::string> expected = {kept, other_host, other_container, earlier_version,
                                         "meta.yaml"};
    std::sort(expected.begin(), expected.end());
    BOOST_TEST(tree(scratch.path()) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_nobody_can_be_at_any_more) {
    const std::int64_t hour = 60 * 60 * 1000;
    BOOST_TEST(mlscribe::detail::is_left_for_good(25 * hour, hour));
    BOOST_TEST(mlscribe::detail::is_left_for_good(101 * hour, 100 * hour));
    BOOST_TEST(!mlscribe::detail::is_left_for_good(99 * hour, 100 * hour));
    BOOST_TEST(!mlscribe::detail::is_left_for_good(23 * hour, hour));
    BOOST_TEST(!mlscribe::detail::is_left_for_good(-hour, hour));
}

BOOST_AUTO_TEST_CASE(another_container_chooses_other_names) {
    const std::string result = test::in_child([]() -> std::string {
        const std::string before = mlscribe::detail::staged_origin();
        if (::unshare(CLONE_NEWPID) != 0) return "skipped";
        const std::string inside = test::in_child([] { return mlscribe::detail::staged_origin(); });
        return inside.compare(0, staged_prefix.size(), std::string(staged_prefix)) == 0 &&
                       inside != before
                   ? "another"
                   : before + " and " + inside;
    });
    if (result == "skipped")
        return test::skipped("no process ids of its own can be had (root only)");
    BOOST_TEST(result == "another");
}

/// A network file system asks for a link again whose answer was lost.
BOOST_FIXTURE_TEST_CASE(a_link_that_was_made_is_no_other_file, opened_scratch) {
    staged_file staged(root);
    BOOST_TEST(staged.fill("bytes", durability::cached) == 0);
    BOOST_TEST(::linkat(root.get(), staged.name().c_str(), root.get(), "a", 0) == 0);
    BOOST_TEST(staged.link_to("a") == 0);
    write_file(scratch / "b", "bytes");
    BOOST_TEST(staged.link_to("b") == EEXIST);
    BOOST_TEST(::symlinkat("a", root.get(), "c") == 0);
    BOOST_TEST(staged.link_to("c") == EEXIST);
}

BOOST_FIXTURE_TEST_CASE(a_file_that_cannot_be_closed_gets_no_name, opened_scratch) {
    const auto is_refused = [this](int (staged_file::*give_name)(std::string_view)) {
        staged_file staged(root);
        BOOST_TEST(staged.fill("bytes", durability::cached) == 0);
        // What a network's file system may say for other reasons.
        BOOST_TEST(::close(staged.get()) == 0);
        return (staged.*give_name)("a") == EBADF;
    };
    BOOST_TEST(is_refused(&staged_file::link_to));
    BOOST_TEST(is_refused(&staged_file::rename_to));
    BOOST_TEST(tree(scratch.path()).empty());
}

BOOST_FIXTURE_TEST_CASE(a_folder_that_is_gone_is_told, opened_scratch) {
    directory gone;
    BOOST_TEST(root.open_below("gone", mlscribe::detail::missing::create, gone) == 0);
    BOOST_TEST(root.remove_directory("gone") == 0);
    staged_file staged(gone);
    BOOST_TEST(staged.fill("bytes", durability::cached) == ENOENT);
}

BOOST_AUTO_TEST_CASE(folders_in_each_other_are_removed_with_few_descriptors_and_little_stack) {
    const test::scratch_directory scratch;
    const std::string name(50, 'd');
    std::string below = name;
    for (int i = 1; i != 1000; ++i) below += '/' + name;
    directory root;
    directory deepest;
    BOOST_REQUIRE(directory::open(scratch.path(), root) == 0);
    BOOST_REQUIRE(root.open_below(below, mlscribe::detail::missing::create, deepest) == 0);
    BOOST_REQUIRE(mlscribe::detail::replace_file(deepest, "file", "x") == 0);
    write_file(scratch / "kept/file", "x");
    std::filesystem::create_directory_symlink(scratch / "kept", scratch / name + "/link");
    const std::string said = test::on_a_small_stack([&] {
        const test::few_descriptors few(10);
        mlscribe::detail::remove_tree(root, name);
        return std::string("went on");
    });
    BOOST_TEST(said == "went on");
    const std::vector<std::string> left = {"kept/", "kept/file"};
    BOOST_TEST(tree(scratch.path()) == left, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
