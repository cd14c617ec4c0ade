// SPDX-License-Identifier: MIT
/// \file How a file appears: written aside in the root, then linked or renamed into place whole.
#ifndef MLSCRIBE_FILE_PUBLISH_HPP
#define MLSCRIBE_FILE_PUBLISH_HPP

#include <mlscribe/file/staged_file.hpp>

#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Makes `relative` with exactly these bytes, or fails with EEXIST and leaves what stands there:
/// another writer's file is never replaced. \return 0 or errno
inline int publish_file(const directory& root, std::string_view relative, std::string_view bytes,
                        durability wish = durability::cached) {
    staged_file staged(root);
    const int failed = staged.fill(bytes, wish);
    return failed != 0 ? failed : staged.link_to(relative);
}

/// Makes `relative` in a directory that no reader looks into yet.
/// \param no_signals  what the caller holds over its files \return 0 or errno
inline int write_unseen_file(const directory& root, std::string_view relative,
                             std::string_view bytes, blocked_signals& no_signals,
                             durability wish = durability::cached) {
    directory::place to;
    if (const int failed = root.locate(relative, missing::create, to)) return failed;
    descriptor file(uninterrupted::openat(
        to.folder, to.leaf.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666));
    if (!file) return errno;
    std::size_t written = 0;
    if (const int failed = write_all(file.get(), bytes, written, no_signals)) return failed;
    if (wish == durability::synced && uninterrupted::fsync(file.get()) != 0) return errno;
    return close_written(file, to.folder, to.leaf.c_str());
}

/// Makes or replaces `relative`; a reader sees the old bytes or the new, never a mixture.
/// \return 0 or errno
inline int replace_file(const directory& root, std::string_view relative, std::string_view bytes,
                        durability wish = durability::cached) {
    staged_file staged(root);
    const int failed = staged.fill(bytes, wish);
    return failed != 0 ? failed : staged.rename_to(relative);
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
