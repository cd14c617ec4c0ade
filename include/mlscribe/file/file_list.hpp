// SPDX-License-Identifier: MIT
/// \file The files below a folder.
#ifndef MLSCRIBE_FILE_FILE_LIST_HPP
#define MLSCRIBE_FILE_FILE_LIST_HPP

#include <mlscribe/file/directory.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Adds the path of everything below `folder` of `root` that is no directory, relative to `folder`,
/// sorted; links are not followed. A folder that is missing has none. \return 0 or errno
inline int list_files(const directory& root, const std::string& folder,
                      std::vector<std::string>& paths) {
    std::vector<std::string> folders{""};
    while (!folders.empty()) {
        const std::string below = std::move(folders.back());
        folders.pop_back();
        directory here;
        const int failed =
            root.open_below(below.empty() ? folder : folder + '/' + below, missing::fail, here);
        if (failed == ENOENT) continue;  // also one that was removed meanwhile
        if (failed != 0) return failed;
        const int unread = here.for_each_entry(".", [&](std::string name, bool is_directory) {
            std::string path = below.empty() ? std::move(name) : below + '/' + name;
            (is_directory ? folders : paths).push_back(std::move(path));
        });
        if (unread != 0) return unread;
    }
    std::sort(paths.begin(), paths.end());
    return 0;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
