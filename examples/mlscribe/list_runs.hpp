// SPDX-License-Identifier: MIT
/// \file `mlscribe ls`: runs as a table.
#ifndef MLSCRIBE_TOOL_LIST_RUNS_HPP
#define MLSCRIBE_TOOL_LIST_RUNS_HPP

#include <string>
#include <vector>

#include "run_selection.hpp"

namespace tool {

struct list_options {
    run_selection runs;
    std::vector<std::string> columns;  ///< empty: the usual ones
    bool header = true;
};

exit_code list_runs(session& of, const list_options& options);

}  // namespace tool

#endif
