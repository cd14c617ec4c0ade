// SPDX-License-Identifier: MIT
/// \file Source files that are kept with a model: where they are, and under which names.
#ifndef MLSCRIBE_MODEL_SOURCE_FILES_HPP
#define MLSCRIBE_MODEL_SOURCE_FILES_HPP

#include <mlscribe/artifact/artifact_path.hpp>
#include <mlscribe/error/system_error.hpp>
#include <mlscribe/file/copy.hpp>
#include <mlscribe/layout/document.hpp>
#include <mlscribe/reflect/document_of.hpp>
#include <mlscribe/tag/git_tags.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

inline constexpr std::string_view source_folder = "mlscribe/source/";
inline constexpr std::string_view changes_name = "changes.diff";

inline bool is_below(std::string_view path, std::string_view folder) noexcept {
    return path.size() > folder.size() && path.substr(0, folder.size()) == folder &&
           path[folder.size()] == '/';
}

/// Where a file is that a user or a compiler names: seen from the working directory, from the
/// folder of the program and those above it up to the work tree (a build directory is one of
/// them), from the work tree. \param work_tree  without links and dots; may be ""
/// \return its path without links and dots, or ""
inline std::string locate_source_file(const std::string& named, const std::string& work_tree) {
    std::string found = real_path(named);
    if (!found.empty() || named.empty() || named.front() == '/') return found;
    std::string folder = real_path(program_folder());
    while (!folder.empty()) {
        found = real_path(folder + '/' + named);
        if (!found.empty()) return found;
        if (work_tree.empty() || !is_below(folder, work_tree)) break;
        folder.resize(folder.rfind('/'));
    }
    return work_tree.empty() ? found : real_path(work_tree + '/' + named);
}

/// Copies source files below `mlscribe/source/` and keeps account of them.
class source_keeper {
  public:
    /// \param model  a model's directory
    source_keeper(const directory& model, std::string work_tree, std::uint64_t largest)
        : model_(model), work_tree_(std::move(work_tree)), largest_(largest) {
        kept_.type = document::kind::list;
        missing_.type = document::kind::list;
    }

    /// \param why  gets the reason where the file is not kept, else stays
    /// \onfailure system: the copy could not be written
    error keep(const std::string& named, std::string& why) {
        const std::string from = locate_source_file(named, work_tree_);
        std::string reason;
        error failure;
        if (from.empty()) {
            reason = "not found from the working directory, the program or its repository";
        } else if (std::find(sources_.begin(), sources_.end(), from) == sources_.end()) {
            failure = copy(from, reason);
        }
        if (reason.empty()) return failure;
        document entry;
        add_member(entry, "file", named);
        add_member(entry, "why", reason);
        missing_.items.push_back(std::move(entry));
        why = std::move(reason);
        return failure;
    }

    const document& kept() const noexcept { return kept_; }        ///< list of path, from, bytes
    const document& missing() const noexcept { return missing_; }  ///< list of file, why

  private:
    error copy(const std::string& from, std::string& reason) {
        source_file source;
        const int unread = open_source(AT_FDCWD, from, source);
        const auto size = static_cast<std::uint64_t>(source.status.st_size);
        const std::string path = free_path(from);
        if (unread != 0) {
            reason = unread == EISDIR   ? "is a directory; name its files"
                     : unread == EINVAL ? "is no plain file"
                                        : std::generic_category().message(unread);
        } else if (size > largest_) {
            reason =
                "has " + std::to_string(size) + " bytes, more than " + std::to_string(largest_);
        } else {
            reason = check_artifact_path(path, false).message;
        }
        if (!reason.empty()) return {};
        const std::string target = std::string(source_folder) + path;
        if (const int failed = copy_file(source, model_, target)) {
            return system_error("cannot copy a source file to", target, failed);
        }
        sources_.push_back(from);
        paths_.push_back(path);
        document entry;
        add_member(entry, "path", path);
        add_member(entry, "from", from);
        add_member(entry, "bytes", size);
        kept_.items.push_back(std::move(entry));
        return {};
    }

    /// The path below the repository, or the plain name; with a number's folder before it where
    /// that is taken.
    std::string free_path(const std::string& from) const {
        const std::string path = !work_tree_.empty() && is_below(from, work_tree_)
                                     ? from.substr(work_tree_.size() + 1)
                                     : from.substr(from.rfind('/') + 1);
        std::string chosen = path;
        const auto is_taken = [this](const std::string& name) {
            return name == changes_name ||
                   std::any_of(paths_.begin(), paths_.end(), [&name](const std::string& taken) {
                       return taken == name || is_below(taken, name) || is_below(name, taken);
                   });
        };
        for (int number = 2; is_taken(chosen); ++number) {
            chosen = std::to_string(number) + '/' + path;
        }
        return chosen;
    }

    const directory& model_;
    std::string work_tree_;
    std::uint64_t largest_;
    std::vector<std::string> sources_;
    std::vector<std::string> paths_;
    document kept_;
    document missing_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
