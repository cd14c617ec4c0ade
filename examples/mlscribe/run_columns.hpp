// SPDX-License-Identifier: MIT
/// \file The columns of a table of runs.
#ifndef MLSCRIBE_TOOL_RUN_COLUMNS_HPP
#define MLSCRIBE_TOOL_RUN_COLUMNS_HPP

#include <mlscribe/query.hpp>

#include <string>
#include <vector>

#include "session.hpp"
#include "table.hpp"

namespace tool {

/// One column: `id`, `params.lr`, …
struct run_column {
    std::string name;
    /// \param whole_name  else without `metrics.`, `params.` and `tags.`
    table_column shape(bool whole_name) const;
};

/// The columns that names ask for; `metrics.*`, `params.*` and `tags.*` are all that the runs have.
/// \onfailure throws failure(usage) with the names that there are
std::vector<run_column> columns_of(const std::vector<std::string>& names,
                                   const mlscribe::found_runs& runs);

/// Without a wish: what tells runs apart, the metrics that most of them have, and params that
/// differ between them.
std::vector<run_column> usual_columns(const mlscribe::found_runs& runs);

table_cell cell_of(session& of, const run_column& column, const mlscribe::run_record& run);

}  // namespace tool

#endif
