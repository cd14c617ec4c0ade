// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/tag/git_repository.hpp>

#include <sys/stat.h>

#include <string>
#include <vector>

#include "git_sandbox.hpp"

using mlscribe::detail::find_git_repository;
using mlscribe::detail::git_repository;
using mlscribe::detail::is_ref_name;

namespace {

const std::string one = "0123456789abcdef0123456789abcdef01234567";
const std::string two = "fedcba9876543210fedcba9876543210fedcba98";

/// A `.git` written by hand.
struct hand_made {
    test::scratch_directory scratch;

    hand_made() {
        for (const char* folder : {"/objects", "/refs/heads", "/src/deep"}) {
            std::filesystem::create_directories(
                scratch.path() + (folder[1] == 's' ? "/tree" : "/tree/.git") + folder);
        }
        write("HEAD", "ref: refs/heads/main\n");
        write("refs/heads/main", one + '\n');
    }
    void write(const std::string& name, const std::string& bytes) const {
        test::write_file(scratch / ("tree/.git/" + name), bytes);
    }
    void remove(const std::string& name) const {
        std::filesystem::remove_all(scratch / ("tree/.git/" + name));
    }
    /// "branch commit", "- commit" for a detached HEAD, "" for none.
    std::string head(const std::string& folder = "tree") const {
        git_repository found;
        if (!find_git_repository(scratch / folder, found) || found.commit.empty()) return {};
        return (found.branch.empty() ? "-" : found.branch) + ' ' + found.commit;
    }
    std::string url() const {
        git_repository found;
        return find_git_repository(scratch / "tree", found) ? found.url() : "(none)";
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(tag_git_repository)

BOOST_FIXTURE_TEST_CASE(heads, hand_made) {
    BOOST_TEST(head() == "main " + one);
    BOOST_TEST(head("tree/src/deep") == "main " + one);
    write("HEAD", two + '\n');
    BOOST_TEST(head() == "- " + two);
    write("HEAD", "ref: refs/heads/topic/a b\n");
    BOOST_TEST(head() == "");
    write("HEAD", "ref: refs/heads/topic/x\n");
    BOOST_TEST(head() == "");  // a branch without a commit
    write("refs/heads/topic/x", two + '\n');
    BOOST_TEST(head() == "topic/x " + two);
    write("refs/heads/alias", "ref: refs/heads/main\n");
    write("HEAD", "ref: refs/heads/alias\n");
    BOOST_TEST(head() == "main " + one);
    write("refs/heads/alias", "ref: refs/heads/alias\n");
    BOOST_TEST(head() == "");
    write("HEAD", "ref: refs/remotes/o/m\n");
    write("refs/remotes/o/m", two + '\n');
    BOOST_TEST(head() == "- " + two);
    remove("HEAD");
    std::filesystem::create_symlink("refs/heads/main", scratch / "tree/.git/HEAD");
    BOOST_TEST(head() == "main " + one);
}

BOOST_FIXTURE_TEST_CASE(packed_refs, hand_made) {
    write("packed-refs", "# pack-refs with: peeled fully-peeled sorted \n" + two +
                             " refs/heads/main\n" + one + " refs/heads/x/main\n^" + two + '\n');
    BOOST_TEST(head() == "main " + one);  // a loose one is newer
    remove("refs/heads/main");
    BOOST_TEST(head() == "main " + two);
    std::filesystem::create_directories(scratch / "tree/.git/refs/heads/main");
    BOOST_TEST(head() == "main " + two);
    write("HEAD", "ref: refs/heads/x/main\n");
    BOOST_TEST(head() == "x/main " + one);
    write("packed-refs", two.substr(1) + " refs/heads/x/main\n");
    BOOST_TEST(head() == "");
    write("packed-refs", 'a' + two + " refs/heads/x/main\n");
    BOOST_TEST(head() == "");
    write("packed-refs", two + " refs/heads/x/main");  // torn
    BOOST_TEST(head() == "");
}

BOOST_FIXTURE_TEST_CASE(damage_gives_no_commit, hand_made) {
    for (const std::string& bad : std::vector<std::string>{
             std::string(), std::string(40, '0'), one.substr(1), one + "0", std::string(40, 'g'),
             std::string(40, '\0'), "ref: ../../secret", "ref: refs/heads/../../HEAD",
             "ref: refs/heads/", std::string(5000, 'a'), one + '\n' + one}) {
        write("HEAD", bad);
        BOOST_TEST(head() == "", bad);
        write("HEAD", "ref: refs/heads/main\n");
        write("refs/heads/main", bad);
        BOOST_TEST(head() == "", bad);
        write("refs/heads/main", one);
        BOOST_TEST(head() == "main " + one);
    }
    remove("HEAD");
    BOOST_TEST(head() == "");
    BOOST_TEST(::mkfifo((scratch / "tree/.git/HEAD").c_str(), 0600) == 0);
    BOOST_TEST(head() == "");
    remove("HEAD");
    write("HEAD", one);
    remove("objects");
    BOOST_TEST(head() == "");
}

BOOST_FIXTURE_TEST_CASE(unknown_formats_give_nothing, hand_made) {
    const auto with = [&](const std::string& config) {
        write("config", config);
        return !head().empty();
    };
    BOOST_TEST(with("[core]\n\trepositoryformatversion = 0\n"));
    BOOST_TEST(with("[core]\n\trepositoryformatversion = 1\n"));
    BOOST_TEST(!with("[core]\n\trepositoryformatversion = 2\n"));
    const std::string version = "[core]\n\trepositoryformatversion = 1\n[extensions]\n\t";
    BOOST_TEST(with(version + "objectFormat = sha1"));
    BOOST_TEST(with(version + "worktreeConfig = true"));
    BOOST_TEST(with(version + "refStorage = files"));
    BOOST_TEST(!with(version + "refStorage = reftable"));
    BOOST_TEST(!with(version + "unheardOf = true"));
    BOOST_TEST(!with(version + "objectFormat = sha256"));  // the commit has 40 digits
    write("refs/heads/main", one + one.substr(0, 24));
    BOOST_TEST(with(version + "objectFormat = sha256"));
    BOOST_TEST(!with("[core"));
    remove("config");
    write("refs/heads/main", one);
    write("HEAD", "ref: refs/heads/.invalid\n");  // what a reftable repository shows
    BOOST_TEST(head() == "");
}

BOOST_FIXTURE_TEST_CASE(nested_repositories_do_not_lend_their_commit, hand_made) {
    std::filesystem::create_directories(scratch / "tree/src/.git");
    BOOST_TEST(head("tree/src/deep") == "");
    std::filesystem::remove(scratch / "tree/src/.git");
    test::write_file(scratch / "tree/src/.git", "gitdir: ../.git\n");
    BOOST_TEST(head("tree/src/deep") == "main " + one);
    for (const char* bad : {"", "gitdir: ", "gitdir: /nowhere\n", "../.git"}) {
        test::write_file(scratch / "tree/src/.git", bad);
        BOOST_TEST(head("tree/src/deep") == "", bad);
    }
    std::filesystem::create_directories(scratch / "elsewhere");
    BOOST_TEST(head("elsewhere") == "");
    BOOST_TEST(head("missing") == "");
}

BOOST_FIXTURE_TEST_CASE(remotes, hand_made) {
    BOOST_TEST(url() == "");
    write("config", "[remote \"up\"]\n url = https://host/up\n[remote \"fork\"]\n url = x:fork\n");
    BOOST_TEST(url() == "https://host/up");  // the first, as MLflow
    write("config",
          "[remote \"up\"]\n url = https://host/up\n[remote \"origin\"]\n url = https://me:s3cr3t@"
          "host/origin\n url = https://host/second\n");
    BOOST_TEST(url() == "https://host/origin");
    write("config",
          "[remote \"up\"]\n url = https://host/up\n[remote \"origin\"]\n url = https://host/origin"
          "\n[branch \"main\"]\n remote = up\n");
    BOOST_TEST(url() == "https://host/up");
    write("HEAD", one);
    BOOST_TEST(url() == "https://host/origin");
}

BOOST_AUTO_TEST_CASE(names_of_refs) {
    for (const char* good :
         {"refs/heads/main", "refs/heads/a/b", "refs/heads/\xC3\xBC@", "refs/x"}) {
        BOOST_TEST(is_ref_name(good), good);
    }
    for (const char* bad :
         {"", "HEAD", "refs/", "refs/heads/", "refs/heads/../x", "refs//x", "refs/heads/.x",
          "refs/heads/x.", "refs/heads/x.lock", "refs/a.lock/b", "refs/heads/a b", "refs/heads/a~1",
          "refs/heads/a:b", "refs/heads/@{x", "refs/heads/\x01", "/refs/heads/x"}) {
        BOOST_TEST(!is_ref_name(bad), bad);
    }
}

BOOST_AUTO_TEST_CASE(as_git_says, *boost::unit_test::precondition(test::has_git)) {
    const test::git_sandbox box;
    const auto agrees = [&](const std::string& folder) {
        const git_repository found = box.read(folder);
        std::string branch = box.git("rev-parse --abbrev-ref HEAD", folder);
        if (branch == "HEAD") branch.clear();
        BOOST_TEST(found.commit == box.git("rev-parse HEAD", folder));
        BOOST_TEST(found.branch == branch);
    };
    agrees("tree");
    agrees("tree/src/deep");
    box.git("pack-refs --all");
    agrees("tree");
    box.git("checkout -q -b topic/with-slash");
    agrees("tree");
    box.git("worktree add -q ../second");
    agrees("second");
    box.git("checkout -q --detach", "second");
    agrees("second");
    agrees("tree");
    const test::git_sandbox inner;
    box.git("submodule --quiet add '" + inner.path() + "' sub");
    agrees("tree/sub");
    box.git("clone -q tree copy", ".");
    agrees("copy");
    BOOST_TEST(box.read("copy").url() == box.git("remote get-url origin", "copy"));
    box.git("init -q -b main fresh", ".");
    BOOST_TEST(box.read("fresh").commit == "");
    box.git("init -q --object-format=sha256 long", ".");
    box.git("commit -q --allow-empty -m x", "long");
    agrees("long");
}

BOOST_AUTO_TEST_SUITE_END()
