// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/tag/git_work_tree.hpp>

#include <string>

#include "git_sandbox.hpp"

using mlscribe::detail::git_budget;
using mlscribe::detail::git_dirty;
using mlscribe::detail::git_state;

namespace {

const char* text_of(git_state state) {
    return state == git_state::clean ? "clean" : state == git_state::dirty ? "dirty" : "unknown";
}

/// What `git status` says. It comes after ours, for it refreshes the index.
const char* state_of_git(const test::git_sandbox& box, const std::string& folder = "tree") {
    return box.git("status --porcelain -uno", folder).empty() ? "clean" : "dirty";
}

std::string state(const test::git_sandbox& box, const std::string& folder = "tree") {
    git_budget budget;
    budget.nanoseconds *= 600;  // a busy machine may be slow
    return text_of(git_dirty(box.read(folder), budget));
}

void check(const test::git_sandbox& box, const std::string& expected,
           const std::string& folder = "tree") {
    BOOST_TEST(state(box, folder) == expected);
    BOOST_TEST(state_of_git(box, folder) == expected);
    BOOST_TEST(state(box, folder) == expected);  // and with the index that git has refreshed
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tag_git_work_tree, *boost::unit_test::precondition(test::has_git))

BOOST_AUTO_TEST_CASE(what_is_committed_is_clean) {
    const test::git_sandbox box;
    check(box, "clean");
    box.write("untracked.txt", "x");
    check(box, "clean");
    test::shell("touch -d '2001-01-01' '" + (box / "a.txt") + "'");  // other times, same content
    BOOST_TEST(state(box) == "clean");
    check(box, "clean");
    test::shell("cp -r '" + box.path() + "' '" + box.beside("copy") + "'");
    check(box, "clean", "copy");
}

BOOST_AUTO_TEST_CASE(changed_files) {
    const test::git_sandbox box;
    box.write("a.txt", "first and more\n");
    check(box, "dirty");
    box.write("a.txt", "first\n");
    check(box, "clean");
    box.write("src/deep/c.txt", "THIRD\n");  // of the same size, within a tick of the clock
    check(box, "dirty");
    box.git("checkout -q .");
    check(box, "clean");
    test::shell("rm '" + (box / "src/b.txt") + "'");
    check(box, "dirty");
    box.git("checkout -q .");
    test::shell("rm -r '" + (box / "src") + "'");
    check(box, "dirty");
}

BOOST_AUTO_TEST_CASE(a_change_that_keeps_size_and_time) {
    const test::git_sandbox box;
    test::shell("touch -d '2020-01-01' '" + (box / "a.txt") + "'");
    box.git("update-index --refresh");
    box.write("a.txt", "FIRST\n");
    test::shell("touch -d '2020-01-01' '" + (box / "a.txt") + "'");
    // Within one second git itself takes it for clean: it leaves out the fraction of ctime.
    BOOST_TEST(state(box) == "dirty");
}

BOOST_AUTO_TEST_CASE(a_file_as_young_as_the_index_is_read) {
    const test::git_sandbox box;
    git_budget nothing_read;
    nothing_read.hashed_bytes = 3;
    const auto without_reading = [&] {
        return std::string(text_of(git_dirty(box.read(), nothing_read)));
    };
    test::shell("touch -d '+1 hour' '" + (box / ".git/index") + "'");
    BOOST_TEST(without_reading() == "clean");
    test::shell("touch -d '-1 hour' '" + (box / ".git/index") + "'");
    BOOST_TEST(without_reading() == "unknown");
    BOOST_TEST(state(box) == "clean");
}

BOOST_AUTO_TEST_CASE(modes_and_links) {
    const test::git_sandbox box;
    test::shell("chmod -x '" + (box / "run.sh") + "'");
    check(box, "dirty");
    box.git("config core.fileMode false");
    check(box, "clean");
    test::shell("cd '" + box.path() + "' && ln -s a.txt link");
    box.git("add link");
    box.git("commit -q -m link");
    check(box, "clean");
    test::shell("cd '" + box.path() + "' && ln -sf b.txt link");
    check(box, "dirty");
    box.git("checkout -q link");
    test::shell("cd '" + box.path() + "' && rm a.txt && ln -s run.sh a.txt");
    check(box, "dirty");
    box.git("checkout -q a.txt");
    test::shell("cd '" + box.path() + "' && cp -r src other && rm -r src && ln -s other src");
    check(box, "dirty");
}

BOOST_AUTO_TEST_CASE(staged_changes) {
    const test::git_sandbox box;
    box.write("a.txt", "staged\n");
    box.git("add a.txt");
    check(box, "dirty");
    box.write("a.txt", "first\n");
    check(box, "dirty");  // staged one way, changed back in the file
    box.git("add a.txt");
    check(box, "clean");
    box.write("new.txt", "");
    box.git("add new.txt");
    check(box, "dirty");
    box.git("reset -q");
    check(box, "clean");
    box.git("add -N new.txt");
    check(box, "dirty");
    box.git("reset -q");
    box.git("rm -q --cached src/deep/c.txt");
    check(box, "dirty");
    box.git("reset -q");
    box.git("mv a.txt z.txt");
    check(box, "dirty");
}

BOOST_AUTO_TEST_CASE(commits_in_packs) {
    const test::git_sandbox box;
    for (int i = 0; i < 5; ++i) {
        box.write("a.txt", std::to_string(i));
        box.git("commit -q -a -m " + std::to_string(i));
    }
    box.git("gc -q --aggressive --prune=now");
    check(box, "clean");
    box.git("clone -q --shared tree shared", ".");
    check(box, "clean", "shared");
    box.git("clone -q --no-checkout tree empty", ".");
    check(box, "dirty", "empty");
    box.git("clone -q --depth 1 file://" + box.path() + " shallow", ".");
    check(box, "clean", "shallow");
    box.git("worktree add -q ../second");
    check(box, "clean", "second");
    test::write_file(box.beside("second/a.txt"), "changed");
    check(box, "dirty", "second");
    check(box, "clean");
    box.git("commit -q --allow-empty -m long -m \"$(seq 20000)\"");
    BOOST_TEST(state(box) == "unknown");  // the commit is longer than what is read
    box.write("a.txt", "but this is sure");
    check(box, "dirty");
}

BOOST_AUTO_TEST_CASE(conflicts_and_what_git_was_told) {
    const test::git_sandbox box;
    box.git("checkout -q -b side");
    box.write("a.txt", "side\n");
    box.git("commit -q -a -m side");
    box.git("checkout -q main");
    box.write("a.txt", "main\n");
    box.git("commit -q -a -m main");
    box.git("merge side || true");  // git ends with 1 on the conflict, which the check sees
    check(box, "dirty");
    box.git("merge --abort");
    check(box, "clean");
    box.git("update-index --assume-unchanged a.txt");
    box.write("a.txt", "any\n");
    check(box, "clean");
    box.git("update-index --no-assume-unchanged a.txt");
    check(box, "dirty");
    box.git("update-index --skip-worktree a.txt");
    check(box, "clean");
}

BOOST_AUTO_TEST_CASE(versions_of_the_index) {
    const test::git_sandbox box;
    for (const char* version : {"4", "3", "2"}) {
        box.git(std::string("update-index --index-version ") + version);
        check(box, "clean");
        box.write("src/b.txt", "SECOND\n");
        check(box, "dirty");
        box.git("checkout -q .");
    }
    box.git("update-index --split-index");
    box.write("src/b.txt", "SECOND\n");
    BOOST_TEST(state(box) == "unknown");
}

BOOST_AUTO_TEST_CASE(sparse_checkouts) {
    const test::git_sandbox box;
    box.write("docs/text/d.txt", "fourth\n");
    box.git("add .");
    box.git("commit -q -m docs");
    box.git("sparse-checkout set --cone --sparse-index src");
    BOOST_TEST(!test::exists(box / "docs"));
    check(box, "clean");
    box.write("src/b.txt", "SECOND\n");
    check(box, "dirty");
}

BOOST_AUTO_TEST_CASE(submodules) {
    const test::git_sandbox box;
    const test::git_sandbox inner;
    box.git("submodule --quiet add '" + inner.path() + "' sub");
    box.git("commit -q -m sub");
    check(box, "clean");
    check(box, "clean", "tree/sub");
    box.write("sub/a.txt", "FIRST\n");
    check(box, "dirty");
    box.git("checkout -q .", "tree/sub");
    check(box, "clean");
    box.git("commit -q --allow-empty -m ahead", "tree/sub");
    check(box, "dirty");
    box.git("clone -q tree without", ".");
    check(box, "clean", "without");
}

BOOST_AUTO_TEST_CASE(line_ends_and_filters) {
    const test::git_sandbox box;
    box.write(".gitattributes", "*.txt text eol=crlf\n");
    box.git("add .");
    box.git("commit -q -m attributes");
    test::shell("rm '" + (box / "a.txt") + "'");
    box.git("checkout -q a.txt");
    BOOST_TEST(test::read_file(box / "a.txt") == "first\r\n");
    test::shell("touch -d '2001-01-01' '" + (box / "a.txt") + "'");
    BOOST_TEST(state(box) == "clean");
    check(box, "clean");
    box.write("a.txt", "FIRST\r\n");
    check(box, "dirty");
    box.git("checkout -q .");
    // What a filter would make of a file is not known, so its change is not sure; others are.
    box.write(".gitattributes", "*.bin filter=large\n");
    box.write("w.bin", "1234");
    box.git("add .");
    box.git("commit -q -m filter");
    check(box, "clean");
    box.write("w.bin", "4321");
    BOOST_TEST(state(box) == "unknown");
    box.write("run.sh", "#!/bin/zz\n");
    check(box, "dirty");
}

BOOST_AUTO_TEST_CASE(a_look_is_bounded) {
    const test::git_sandbox box;
    const auto with = [&](const git_budget& budget) {
        return std::string(text_of(git_dirty(box.read(), budget)));
    };
    git_budget budget;
    budget.nanoseconds = -1;
    BOOST_TEST(with(budget) == "unknown");
    budget = {};
    budget.largest_index = 100;
    BOOST_TEST(with(budget) == "unknown");
    test::shell("touch -d '2001-01-01' '" + (box / "a.txt") + "'");
    budget = {};
    budget.hashed_bytes = 3;
    BOOST_TEST(with(budget) == "unknown");
    budget.hashed_bytes = 1000;
    BOOST_TEST(with(budget) == "clean");
}

BOOST_AUTO_TEST_CASE(damage_and_what_is_not_a_work_tree) {
    const test::git_sandbox box;
    const std::string index = test::read_file(box / ".git/index");
    std::string damaged = index;
    damaged[100] = static_cast<char>(damaged[100] ^ 1);
    box.write(".git/index", damaged);
    BOOST_TEST(state(box) == "unknown");
    box.write(".git/index", "");
    BOOST_TEST(state(box) == "unknown");
    box.write(".git/index", index);
    BOOST_TEST(state(box) == "clean");
    box.git("config core.worktree ..");
    BOOST_TEST(state(box) == "clean");
    box.git("config core.worktree /");
    BOOST_TEST(state(box) == "unknown");
    box.git("config --unset core.worktree");
    test::shell("rm -rf '" + (box / ".git/objects") + "'/??");
    BOOST_TEST(state(box) == "unknown");
    box.git("init -q --object-format=sha256 other", ".");
    test::write_file(box.beside("other/a"), "x");
    box.git("add .", "other");
    box.git("commit -q -m x", "other");
    BOOST_TEST(state(box, "other") == "unknown");
}

BOOST_AUTO_TEST_SUITE_END()
