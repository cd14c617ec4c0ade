// SPDX-License-Identifier: MIT
/// \file What to say where a folder that may be a link could not be opened.
#ifndef MLSCRIBE_FILE_UNOPENED_FOLDER_HPP
#define MLSCRIBE_FILE_UNOPENED_FOLDER_HPP

#include <mlscribe/error/system_error.hpp>

#include <sys/stat.h>

#include <cerrno>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// \param failed  what directory::open_linked() returned
/// \param root    what `path` is below, where it is relative
inline error unopened_folder(std::string_view what, const std::string& path, int failed,
                             const std::string& root = {}) {
    struct stat found {};
    const std::string whole = root.empty() ? path : root + '/' + path;
    const bool is_refused =
        failed == EPERM && ::lstat(whole.c_str(), &found) == 0 && S_ISLNK(found.st_mode);
    error failure = system_error(what, path, failed);
    if (!is_refused) return failure;
    failure.message.resize(failure.message.rfind(": ") + 2);
    failure.message += "the link belongs to user " + std::to_string(found.st_uid) +
                       ", who is neither you nor the superuser nor the owner of its folder, and is "
                       "not followed; make it your own (chown -h), or put the directory in its "
                       "place";
    return failure;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
