// SPDX-License-Identifier: MIT
/// \file A run in memory, for filters and orders.
#ifndef MLSCRIBE_TESTS_QUERY_DESCRIBED_RUN_HPP
#define MLSCRIBE_TESTS_QUERY_DESCRIBED_RUN_HPP

#include <mlscribe/query/clause_match.hpp>
#include <mlscribe/query/run_sort.hpp>

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace test {

struct described_dataset {
    std::string name;
    std::string digest;
    std::vector<std::string> contexts;
};

struct described_run {
    mlscribe::run_record record;
    std::vector<described_dataset> used;

    template <class Value>
    static const Value* find(const std::map<std::string, Value>& values, const std::string& key) {
        const auto found = values.find(key);
        return found == values.end() ? nullptr : &found->second;
    }
    const mlscribe::run_info& info() const { return record.info; }
    const std::string* param(const std::string& key) const { return find(record.params, key); }
    const std::string* tag(const std::string& key) const { return find(record.tags, key); }
    std::optional<double> metric(const std::string& key) const {
        const double* const value = find(record.metrics, key);
        return value == nullptr ? std::nullopt : std::optional<double>(*value);
    }
    const std::vector<described_dataset>& datasets() const { return used; }
};

/// The runs for which all clauses hold, by their places.
inline std::vector<std::size_t> matching(
    const std::vector<mlscribe::detail::filter_clause>& clauses,
    const std::vector<described_run>& runs) {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        const auto holds_for_run = [&run = runs[i]](const auto& clause) {
            return mlscribe::detail::matches(clause, run);
        };
        if (std::all_of(clauses.begin(), clauses.end(), holds_for_run)) found.push_back(i);
    }
    return found;
}

/// The places of the runs in this order.
inline std::vector<std::size_t> ordered(const std::vector<mlscribe::detail::order_key>& keys,
                                        const std::vector<described_run>& runs) {
    std::vector<mlscribe::detail::sortable_run> sorted;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        mlscribe::detail::sortable_run run{i, {}, runs[i].info().start_time, runs[i].info().run_id};
        for (const auto& key : keys) run.values.push_back(value_for_sort(key.field, runs[i]));
        sorted.push_back(run);
    }
    std::stable_sort(sorted.begin(), sorted.end(), mlscribe::detail::run_sorter(keys));
    std::vector<std::size_t> found;
    for (const auto& run : sorted) found.push_back(run.index);
    return found;
}

}  // namespace test

#endif
