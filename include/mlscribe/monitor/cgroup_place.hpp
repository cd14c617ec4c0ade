// SPDX-License-Identifier: MIT
/// \file Where the control group of this process is, of version 1 and of version 2.
#ifndef MLSCRIBE_MONITOR_CGROUP_PLACE_HPP
#define MLSCRIBE_MONITOR_CGROUP_PLACE_HPP

#include <mlscribe/monitor/field_text.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// The folders of a group and of those around it, from the inside out: each may have a limit.
struct cgroup_place {
    std::vector<std::string> folders;
    bool is_unified = false;  ///< version 2, where all controllers share one tree
};

/// The path of this process's group in the tree of a controller. \param groups  /proc/self/cgroup
/// \param is_unified  receives whether that is the tree of version 2 \return "" where there is none
inline std::string_view cgroup_path(std::string_view groups, std::string_view controller,
                                    bool& is_unified) noexcept {
    std::string_view unified;
    while (!groups.empty()) {
        std::string_view line = take_line(groups);
        const std::string_view number = take_until(line, ':');
        const std::string_view controllers = take_until(line, ':');
        if (lists(controllers, controller)) {
            is_unified = false;
            return line;
        }
        if (number == "0" && controllers.empty()) unified = line;
    }
    is_unified = true;
    return unified;
}

/// A path of mountinfo, where `\040` stands for a blank.
inline std::string unescaped_mount(std::string_view text) {
    std::string path;
    const auto digit = [&text](std::size_t at) {
        return at < text.size() && text[at] >= '0' && text[at] <= '7' ? text[at] - '0' : -1;
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool escaped =
            text[i] == '\\' && digit(i + 1) >= 0 && digit(i + 2) >= 0 && digit(i + 3) >= 0;
        path += escaped ? static_cast<char>(digit(i + 1) * 64 + digit(i + 2) * 8 + digit(i + 3))
                        : text[i];
        if (escaped) i += 3;
    }
    return path;
}

/// Whether `path` is `root` or below it; `below` receives the rest, which is "" or begins with '/'.
inline bool find_below(std::string_view path, std::string_view root,
                       std::string_view& below) noexcept {
    if (root == "/") root = "";
    if (path.substr(0, root.size()) != root) return false;
    below = path.substr(root.size());
    if (below == "/") below = "";
    return below.empty() || below.front() == '/';
}

/// \param mounts  /proc/self/mountinfo
inline cgroup_place find_cgroup(std::string_view groups, std::string_view mounts,
                                std::string_view controller) {
    cgroup_place place;
    const std::string_view path = cgroup_path(groups, controller, place.is_unified);
    if (path.empty()) return place;
    std::string folder;
    std::string top;
    while (!mounts.empty()) {
        std::string_view line = take_line(mounts);
        for (int skipped = 0; skipped < 3; ++skipped) take_word(line);
        const std::string root = unescaped_mount(take_word(line));
        const std::string mounted = unescaped_mount(take_word(line));
        // Any number of optional words, then a dash, the type, the source and its options.
        for (std::string_view word = take_word(line); !word.empty() && word != "-";) {
            word = take_word(line);
        }
        const std::string_view type = take_word(line);
        take_word(line);
        const bool fits = place.is_unified ? type == "cgroup2"
                                           : type == "cgroup" && lists(take_word(line), controller);
        if (!fits) continue;
        std::string_view below;
        const bool inside = find_below(path, root, below) && below.find("/..") == std::string::npos;
        // In a container the path may be one of the host, and the mount shows the group itself.
        if (!inside && !top.empty()) continue;
        top = mounted;
        folder = inside ? mounted + std::string(below) : mounted;
        if (inside) break;
    }
    if (top.empty()) return place;
    while (folder.size() > top.size()) {
        place.folders.push_back(folder);
        folder.resize(folder.rfind('/'));
    }
    place.folders.push_back(top);
    return place;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
