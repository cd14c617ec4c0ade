// SPDX-License-Identifier: MIT
/// \file Which metrics MLflow sees below a run's folder `metrics`.
#ifndef MLSCRIBE_QUERY_METRIC_KEYS_HPP
#define MLSCRIBE_QUERY_METRIC_KEYS_HPP

#include <mlscribe/file/directory.hpp>
#include <mlscribe/layout/key_rules.hpp>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// The rule of MLflow that a key breaks when it is read: no length counts there, and a line feed at
/// the end passes.
inline std::optional<std::string> read_key_problem(std::string_view key) {
    if (!key.empty() && key.back() == '\n') key.remove_suffix(1);
    if (key.empty()) return "a key must not be empty";
    std::optional<std::string> problem = character_problem(key);
    return problem ? problem : path_problem(key);
}

/// Adds the path of every file below `metrics`, sorted, legal or not. As MLflow does it: a link to
/// a file is one, also one that leads nowhere; a link to a directory is not followed.
/// \return 0 or errno
inline int list_metric_files(const directory& metrics, std::vector<std::string>& keys) {
    std::vector<std::string> folders{""};
    while (!folders.empty()) {
        const std::string below = std::move(folders.back());
        folders.pop_back();
        directory here;
        const int failed = below.size() >= PATH_MAX
                               ? ENAMETOOLONG
                               : metrics.open_below(below, missing::fail, here);
        if (failed == ENOENT) continue;  // removed meanwhile
        if (failed != 0) return failed;
        const int unread = here.for_each_kind(".", [&](std::string name, directory::entry kind) {
            struct stat found {};
            if (kind == directory::entry::link &&
                uninterrupted::fstatat(here.get(), name.c_str(), &found, 0) == 0 &&
                S_ISDIR(found.st_mode)) {
                return;
            }
            std::string path = below.empty() ? std::move(name) : below + '/' + name;
            (kind == directory::entry::folder ? folders : keys).push_back(std::move(path));
        });
        if (unread != 0) return unread;
    }
    std::sort(keys.begin(), keys.end());
    return 0;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
