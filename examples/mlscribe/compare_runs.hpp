// SPDX-License-Identifier: MIT
/// \file `mlscribe compare`: runs side by side.
#ifndef MLSCRIBE_TOOL_COMPARE_RUNS_HPP
#define MLSCRIBE_TOOL_COMPARE_RUNS_HPP

#include <string>
#include <vector>

#include "session.hpp"

namespace tool {

exit_code compare_runs(session& of, const std::vector<std::string>& words);

}  // namespace tool

#endif
