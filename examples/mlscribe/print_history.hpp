// SPDX-License-Identifier: MIT
/// \file `mlscribe history`: all points of a metric.
#ifndef MLSCRIBE_TOOL_PRINT_HISTORY_HPP
#define MLSCRIBE_TOOL_PRINT_HISTORY_HPP

#include <string>

#include "session.hpp"

namespace tool {

exit_code print_history(session& of, const std::string& run, const std::string& key);

}  // namespace tool

#endif
