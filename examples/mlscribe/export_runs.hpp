// SPDX-License-Identifier: MIT
/// \file `mlscribe export`: runs, or all their points, for other programs.
#ifndef MLSCRIBE_TOOL_EXPORT_RUNS_HPP
#define MLSCRIBE_TOOL_EXPORT_RUNS_HPP

#include <string>
#include <vector>

#include "run_selection.hpp"

namespace tool {

enum class export_format { csv, json_lines };

struct export_options {
    run_selection runs;
    export_format format = export_format::csv;
    bool histories = false;
    std::vector<std::string> metrics;  ///< of histories; empty: all
};

exit_code export_runs(session& of, const export_options& options);

}  // namespace tool

#endif
