// SPDX-License-Identifier: MIT
/// \file What stands below a folder, to be compared with what stands there later.
#ifndef MLSCRIBE_TESTS_FOLDER_SNAPSHOT_HPP
#define MLSCRIBE_TESTS_FOLDER_SNAPSHOT_HPP

#include <sys/stat.h>

#include <filesystem>
#include <map>
#include <string>

#include "scratch_directory.hpp"

namespace test {

/// All bytes, modes and times of the last change, by the path below the folder.
/// \param but  the name of a folder that is not looked into, nor at
inline std::map<std::string, std::string> snapshot(const std::string& folder,
                                                   const std::string& but = {}) {
    std::map<std::string, std::string> found;
    for (std::filesystem::recursive_directory_iterator entry(folder), end; entry != end; ++entry) {
        if (entry->path().filename() == but) {
            entry.disable_recursion_pending();
            continue;
        }
        const std::string path = entry->path().string();
        struct stat status {};
        ::lstat(path.c_str(), &status);
        std::string& seen = found[path.substr(folder.size() + 1)];
        seen = std::to_string(status.st_mode) + ' ' + std::to_string(status.st_mtim.tv_sec) + '.' +
               std::to_string(status.st_mtim.tv_nsec);
        if (S_ISREG(status.st_mode)) seen += ' ' + read_file(path);
    }
    return found;
}

}  // namespace test

#endif
