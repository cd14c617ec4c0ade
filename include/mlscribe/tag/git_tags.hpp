// SPDX-License-Identifier: MIT
/// \file The tags about the source code's git repository.
#ifndef MLSCRIBE_TAG_GIT_TAGS_HPP
#define MLSCRIBE_TAG_GIT_TAGS_HPP

#include <mlscribe/tag/git_repository.hpp>
#include <mlscribe/tag/git_work_tree.hpp>
#include <mlscribe/tag/source_tags.hpp>

#include <unistd.h>

#include <atomic>
#include <memory>
#include <string>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// The folder of the running program's file, or "".
inline std::string program_folder() {
    char path[PATH_MAX];
    const ssize_t size = ::readlink("/proc/self/exe", path, sizeof path);
    const std::string text(path, size < 0 ? 0 : static_cast<std::size_t>(size));
    return text.substr(0, text.rfind('/') + 1);
}

/// mlflow.source.git.commit, .branch and .repoURL, under MLflow's names, and mlscribe.git.dirty:
/// `true`, `false` or `unknown`. As in MLflow there are none without a commit.
inline tag_list tags_of_repository(const git_repository& repository) {
    tag_list tags;
    if (repository.commit.empty()) return tags;
    tags.emplace_back("mlflow.source.git.commit", repository.commit);
    if (!repository.branch.empty())
        tags.emplace_back("mlflow.source.git.branch", repository.branch);
    if (std::string url = repository.url(); !url.empty()) {
        tags.emplace_back("mlflow.source.git.repoURL", std::move(url));
    }
    const git_state state = git_dirty(repository);
    tags.emplace_back("mlscribe.git.dirty", state == git_state::clean   ? "false"
                                            : state == git_state::dirty ? "true"
                                                                        : "unknown");
    return tags;
}

/// The tags of the repository that `folder` lies in; of an empty one that of the running program's
/// file. Not that of the working directory: it may be another project's.
inline tag_list find_git_tags(const std::string& folder) {
    git_repository found;
    const std::string where = folder.empty() ? program_folder() : folder;
    if (where.empty() || !find_git_repository(where, found)) return {};
    return tags_of_repository(found);
}

/// find_git_tags(), looked up once a process and folder as in MLflow: a program keeps running what
/// it was built from, whatever is committed meanwhile. \threadsafety any thread, forked children
/// too
inline tag_list git_tags(const std::string& folder) {
    struct known_tags {
        std::string folder;
        tag_list tags;
        const known_tags* next;
    };
    // Only ever longer and kept for good, without a lock that a forked child could find taken.
    static std::atomic<const known_tags*> newest{nullptr};
    std::unique_ptr<known_tags> made;
    const known_tags* first = newest.load(std::memory_order_acquire);
    for (;;) {
        for (const known_tags* known = first; known != nullptr; known = known->next) {
            if (known->folder == folder) return known->tags;
        }
        if (made == nullptr) made.reset(new known_tags{folder, find_git_tags(folder), nullptr});
        made->next = first;
        // Where another thread was quicker, its folder may be the same.
        if (newest.compare_exchange_strong(first, made.get(), std::memory_order_acq_rel)) {
            return made.release()->tags;
        }
    }
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
