// SPDX-License-Identifier: MIT
/// \file `mlscribe plot`: metrics as curves.
#ifndef MLSCRIBE_TOOL_PLOT_RUNS_HPP
#define MLSCRIBE_TOOL_PLOT_RUNS_HPP

#include <cstddef>
#include <string>
#include <vector>

#include "result_file.hpp"

namespace tool {

struct plot_options {
    std::vector<std::string> runs;
    std::vector<std::string> metrics;
    bool ascii = false;
    bool logarithmic = false;
    bool by_time = false;     ///< x is seconds since the start of the run
    std::size_t columns = 0;  ///< 0: what the terminal has
    std::size_t rows = 0;     ///< 0: 16, or less on a terminal that has less
    result_file to = {};      ///< an SVG file in place of the terminal
};

exit_code plot_runs(session& of, const plot_options& options);

}  // namespace tool

#endif
