// SPDX-License-Identifier: MIT
/// \file What the store has of one run, as values.
#ifndef MLSCRIBE_QUERY_RUN_RECORD_HPP
#define MLSCRIBE_QUERY_RUN_RECORD_HPP

#include <mlscribe/error/error.hpp>
#include <mlscribe/layout/run_status.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

/// Times are milliseconds since 1970-01-01 UTC.
struct run_info {
    std::string run_id;
    std::string run_name;
    std::string experiment_id;
    run_status status = run_status::running;
    std::int64_t start_time = 0;
    std::optional<std::int64_t> end_time;  ///< none while the run runs
    std::string user_id;
    std::string artifact_uri;  ///< as it stands in meta.yaml; a moved store's leads elsewhere
    lifecycle lifecycle_stage = lifecycle::active;
};

/// One run. Keys are sorted by their bytes.
struct run_record {
    run_info info;
    std::map<std::string, std::string> params;
    std::map<std::string, double> metrics;  ///< the latest: highest step, then time, then value
    std::map<std::string, std::string> tags;
};

/// A run that could not be read.
struct damaged_run {
    std::string experiment_id;
    std::string run_id;  ///< the name of its folder
    error why;           ///< names the file
};

/// What a search found; a range of its runs.
struct found_runs {
    std::vector<run_record> runs;
    std::vector<damaged_run> damaged;  ///< that were left out; MLflow would fail on each of them

    bool empty() const noexcept { return runs.empty(); }
    std::size_t size() const noexcept { return runs.size(); }
    const run_record& operator[](std::size_t i) const noexcept { return runs[i]; }
    auto begin() const noexcept { return runs.begin(); }
    auto end() const noexcept { return runs.end(); }
};

MLSCRIBE_NAMESPACE_END

#endif
