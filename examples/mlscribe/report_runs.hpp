// SPDX-License-Identifier: MIT
/// \file `mlscribe report`: runs as one HTML file.
#ifndef MLSCRIBE_TOOL_REPORT_RUNS_HPP
#define MLSCRIBE_TOOL_REPORT_RUNS_HPP

#include <mlscribe/report/report_options.hpp>

#include <string>
#include <vector>

#include "result_file.hpp"

namespace tool {

struct report_choices {
    std::vector<std::string> runs;
    mlscribe::report_options page;
    result_file to{"report.html"};
};

exit_code report_runs(session& of, const report_choices& choices);

}  // namespace tool

#endif
