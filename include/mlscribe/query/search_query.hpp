// SPDX-License-Identifier: MIT
/// \file What a search of runs can be told.
#ifndef MLSCRIBE_QUERY_SEARCH_QUERY_HPP
#define MLSCRIBE_QUERY_SEARCH_QUERY_HPP

#include <mlscribe/config/config.hpp>

#include <cstddef>
#include <string>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

/// Which runs a search looks at.
enum class run_view { active, deleted, all };

/// A search as MLflow's `search_runs` does it.
struct search_query {
    /// MLflow's filter language: `metrics.loss < 1 AND params.opt = 'adam'`.
    std::string filter = {};
    /// `metrics.loss DESC`, `start_time`; ties go to the run that started last, then to the id.
    std::vector<std::string> order_by = {};
    std::size_t max_results = 1000;
    run_view view = run_view::active;
    std::vector<std::string> experiments = {};  ///< names or ids; empty: all active ones
    unsigned threads = 1;                       ///< that read
};

MLSCRIBE_NAMESPACE_END

#endif
