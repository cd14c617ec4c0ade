// SPDX-License-Identifier: MIT
/// \file Which files git may keep as other bytes than they have.
#ifndef MLSCRIBE_TAG_GIT_ATTRIBUTES_HPP
#define MLSCRIBE_TAG_GIT_ATTRIBUTES_HPP

#include <mlscribe/tag/git_repository.hpp>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// The patterns of attributes that name a filter, an ident or another encoding.
/// \threadsafety one thread at a time
class git_attributes {
  public:
    /// Takes a file of attributes, 1 MiB of all together; one that cannot be read may mean all
    /// files.
    void read(const std::string& path) {
        std::string text;
        const int failed = read_linked_file(path, bytes_left_, text);
        if (failed != 0 && failed != ENOENT && failed != ENOTDIR) assume_all();
        if (failed != 0) return;
        bytes_left_ -= text.size();
        parse(text);
    }

    /// Some were not read: any file may be meant.
    void assume_all() { patterns_.emplace_back("**"); }

    void parse(std::string_view text) {
        while (!text.empty()) {
            const std::size_t end = (std::min)(text.find('\n'), text.size());
            take_line(text.substr(0, end));
            text.remove_prefix((std::min)(end + 1, text.size()));
        }
    }

    /// Whether a pattern may mean this file: any but `*` with an end behind it means all.
    bool may_filter(std::string_view path) const {
        return std::any_of(patterns_.begin(), patterns_.end(), [path](const std::string& pattern) {
            const bool is_ending = pattern.size() > 1 && pattern[0] == '*' &&
                                   pattern.find_first_of("*?[]\\/\"", 1) == std::string::npos;
            if (!is_ending) return true;
            const std::string_view ending = std::string_view(pattern).substr(1);
            return path.size() >= ending.size() &&
                   path.substr(path.size() - ending.size()) == ending;
        });
    }

  private:
    void take_line(std::string_view line) {
        const std::size_t first = line.find_first_not_of(" \t");
        if (first == std::string_view::npos || line[first] == '#') return;
        for (const char* const word : {"filter", "ident", "working-tree-encoding"}) {
            if (line.find(word) == std::string_view::npos) continue;
            patterns_.emplace_back(line.substr(first, line.find_first_of(" \t\r", first) - first));
            return;
        }
    }

    std::vector<std::string> patterns_;
    std::size_t bytes_left_ = std::size_t{1} << 20;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
