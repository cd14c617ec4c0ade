// SPDX-License-Identifier: MIT
/// \file What the store has of one run, as values.
#ifndef MLSCRIBE_QUERY_RUN_RECORD_HPP
#define MLSCRIBE_QUERY_RUN_RECORD_HPP

#include <mlscribe/error/error.hpp>
#include <mlscribe/layout/meta_yaml.hpp>

#include <cstddef>
#include <map>
#include <string>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

/// What meta.yaml says; a name that it lacks is that of the tag `mlflow.runName`. In a store that
/// was moved `artifact_uri` leads to where it was.
using run_info = run_meta;

/// One run. Keys are sorted by their bytes.
struct run_record {
    run_info info;
    std::map<std::string, std::string> params;
    std::map<std::string, double> metrics;  ///< the latest: highest step, then time, then value
    std::map<std::string, std::string> tags;
};

/// A run, or a whole experiment, that could not be read.
struct damaged_run {
    std::string experiment_id;  ///< empty where `why` tells which
    std::string run_id;         ///< the name of its folder; empty for an experiment
    error why;                  ///< names the file
};

/// What a search found; a range of its runs.
struct found_runs {
    std::vector<run_record> runs;
    std::vector<damaged_run> damaged;  ///< that were left out; MLflow fails on them or hides them

    bool empty() const noexcept { return runs.empty(); }
    std::size_t size() const noexcept { return runs.size(); }
    const run_record& operator[](std::size_t i) const noexcept { return runs[i]; }
    auto begin() const noexcept { return runs.begin(); }
    auto end() const noexcept { return runs.end(); }
};

MLSCRIBE_NAMESPACE_END

#endif
