// SPDX-License-Identifier: MIT
/// \file A git repository of a test's own, made by the real git.
#ifndef MLSCRIBE_TESTS_GIT_SANDBOX_HPP
#define MLSCRIBE_TESTS_GIT_SANDBOX_HPP

#include <mlscribe/tag/git_repository.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "give_up.hpp"
#include "scratch_directory.hpp"

namespace test {

/// Runs a shell line. \return what it printed, without the last line end; throws where it fails
inline std::string shell(const std::string& line) {
    std::FILE* const pipe = ::popen((line + " 2>&1").c_str(), "r");
    if (pipe == nullptr) give_up("no shell");
    std::string text;
    char block[4096];
    while (const std::size_t count = std::fread(block, 1, sizeof block, pipe)) {
        text.append(block, count);
    }
    if (::pclose(pipe) != 0) give_up(line + ": " + text);
    if (!text.empty() && text.back() == '\n') text.pop_back();
    return text;
}

/// A precondition of test cases.
inline boost::test_tools::assertion_result has_git(boost::unit_test::test_unit_id) {
    return std::system("git --version >/dev/null 2>&1") == 0;
}

/// A folder in which git runs untouched by the settings of whoever runs the test.
class git_sandbox {
  public:
    git_sandbox() {
        git("init -q -b main");
        write("a.txt", "first\n");
        write("src/b.txt", "second\n");
        write("src/deep/c.txt", "third\n");
        write("run.sh", "#!/bin/sh\n");
        shell("chmod +x '" + (*this / "run.sh") + "'");
        git("add .");
        git("commit -q -m one");
    }

    std::string path() const { return scratch_ / "tree"; }
    std::string operator/(const std::string& name) const { return path() + '/' + name; }
    std::string beside(const std::string& name) const { return scratch_ / name; }

    void write(const std::string& name, const std::string& bytes) const {
        write_file(*this / name, bytes);
    }

    std::string git(const std::string& arguments, const std::string& folder = "tree") const {
        return shell("mkdir -p '" + beside(folder) + "' && cd '" + beside(folder) +
                     "' && env -u GIT_DIR -u GIT_WORK_TREE -u GIT_INDEX_FILE HOME='" +
                     scratch_.path() +
                     "' GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b "
                     "GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b git "
                     "-c protocol.file.allow=always " +
                     arguments);
    }

    mlscribe::detail::git_repository read(const std::string& folder = "tree") const {
        mlscribe::detail::git_repository found;
        mlscribe::detail::find_git_repository(beside(folder), found);
        return found;
    }

  private:
    scratch_directory scratch_;
};

}  // namespace test

#endif
