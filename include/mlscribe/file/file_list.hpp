// SPDX-License-Identifier: MIT
/// \file The files below a folder.
#ifndef MLSCRIBE_FILE_FILE_LIST_HPP
#define MLSCRIBE_FILE_FILE_LIST_HPP

#include <mlscribe/file/directory.hpp>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Adds the path of everything below `folder` of `root` that is no directory, relative to `folder`,
/// sorted; links are not followed. A folder that is missing has none.
/// \return 0, or the errno of the first folder that cannot be read; what is elsewhere is there
inline int list_files(const directory& root, const std::string& folder,
                      std::vector<std::string>& paths) {
    std::vector<std::string> folders{""};
    int unread = 0;
    while (!folders.empty()) {
        const std::string below = std::move(folders.back());
        folders.pop_back();
        directory here;
        // No program opens a path of such a length, and each of its folders is walked again.
        int failed = below.size() >= PATH_MAX
                         ? ENAMETOOLONG
                         : root.open_below(below.empty() ? folder : folder + '/' + below,
                                           missing::fail, here);
        if (failed == ENOENT) continue;  // also one that was removed meanwhile
        const auto take = [&](std::string name, bool is_directory) {
            std::string path = below.empty() ? std::move(name) : below + '/' + name;
            (is_directory ? folders : paths).push_back(std::move(path));
        };
        if (failed == 0) failed = here.for_each_entry(".", take);
        if (unread == 0) unread = failed;
    }
    std::sort(paths.begin(), paths.end());
    return unread;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
