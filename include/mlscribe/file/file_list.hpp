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

/// Hands everything below `folder` of `root` that is no directory to `sink(const directory& here,
/// std::string path)`, where `path` is relative to `folder` and `here` is the folder that it is in;
/// links are not followed. A folder that is missing has none.
/// \return 0, or the errno of the first folder that cannot be read; what is elsewhere is there
template <class Sink>
int for_each_file(const directory& root, const std::string& folder, Sink&& sink) {
    std::vector<std::string> folders{""};
    int unread = 0;
    while (!folders.empty()) {
        const std::string below = std::move(folders.back());
        folders.pop_back();
        const std::string place = below.empty()    ? folder
                                  : folder.empty() ? below
                                                   : folder + '/' + below;
        directory here;
        // No program opens a path of such a length, and each of its folders is walked again.
        int failed =
            below.size() >= PATH_MAX ? ENAMETOOLONG : root.open_below(place, missing::fail, here);
        if (failed == ENOENT) continue;  // also one that was removed meanwhile
        const auto take = [&](std::string name, bool is_directory) {
            std::string path = below.empty() ? std::move(name) : below + '/' + name;
            if (!is_directory) return sink(here, std::move(path));
            folders.push_back(std::move(path));
        };
        if (failed == 0) failed = here.for_each_entry(".", take);
        if (unread == 0) unread = failed;
    }
    return unread;
}

/// Adds their paths, sorted.
inline int list_files(const directory& root, const std::string& folder,
                      std::vector<std::string>& paths) {
    const int unread = for_each_file(root, folder, [&paths](const directory&, std::string path) {
        paths.push_back(std::move(path));
    });
    std::sort(paths.begin(), paths.end());
    return unread;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
