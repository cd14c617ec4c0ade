// SPDX-License-Identifier: MIT
/// \file `mlscribe recover`: ends the runs of dead processes.
#ifndef MLSCRIBE_TOOL_RECOVER_RUNS_HPP
#define MLSCRIBE_TOOL_RECOVER_RUNS_HPP

#include "session.hpp"

namespace tool {

/// \return nothing where a run could not be recovered, or may be written elsewhere
exit_code recover_runs(session& of, bool force);

}  // namespace tool

#endif
