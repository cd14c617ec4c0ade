// SPDX-License-Identifier: MIT
/// \file Runs side by side.
#ifndef MLSCRIBE_QUERY_RUN_COMPARISON_HPP
#define MLSCRIBE_QUERY_RUN_COMPARISON_HPP

#include <mlscribe/query/run_record.hpp>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

/// Runs side by side: each row has as many values as there are runs, in their order, and none where
/// a run lacks the key.
struct run_comparison {
    std::vector<run_record> runs;
    std::map<std::string, std::vector<std::optional<std::string>>> params;  ///< those that differ
    std::map<std::string, std::vector<std::optional<double>>> metrics;      ///< all, latest values
};

/// Compares runs that were read. \cost the number of keys of all runs
inline run_comparison compare(std::vector<run_record> runs) {
    run_comparison result;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        const auto put = [&](auto& rows, const auto& entry) {
            auto& row = rows[entry.first];
            row.resize(runs.size());
            row[i] = entry.second;
        };
        for (const auto& entry : runs[i].params) put(result.params, entry);
        for (const auto& entry : runs[i].metrics) put(result.metrics, entry);
    }
    for (auto row = result.params.begin(); row != result.params.end();) {
        const auto& values = row->second;
        const bool same = std::all_of(values.begin(), values.end(),
                                      [&](const auto& value) { return value == values.front(); });
        row = same ? result.params.erase(row) : std::next(row);
    }
    result.runs = std::move(runs);
    return result;
}

MLSCRIBE_NAMESPACE_END

#endif
