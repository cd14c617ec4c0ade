// SPDX-License-Identifier: MIT
/// \file `mlscribe completion bash`, and the runs that it offers.
#ifndef MLSCRIBE_TOOL_COMPLETION_HPP
#define MLSCRIBE_TOOL_COMPLETION_HPP

#include <string>
#include <vector>

#include "session.hpp"

namespace tool {

/// A subcommand as the script has to know it.
struct completed_command {
    std::string name;
    std::vector<std::string> options;  ///< long names, with their dashes
    bool takes_runs = false;
};

/// The script for bash: subcommands, options, values of some options, runs by id and name.
std::string bash_completion(const std::vector<completed_command>& commands);

/// Prints ids and names of runs that begin so, a line each.
exit_code print_candidates(session& of, const std::string& begin, mlscribe::run_view view);

}  // namespace tool

#endif
