// SPDX-License-Identifier: MIT
/// \file `mlscribe show`: all of one run.
#ifndef MLSCRIBE_TOOL_SHOW_RUN_HPP
#define MLSCRIBE_TOOL_SHOW_RUN_HPP

#include <string>

#include "session.hpp"

namespace tool {

exit_code show_run(session& of, const std::string& word);

}  // namespace tool

#endif
