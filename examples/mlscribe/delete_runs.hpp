// SPDX-License-Identifier: MIT
/// \file `mlscribe rm` and `mlscribe restore`: MLflow's deleted state of runs.
#ifndef MLSCRIBE_TOOL_DELETE_RUNS_HPP
#define MLSCRIBE_TOOL_DELETE_RUNS_HPP

#include <string>
#include <vector>

#include "session.hpp"

namespace tool {

/// Marks active runs deleted, or deleted ones active; nothing where not all words mean a run.
/// \param to  deleted or active
exit_code mark_runs(session& of, const std::vector<std::string>& words, mlscribe::lifecycle to);

}  // namespace tool

#endif
