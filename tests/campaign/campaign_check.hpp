// SPDX-License-Identifier: MIT
/// \file Compares what stands in a run's files with what its writers say they logged.
#ifndef MLSCRIBE_TESTS_CAMPAIGN_CAMPAIGN_CHECK_HPP
#define MLSCRIBE_TESTS_CAMPAIGN_CAMPAIGN_CHECK_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "campaign_child.hpp"
#include "scratch_directory.hpp"

namespace campaign {

/// Thrown with what is wrong.
struct broken_promise : std::runtime_error {
    using std::runtime_error::runtime_error;
};

inline void demand(bool kept, const std::string& otherwise) {
    if (!kept) throw broken_promise(otherwise);
}

/// The rows of a metric's file; none where there is no file.
inline std::vector<mlscribe::point> checked_rows(const std::string& path) {
    std::vector<mlscribe::point> rows;
    if (!test::exists(path)) return rows;
    const std::string text = test::read_file(path);
    demand(!text.empty(), path + " is empty");
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = text.find('\n', begin);
        const std::string at = path + " at byte " + std::to_string(begin);
        demand(end != std::string::npos, at + ": torn line");
        demand(begin / 4096 == end / 4096, at + ": a line across the border of a page");
        const auto line = mlscribe::parse_metric_line(text.substr(begin, end - begin));
        demand(line && line->fields == 3, at + ": no metric line");
        rows.push_back(line->row);
        begin = end + 1;
    }
    return rows;
}

struct checked_points {
    std::uint64_t points = 0;
    std::uint64_t unreported = 0;  ///< those that were in flight
    std::int64_t last_time = INT64_MIN;
};

/// Which points of which lane a file holds.
using found_points = std::map<std::size_t, std::map<std::uint64_t, mlscribe::point>>;

inline found_points sorted_by_lane(const std::vector<mlscribe::point>& rows,
                                   const std::string& path) {
    found_points found;
    for (const mlscribe::point& row : rows) {
        std::size_t lane = 0;
        std::uint64_t index = 0;
        demand(read_value(row.value, lane, index), path + ": a value that nobody logged");
        demand(found[lane].emplace(index, row).second, path + ": point " + std::to_string(index) +
                                                           " of lane " + std::to_string(lane) +
                                                           " stands there twice");
    }
    return found;
}

/// The rows of a lane stand in the order in which it logged them, unless their times were given.
inline void check_order(const std::vector<mlscribe::point>& rows, const std::string& path) {
    std::map<std::size_t, std::uint64_t> next;
    for (const mlscribe::point& row : rows) {
        std::size_t lane = 0;
        std::uint64_t index = 0;
        read_value(row.value, lane, index);
        demand(next[lane] == index, path + ": point " + std::to_string(index) + " of lane " +
                                        std::to_string(lane) + " stands before " +
                                        std::to_string(next[lane]));
        ++next[lane];
    }
}

/// All points that a lane reported, and at most the next one.
inline void check_complete(const std::map<std::uint64_t, mlscribe::point>& found,
                           std::uint64_t logged, const std::string& what, checked_points& sum) {
    demand(found.size() == logged || found.size() == logged + 1,
           what + ": " + std::to_string(logged) + " logged, " + std::to_string(found.size()) +
               " found");
    demand(found.empty() || found.rbegin()->first + 1 == found.size(), what + ": a point is lost");
    sum.points += found.size();
    sum.unreported += found.size() - logged;
}

/// The steps that a lane was told or that it counted.
inline void check_steps(const std::map<std::uint64_t, mlscribe::point>& found, style how,
                        const std::string& what) {
    const bool counted = how == style::counted || how == style::named;
    for (const auto& [index, row] : found) {
        const auto expected = counted ? static_cast<std::int64_t>(index) : step_of(index);
        demand(row.step == expected, what + ": step " + std::to_string(row.step) + " instead of " +
                                         std::to_string(expected));
        demand(how != style::timed || row.timestamp == time_of(index),
               what + ": time " + std::to_string(row.timestamp));
    }
}

/// Lanes that count together give each step once; the step of a point in flight may be missing.
inline void check_shared_steps(const found_points& found, std::size_t lanes,
                               const std::string& path) {
    std::set<std::int64_t> steps;
    std::size_t rows = 0;
    for (const auto& lane : found) {
        if (lane.first >= resumed_lanes) continue;
        for (const auto& entry : lane.second) {
            steps.insert(entry.second.step);
            ++rows;
        }
    }
    demand(steps.size() == rows, path + ": a step was counted twice");
    demand(steps.empty() ||
               (*steps.begin() >= 0 && *steps.rbegin() < static_cast<std::int64_t>(rows + lanes)),
           path + ": steps are missing");
}

/// Who resumes a run counts on behind the highest step.
inline void check_resumed(const std::vector<mlscribe::point>& rows, const std::string& path) {
    std::int64_t next = 0;
    for (const mlscribe::point& row : rows) {
        std::size_t lane = 0;
        std::uint64_t index = 0;
        read_value(row.value, lane, index);
        demand(lane < resumed_lanes || row.step == next, path + ": resumed at step " +
                                                             std::to_string(row.step) +
                                                             " instead of " + std::to_string(next));
        next = (std::max)(next, row.step + 1);
    }
}

inline checked_points check_points(const std::string& run, const child_plan& plan,
                                   const account& told) {
    checked_points sum;
    for (int key = 0; key < plan.keys; ++key) {
        const std::string path = run + "/metrics/" + key_name(key);
        const std::vector<mlscribe::point> rows = checked_rows(path);
        found_points found = sorted_by_lane(rows, path);
        std::vector<std::size_t> lanes;
        for (std::size_t lane = 0; lane < plan.lanes.size(); ++lane) {
            if (plan.lanes[lane].key == key) lanes.push_back(lane);
        }
        const style how = plan.lanes[lanes.front()].how;
        const bool counted = how == style::counted || how == style::named;
        for (const std::size_t lane : lanes) {
            const std::string what = path + ", lane " + std::to_string(lane);
            check_complete(found[lane], told.logged[lane], what, sum);
            if (!counted || lanes.size() == 1) check_steps(found[lane], how, what);
        }
        if (how != style::timed) check_order(rows, path);
        if (counted) check_shared_steps(found, lanes.size(), path);
        for (std::size_t attempt = 0; attempt < most_attempts; ++attempt) {
            const std::size_t lane = resumed_lane(attempt, key);
            lanes.push_back(lane);
            check_complete(found[lane], told.logged[lane], path + ", resumed", sum);
        }
        check_resumed(rows, path);
        for (const auto& lane : found) {
            demand(std::find(lanes.begin(), lanes.end(), lane.first) != lanes.end(),
                   path + ": a point of lane " + std::to_string(lane.first));
        }
        for (const mlscribe::point& row : rows) {
            sum.last_time = (std::max)(sum.last_time, row.timestamp);
        }
    }
    return sum;
}

inline void check_nothing_left(const std::string& folder) {
    for (const std::string& path : test::tree(folder)) {
        demand(path.find(".mlscribe-") == std::string::npos, folder + '/' + path + " was left");
        demand(path.find("torn_lines") == std::string::npos, folder + '/' + path + " was kept");
    }
}

}  // namespace campaign

#endif
