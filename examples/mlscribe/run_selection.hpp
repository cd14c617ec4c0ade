// SPDX-License-Identifier: MIT
/// \file Which runs `ls` and `export` are about.
#ifndef MLSCRIBE_TOOL_RUN_SELECTION_HPP
#define MLSCRIBE_TOOL_RUN_SELECTION_HPP

#include <cstddef>
#include <string>
#include <vector>

#include "session.hpp"

namespace tool {

struct run_selection {
    std::string filter;
    std::vector<std::string> order_by;
    std::vector<std::string> experiments;
    std::size_t most = 1000;  ///< 0: all
    mlscribe::run_view view = mlscribe::run_view::active;
};

/// Searches, and notes what is missing: damaged runs, and whether more would match.
mlscribe::found_runs selected_runs(session& of, const run_selection& selection);

}  // namespace tool

#endif
