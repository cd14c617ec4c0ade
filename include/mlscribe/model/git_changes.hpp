// SPDX-License-Identifier: MIT
/// \file What a work tree has beyond its commit, as the program `git` tells it; nothing is changed.
#ifndef MLSCRIBE_MODEL_GIT_CHANGES_HPP
#define MLSCRIBE_MODEL_GIT_CHANGES_HPP

#include <mlscribe/config/environment_variables.hpp>
#include <mlscribe/file/program_output.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// This process's environment without git's variables, which may point to another repository or
/// to programs; git takes no lock that it can do without, and asks nobody.
inline std::vector<std::string> git_environment() {
    std::vector<std::string> variables = {"GIT_OPTIONAL_LOCKS=0", "GIT_TERMINAL_PROMPT=0",
                                          "LC_ALL=C"};
    for_each_environment_variable([&variables](std::string_view variable) {
        if (variable.substr(0, 4) != "GIT_" && variable.substr(0, 7) != "LC_ALL=") {
            variables.emplace_back(variable);
        }
    });
    return variables;
}

/// Runs git in a work tree.
inline program_output run_git(const std::string& work_tree, std::vector<std::string> arguments,
                              const program_bounds& bounds) {
    // A refresh would rewrite the index; a monitor would be a program that stays.
    std::vector<std::string> command = {"git",     "-C",
                                        work_tree, "--no-pager",
                                        "-c",      "core.fsmonitor=false",
                                        "-c",      "diff.autoRefreshIndex=false"};
    for (std::string& argument : arguments) command.push_back(std::move(argument));
    program_output output = run_program(command, git_environment(), bounds);
    // Where SIGCHLD is ignored nobody knows how it ended.
    if (output.failure.empty() && output.complaint.substr(0, 6) == "fatal:") {
        output.failure =
            "git failed: " + output.complaint.substr(0, output.complaint.find_first_of("\r\n"));
    }
    return output;
}

/// The changes of tracked files since HEAD, as `git apply` takes them.
inline program_output git_diff(const std::string& work_tree, const program_bounds& bounds) {
    return run_git(work_tree,
                   {"diff", "HEAD", "--binary", "--no-color", "--no-ext-diff", "--no-textconv",
                    "--src-prefix=a/", "--dst-prefix=b/", "--"},
                   bounds);
}

/// The names of files that git neither tracks nor ignores, relative to the work tree; of a folder
/// without tracked files only its own name, with a slash behind it.
/// \param failure  why they are not all, or ""
inline std::vector<std::string> git_untracked(const std::string& work_tree,
                                              const program_bounds& bounds, std::string& failure) {
    const program_output output = run_git(
        work_tree,
        {"ls-files", "--others", "--exclude-standard", "--directory", "--no-empty-directory", "-z"},
        bounds);
    failure = output.failure;
    std::vector<std::string> names;
    std::size_t begin = 0;
    std::size_t end = output.text.find('\0');
    // What a cut leaves of a last name is none.
    for (; end != std::string::npos; end = output.text.find('\0', begin)) {
        names.push_back(output.text.substr(begin, end - begin));
        begin = end + 1;
    }
    return names;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
