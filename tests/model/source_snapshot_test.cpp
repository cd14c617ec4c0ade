// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/layout/json_document.hpp>
#include <mlscribe/model/source_snapshot.hpp>

#include <sys/stat.h>

#include <string>
#include <string_view>
#include <vector>

#include "environment.hpp"
#include "git_sandbox.hpp"
#include "scratch_directory.hpp"

using mlscribe::document;
using mlscribe::detail::directory;
using mlscribe::detail::source_request;
using mlscribe::detail::source_snapshot;

namespace {

/// A model's directory with the source that a request asks for.
class kept_source {
  public:
    explicit kept_source(const source_request& request) {
        directory model;
        BOOST_TEST_REQUIRE(directory::open(scratch_.path(), model) == 0);
        source_snapshot snapshot(model, request);
        BOOST_TEST(snapshot.write().message == "");
        missing_ = snapshot.missing();
        description_ =
            mlscribe::parse_json(test::read_file(scratch_ / "mlscribe/source.json")).value();
    }

    /// The text, list or nothing under a key of source.json.
    std::string told(std::string_view key) const {
        const document* const value = description_.find(key);
        if (value == nullptr) return "(none)";
        return value->type == document::kind::list ? mlscribe::json_line(*value) : value->text;
    }
    std::string file(const std::string& name) const {
        const std::string path = scratch_ / ("mlscribe/source/" + name);
        return test::exists(path) ? test::read_file(path) : "(none)";
    }
    std::string place(const std::string& name) const {
        return scratch_ / ("mlscribe/source/" + name);
    }
    const std::vector<std::string>& missing() const { return missing_; }

  private:
    test::scratch_directory scratch_;
    document description_;
    std::vector<std::string> missing_;
};

source_request about(const test::git_sandbox& box, const std::vector<std::string>& files = {}) {
    source_request request;
    request.directory = box.path();
    request.files = files;
    return request;
}

/// Bytes and time of the index: git rewrites it when it has looked at touched files.
std::string index_of(const test::git_sandbox& box) {
    struct stat found {};
    ::stat((box / ".git/index").c_str(), &found);
    return test::read_file(box / ".git/index") + std::to_string(found.st_mtim.tv_sec) + '.' +
           std::to_string(found.st_mtim.tv_nsec);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(model_source_snapshot, *boost::unit_test::precondition(test::has_git))

BOOST_AUTO_TEST_CASE(a_dirty_tree_can_be_made_again_and_is_not_touched) {
    const test::git_sandbox box;
    box.git("remote add origin https://me:t0ken@host/x.git");
    box.write("a.txt", "changed\n");
    box.write("src/b.txt", std::string("\0\1\2", 3));
    box.write("src/new.cpp", "staged\n");
    box.git("add src/new.cpp");
    box.write("loose.cpp", "");
    box.write("heap/one", "");
    box.write("heap/two", "");
    box.write("out.o", "");
    box.write(".gitignore", "*.o\n");
    test::shell("touch -d '2001-01-01' '" + (box / "src/deep/c.txt") + "'");
    const std::string index = index_of(box);
    const kept_source source(about(box));
    BOOST_TEST((index_of(box) == index));
    BOOST_TEST(source.told("commit") == box.git("rev-parse HEAD"));
    BOOST_TEST(source.told("branch") == "main");
    BOOST_TEST(source.told("repository") == "https://host/x.git");
    BOOST_TEST(source.told("dirty") == "true");
    BOOST_TEST(source.told("changes") == "changes.diff");
    BOOST_TEST(source.told("changes_note") == "(none)");
    BOOST_TEST(source.told("untracked") == R"([".gitignore", "heap/", "loose.cpp"])");
    box.git("clone -q tree again", ".");
    box.git("apply '" + source.place("changes.diff") + "'", "again");
    for (const char* name : {"a.txt", "src/b.txt", "src/new.cpp", "src/deep/c.txt"}) {
        BOOST_TEST((test::read_file(box.beside("again/") + name) == test::read_file(box / name)),
                   name);
    }
}

BOOST_AUTO_TEST_CASE(a_clean_tree_has_no_changes) {
    const test::git_sandbox box;
    const kept_source source(about(box));
    BOOST_TEST(source.told("dirty") == "false");
    BOOST_TEST(source.told("changes") == "");
    BOOST_TEST(source.told("repository") == "");
    BOOST_TEST(source.told("untracked") == "[]");
    BOOST_TEST(source.file("changes.diff") == "(none)");
}

BOOST_AUTO_TEST_CASE(settings_and_variables_of_git_do_not_lead_astray) {
    const test::git_sandbox box;
    const test::git_sandbox other;
    other.write("a.txt", "other\n");
    other.git("commit -q -a -m two");
    box.write("a.txt", "changed\n");
    box.write(".gitattributes", "*.txt diff=shout\n");
    box.git("config diff.shout.textconv 'echo shouted; false'");
    box.git("config diff.shout.command 'echo told by a program'");
    box.git("config diff.external 'echo told by a program'");
    box.git("config diff.noprefix true");
    box.git("config color.ui always");
    box.git("config core.pager 'echo paged'");
    const test::variable directory("GIT_DIR", (other / ".git").c_str());
    const test::variable program("GIT_EXTERNAL_DIFF", "echo");
    const test::variable pager("GIT_PAGER", "echo");
    const kept_source source(about(box));
    BOOST_TEST(source.file("changes.diff") ==
               "diff --git a/a.txt b/a.txt\nindex 9c59e24..5ea2ed4 100644\n--- a/a.txt\n"
               "+++ b/a.txt\n@@ -1 +1 @@\n-first\n+changed\n");
}

BOOST_AUTO_TEST_CASE(large_changes_are_cut_and_say_so) {
    const test::git_sandbox box;
    box.write("a.txt", std::string(5000, 'x') + '\n');
    source_request request = about(box);
    request.git.bytes = 1000;
    const kept_source source(request);
    BOOST_TEST(source.file("changes.diff").size() == 1000u);
    BOOST_TEST(source.told("dirty") == "true");
    BOOST_TEST(source.told("changes_note") == "cut after 1000 bytes");
}

BOOST_AUTO_TEST_CASE(without_git_the_commit_is_told_all_the_same) {
    const test::git_sandbox box;
    const std::string commit = box.git("rev-parse HEAD");
    box.write("a.txt", "changed\n");
    const test::variable path("PATH", "/nowhere");
    const kept_source source(about(box));
    BOOST_TEST(source.told("commit") == commit);
    BOOST_TEST(source.told("dirty") == "true");
    BOOST_TEST(source.told("changes") == "");
    BOOST_TEST(source.told("changes_note") == "git is not installed");
    BOOST_TEST(source.told("untracked_note") == "git is not installed");
}

BOOST_AUTO_TEST_CASE(a_git_that_fails_is_quoted) {
    const test::git_sandbox box;
    box.write("a.txt", "changed\n");
    box.git("config core.bare true");
    const kept_source source(about(box));
    BOOST_TEST(source.told("changes_note").find("git failed: fatal: ") == 0u);
}

BOOST_AUTO_TEST_CASE(files_keep_their_place_in_the_repository_or_their_name) {
    const test::git_sandbox box;
    const test::scratch_directory elsewhere;
    test::write_file(elsewhere / "a.txt", "other\n");
    test::write_file(elsewhere / "more/a.txt", std::string("\0\xFF", 2));
    test::write_file(elsewhere / "changes.diff", "mine\n");
    source_request request =
        about(box, {"src/b.txt", elsewhere / "a.txt", box / "a.txt", elsewhere / "more/a.txt",
                    elsewhere / "more/../a.txt", elsewhere / "changes.diff"});
    request.caller = box / "src/deep/c.txt";
    const kept_source source(request);
    BOOST_TEST(source.missing().empty());
    BOOST_TEST(source.file("src/deep/c.txt") == "third\n");
    BOOST_TEST(source.file("src/b.txt") == "second\n");
    BOOST_TEST(source.file("a.txt") == "other\n");
    BOOST_TEST(source.file("2/a.txt") == "first\n");
    BOOST_TEST((source.file("3/a.txt") == std::string("\0\xFF", 2)));
    BOOST_TEST(source.file("2/changes.diff") == "mine\n");
    BOOST_TEST(source.told("files").find(R"({"path": "2/a.txt", "from": ")" + box.path()) !=
               std::string::npos);
    BOOST_TEST(source.told("missing") == "[]");
}

BOOST_AUTO_TEST_CASE(what_is_not_kept_says_why) {
    const test::git_sandbox box;
    box.write("large.bin", std::string(2000, 'x'));
    BOOST_TEST_REQUIRE(::mkfifo((box / "fifo").c_str(), 0600) == 0);
    source_request request =
        about(box, {"no such.cpp", box / "src", box / "large.bin", box / "fifo", ""});
    request.caller = "/nowhere/main.cpp";
    request.largest_file = 1999;
    const kept_source source(request);
    BOOST_TEST_REQUIRE(source.missing().size() == 5u);
    BOOST_TEST(source.missing()[0] ==
               "source file \"no such.cpp\": not found from the working directory, the program or "
               "its repository");
    BOOST_TEST(source.missing()[1].find("is a directory; name its files") != std::string::npos);
    BOOST_TEST(source.missing()[2].find("has 2000 bytes, more than 1999") != std::string::npos);
    BOOST_TEST(source.missing()[3].find("is no plain file") != std::string::npos);
    // The caller's file is no wish of the user's.
    BOOST_TEST(source.told("missing").find(R"([{"file": "/nowhere/main.cpp", "why": "not found)") ==
               0u);
    BOOST_TEST(source.told("files") == "[]");
}

BOOST_AUTO_TEST_CASE(a_program_outside_any_repository_keeps_its_files) {
    const test::scratch_directory scratch;
    test::write_file(scratch / "main.cpp", "int main() {}\n");
    source_request request;
    request.directory = scratch.path();
    request.caller = scratch / "main.cpp";
    const kept_source source(request);
    BOOST_TEST(source.told("commit") == "(none)");
    BOOST_TEST(source.file("main.cpp") == "int main() {}\n");
}

BOOST_AUTO_TEST_SUITE_END()
