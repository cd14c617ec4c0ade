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
