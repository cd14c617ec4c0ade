// SPDX-License-Identifier: MIT
/// \file `mlscribe tail`: points as they come.
#ifndef MLSCRIBE_TOOL_TAIL_RUN_HPP
#define MLSCRIBE_TOOL_TAIL_RUN_HPP

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "session.hpp"

namespace tool {

struct tail_options {
    std::string run;
    std::vector<std::string> metrics;  ///< empty: all
    std::size_t lines = 10;            ///< that are there already
    bool once = false;                 ///< do not wait for more
    std::chrono::milliseconds interval{500};
};

/// Ends when the run has ended, or when nobody reads standard output any more.
exit_code tail_run(session& of, const tail_options& options);

}  // namespace tool

#endif
