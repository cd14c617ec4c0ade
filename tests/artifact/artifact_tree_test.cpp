// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/artifact/artifact_tree.hpp>

#include <clocale>
#include <filesystem>
#include <string>
#include <vector>

#include "scratch_directory.hpp"

using mlscribe::artifact_options;
using mlscribe::error;
using mlscribe::symlinks;
using mlscribe::transfer;
using mlscribe::detail::copy_artifact_tree;
using mlscribe::detail::directory;
using std::filesystem::create_symlink;
using test::write_file;

namespace {

struct trees {
    test::scratch_directory scratch;
    directory run;
    artifact_options options;

    trees() {
        std::filesystem::create_directories(scratch / "run/artifacts");
        BOOST_REQUIRE_EQUAL(directory::open(scratch / "run", run), 0);
    }
    std::vector<error> bring(const std::string& source, const std::string& path = "") const {
        std::vector<error> failures;
        copy_artifact_tree(
            run, source, path, [&failures](const error& failure) { failures.push_back(failure); },
            options);
        return failures;
    }
    void expect(const std::vector<std::string>& names) const {
        BOOST_TEST(test::tree(scratch / "run/artifacts") == names,
                   boost::test_tools::per_element());
        BOOST_TEST(test::tree(scratch / "run").size() == names.size() + 1);
    }
    void clear() const {
        std::filesystem::remove_all(scratch / "run/artifacts");
        std::filesystem::create_directories(scratch / "run/artifacts");
    }
    std::string text(const std::string& path) const {
        return test::read_file(scratch / ("run/artifacts/" + path));
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(artifact_artifact_tree)

BOOST_FIXTURE_TEST_CASE(trees_keep_their_shape, trees) {
    write_file(scratch / "out/a.txt", "1");
    write_file(scratch / "out/b/c.txt", "2");
    write_file(scratch / "out/b/d/.hidden", "3");
    std::filesystem::create_directories(scratch / "out/empty");
    for (const std::string slashes : {"", "/", "///"}) {
        BOOST_TEST(bring(scratch / "out" + slashes, "plots").empty());
        expect({"plots/", "plots/a.txt", "plots/b/", "plots/b/c.txt", "plots/b/d/",
                "plots/b/d/.hidden", "plots/empty/"});
        BOOST_TEST(text("plots/b/d/.hidden") == "3");
        clear();
    }
    BOOST_TEST(bring(scratch / "out").empty());
    expect({"a.txt", "b/", "b/c.txt", "b/d/", "b/d/.hidden", "empty/"});
}

BOOST_FIXTURE_TEST_CASE(one_bad_entry_does_not_stop_the_others, trees) {
    for (const std::string name : {"a.txt", "z/y.txt", "m/n.txt"})
        write_file(scratch / ("out/" + name), "x");
    BOOST_REQUIRE(::mkfifo((scratch / "out/fifo").c_str(), 0600) == 0);
    create_symlink("nowhere", scratch / "out/dangling");
    create_symlink("itself", scratch / "out/itself");
    create_symlink("..", scratch / "out/m/loop");
    write_file(scratch / "out/caf\xE9", "x");
    const std::vector<error> failures = bring(scratch / "out");
    BOOST_TEST(failures.size() == 5u);
    expect({"a.txt", "m/", "m/n.txt", "z/", "z/y.txt"});
}

BOOST_FIXTURE_TEST_CASE(a_tree_that_is_none, trees) {
    write_file(scratch / "file", "x");
    BOOST_TEST(bring(scratch / "absent").size() == 1u);
    BOOST_TEST(bring(scratch / "file").size() == 1u);
    BOOST_TEST(bring("").size() == 1u);
    BOOST_TEST(bring(scratch.path(), "../out").size() == 1u);
    write_file(scratch / "run/artifacts/taken", "x");
    BOOST_TEST(bring(scratch.path(), "taken").size() == 1u);
    expect({"taken"});
}

BOOST_FIXTURE_TEST_CASE(links, trees) {
    write_file(scratch / "elsewhere/e.txt", "e");
    write_file(scratch / "out/a.txt", "a");
    create_symlink("a.txt", scratch / "out/file");
    create_symlink("../elsewhere", scratch / "out/folder");
    BOOST_TEST(bring(scratch / "out").empty());
    expect({"a.txt", "file", "folder/", "folder/e.txt"});
    BOOST_TEST(!std::filesystem::is_symlink(scratch / "run/artifacts/file"));
    clear();
    options.links = symlinks::follow_files;
    BOOST_TEST(bring(scratch / "out").empty());
    expect({"a.txt", "file"});
    clear();
    options.links = symlinks::skip;
    BOOST_TEST(bring(scratch / "out").empty());
    expect({"a.txt"});
    clear();
    // The directory that the user named may itself be a link.
    create_symlink("out", scratch / "link");
    BOOST_TEST(bring(scratch / "link").empty());
    expect({"a.txt"});
}

BOOST_FIXTURE_TEST_CASE(links_that_multiply_come_to_an_end, trees) {
    // Each level leads to the next twice: 2^20 folders without a limit.
    for (int level = 0; level < 20; ++level) {
        const std::string folder = scratch / ("level" + std::to_string(level));
        std::filesystem::create_directories(folder);
        for (const std::string name : {"x", "y"}) {
            create_symlink("../level" + std::to_string(level + 1), folder + '/' + name);
        }
    }
    std::filesystem::create_directories(scratch / "level20");
    const std::vector<error> failures = bring(scratch / "level0");
    BOOST_TEST(failures.size() == 512u);
    BOOST_TEST(failures.at(0).message.find("8 links") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(which_files_are_taken, trees) {
    for (const std::string name :
         {"a.svg", "b.png", ".c.svg", "sub/d.svg", ".git/e.svg", "x/f.txt"})
        write_file(scratch / ("out/" + name), "x");
    options.hidden = false;
    BOOST_TEST(bring(scratch / "out").empty());
    expect({"a.svg", "b.png", "sub/", "sub/d.svg", "x/", "x/f.txt"});
    clear();
    options.only = "*.svg";
    BOOST_TEST(bring(scratch / "out").empty());
    expect({"a.svg", "sub/", "sub/d.svg"});
    clear();
    options.hidden = true;
    options.except = "sub";
    BOOST_TEST(bring(scratch / "out").empty());
    expect({".c.svg", ".git/", ".git/e.svg", "a.svg"});
    clear();
    options.except = "";
    options.only = "sub/*.svg";
    BOOST_TEST(bring(scratch / "out").empty());
    expect({"sub/", "sub/d.svg"});
}

BOOST_FIXTURE_TEST_CASE(in_every_locale_the_same_files_are_taken, trees) {
    for (const char* name : {"a.txt", "\xC3\xA4.txt"}) {
        write_file(scratch / (std::string("out/") + name), "x");
    }
    options.only = "?.txt";
    for (const char* locale : {"C", "C.UTF-8"}) {
        BOOST_TEST_REQUIRE(std::setlocale(LC_ALL, locale) != nullptr);
        const std::vector<error> failures = bring(scratch / "out");
        std::setlocale(LC_ALL, "C");
        BOOST_TEST(failures.empty());
        expect({"a.txt"});
        clear();
    }
}

BOOST_FIXTURE_TEST_CASE(a_moved_tree_leaves_what_is_not_its_own, trees) {
    write_file(scratch / "elsewhere/e.txt", "e");
    write_file(scratch / "out/a.txt", "a");
    write_file(scratch / "out/sub/b.txt", "b");
    write_file(scratch / "out/kept/caf\xE9", "x");
    create_symlink("../elsewhere", scratch / "out/folder");
    options.mode = transfer::move;
    BOOST_TEST(bring(scratch / "out").size() == 1u);
    expect({"a.txt", "folder/", "folder/e.txt", "kept/", "sub/", "sub/b.txt"});
    BOOST_TEST(test::tree(scratch / "out") ==
                   (std::vector<std::string>{"folder", "kept/", "kept/caf\xE9"}),
               boost::test_tools::per_element());
    BOOST_TEST(test::read_file(scratch / "elsewhere/e.txt") == "e");
}

BOOST_FIXTURE_TEST_CASE(links_inside_a_moved_tree_bring_what_they_lead_to, trees) {
    write_file(scratch / "out/epoch-9.pt", "weights");
    write_file(scratch / "out/state/s.bin", "s");
    create_symlink("epoch-9.pt", scratch / "out/best.pt");
    create_symlink("epoch-9.pt", scratch / "out/latest.pt");
    create_symlink("state", scratch / "out/current");
    create_symlink("state", scratch / "out/zuletzt");
    options.mode = transfer::move;
    BOOST_TEST(bring(scratch / "out").empty());
    expect({"best.pt", "current/", "current/s.bin", "epoch-9.pt", "latest.pt", "state/",
            "state/s.bin", "zuletzt/", "zuletzt/s.bin"});
    for (const char* name : {"best.pt", "epoch-9.pt", "latest.pt"}) {
        BOOST_TEST(text(name) == "weights");
    }
    BOOST_TEST(text("zuletzt/s.bin") == "s");
}

BOOST_FIXTURE_TEST_CASE(the_artifacts_themselves, trees) {
    write_file(scratch / "run/artifacts/a/b.txt", "b");
    for (const transfer mode : {transfer::copy, transfer::hard_link, transfer::move}) {
        options.mode = mode;
        BOOST_TEST(bring(scratch / "run/artifacts").empty());
        BOOST_TEST(bring(scratch / "run/artifacts/a", "a").empty());
        expect({"a/", "a/b.txt"});
        BOOST_TEST(text("a/b.txt") == "b");
    }
    options.mode = transfer::copy;
    // Into a folder of themselves: what is there now, and not what comes.
    BOOST_TEST(bring(scratch / "run/artifacts", "a/c").size() == 1u);
    expect({"a/", "a/b.txt", "a/c/", "a/c/a/", "a/c/a/b.txt"});
}

BOOST_FIXTURE_TEST_CASE(paths_of_any_length, trees) {
    const std::string part(200, 'd');
    directory here;
    std::filesystem::create_directories(scratch / "out");
    BOOST_REQUIRE_EQUAL(directory::open(scratch / "out", here), 0);
    std::string relative;
    for (int depth = 0; depth < 30; ++depth) relative += part + '/';
    BOOST_REQUIRE_EQUAL(mlscribe::detail::replace_file(here, relative + "leaf", "x"), 0);
    BOOST_TEST(bring(scratch / "out").empty());
    std::string bytes;
    BOOST_TEST(run.read("artifacts/" + relative + "leaf", bytes) == 0);
    BOOST_TEST(bytes == "x");
    // Boost cannot name paths of that length.
    mlscribe::detail::remove_tree(here, part);
    mlscribe::detail::remove_tree(run, "artifacts");
}

BOOST_AUTO_TEST_SUITE_END()
