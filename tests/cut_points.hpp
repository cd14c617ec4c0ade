// SPDX-License-Identifier: MIT
/// \file What a run has of each metric, and what going back to an earlier step took away.
#ifndef MLSCRIBE_TESTS_CUT_POINTS_HPP
#define MLSCRIBE_TESTS_CUT_POINTS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "scratch_directory.hpp"

namespace test {

/// The lines of a metric's file or an artifact, without padding. MLflow must be able to read it:
/// not empty, no torn line, none across a border of pages.
inline std::vector<std::string> whole_lines(const std::string& path) {
    const std::string text = read_file(path);
    if (text.empty() || text.back() != '\n') give_up("empty or torn: " + path);
    std::vector<std::string> lines;
    for (std::size_t begin = 0; begin != text.size();) {
        const std::size_t end = text.find('\n', begin);
        if (begin / 4096 != end / 4096) give_up("a line crosses a border: " + path);
        std::string line = text.substr(begin, end - begin);
        line.erase(line.find_last_not_of(' ') + 1);
        lines.push_back(line);
        begin = end + 1;
    }
    return lines;
}

/// The lines of all files below a folder whose names end so, by path without that ending.
inline std::map<std::string, std::vector<std::string>> all_lines(const std::string& folder,
                                                                 const std::string& ending = {}) {
    std::map<std::string, std::vector<std::string>> found;
    for (const std::string& path : exists(folder) ? tree(folder) : std::vector<std::string>()) {
        const std::size_t end = path.size() - (std::min)(path.size(), ending.size());
        if (path.back() == '/' || path.substr(end) != ending) continue;
        found[path.substr(0, end)] = whole_lines(folder + '/' + path);
    }
    return found;
}

inline std::size_t count(const std::map<std::string, std::vector<std::string>>& lines) {
    std::size_t found = 0;
    for (const auto& entry : lines) found += entry.second.size();
    return found;
}

/// The steps that a roll-back took from a metric.
inline std::vector<std::int64_t> cut_steps(const std::string& run, int number,
                                           const std::string& key) {
    std::vector<std::int64_t> steps;
    const std::string path =
        run + "/artifacts/cut_points/" + std::to_string(number) + '/' + key + ".txt";
    for (const std::string& line : whole_lines(path)) {
        steps.push_back(mlscribe::parse_metric_line(line)->row.step);
    }
    return steps;
}

/// Rows in all artifacts of cuts; the run's tag must say the same.
inline std::size_t cut_rows(const std::string& run) {
    const std::size_t rows = count(all_lines(run + "/artifacts/cut_points", ".txt"));
    const std::string tag = run + "/tags/mlscribe.cut_points";
    if (rows != 0 && read_file(tag) != std::to_string(rows)) give_up("the tag miscounts");
    return rows;
}

}  // namespace test

#endif
