// SPDX-License-Identifier: MIT
/// \file The source that a model comes from: files, commit, and what is not committed.
#ifndef MLSCRIBE_MODEL_SOURCE_SNAPSHOT_HPP
#define MLSCRIBE_MODEL_SOURCE_SNAPSHOT_HPP

#include <mlscribe/file/publish.hpp>
#include <mlscribe/layout/json_text.hpp>
#include <mlscribe/model/git_changes.hpp>
#include <mlscribe/model/source_files.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

inline constexpr std::string_view source_path = "mlscribe/source.json";

/// Which source is kept.
struct source_request {
    std::vector<std::string> files = {};  ///< as the user names them
    std::string caller = {};              ///< `__FILE__` of who logs the model; may be ""
    std::string directory = {};  ///< in the repository; empty: that of the program's own file
    std::uint64_t largest_file = std::uint64_t{16} << 20;
    program_bounds git = {};  ///< of each of two calls
};

/// Writes `mlscribe/source.json`, `mlscribe/source/…` and, where tracked files differ from the
/// commit, `mlscribe/source/changes.diff` for `git apply`. \threadsafety one thread
class source_snapshot {
  public:
    source_snapshot(const directory& model, source_request request)
        : model_(model), request_(std::move(request)) {}

    /// What cannot be had (a file, a repository, the program git) is told in source.json.
    /// \onfailure system: the model's directory cannot be written
    /// \cost runs git twice where there is a repository, once where its tracked files are clean
    error write() {
        git_repository repository;
        const std::string start =
            request_.directory.empty() ? program_folder() : request_.directory;
        const bool found = !start.empty() && find_git_repository(start, repository);
        if (found) {
            if (error failure = describe_repository(repository)) return failure;
        }
        source_keeper keeper(model_, found ? repository.work_tree : "", request_.largest_file);
        std::string ignored;
        if (!request_.caller.empty()) {
            if (error failure = keeper.keep(request_.caller, ignored)) return failure;
        }
        for (const std::string& file : request_.files) {
            std::string why;
            if (error failure = keeper.keep(file, why)) return failure;
            if (!why.empty()) missing_.push_back("source file \"" + shown(file) + "\": " + why);
        }
        add_member(description_, "files", keeper.kept());
        add_member(description_, "missing", keeper.missing());
        return write_file(source_path, json_text(description_));
    }

    /// The files that the user named and that are not kept, in sentences.
    const std::vector<std::string>& missing() const noexcept { return missing_; }

  private:
    error write_file(const std::string_view path, const std::string& text) const {
        const int failed = replace_file(model_, path, text);
        return failed == 0 ? error{} : system_error("cannot write", path, failed);
    }

    template <class Value>
    void add_known(const char* key, const Value& value, bool known) {
        add_member(description_, key, known ? document_of(value) : document{});
    }

    error describe_repository(const git_repository& repository) {
        const std::string url = repository.url();
        add_known("commit", repository.commit, !repository.commit.empty());
        add_known("branch", repository.branch, !repository.branch.empty());
        add_known("repository", url, !url.empty());
        if (repository.commit.empty()) return {};
        git_state state = git_dirty(repository);
        program_output changes;
        if (state != git_state::clean) {
            changes = git_diff(repository.work_tree, request_.git);
            if (!changes.text.empty()) {
                state = git_state::dirty;
            } else if (changes.failure.empty() && state == git_state::unknown) {
                state = git_state::clean;
            }
        }
        add_known("dirty", state == git_state::dirty, state != git_state::unknown);
        add_known("changes", changes_name, !changes.text.empty());
        if (!changes.failure.empty()) add_member(description_, "changes_note", changes.failure);
        std::string failure;
        add_member(description_, "untracked",
                   git_untracked(repository.work_tree, request_.git, failure));
        if (!failure.empty()) add_member(description_, "untracked_note", failure);
        if (changes.text.empty()) return {};
        return write_file(std::string(source_folder) + std::string(changes_name), changes.text);
    }

    const directory& model_;
    source_request request_;
    document description_;
    std::vector<std::string> missing_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
