// SPDX-License-Identifier: MIT
/// \file What the tool's exit status says, and the failure that ends a command.
#ifndef MLSCRIBE_TOOL_EXIT_CODE_HPP
#define MLSCRIBE_TOOL_EXIT_CODE_HPP

#include <stdexcept>
#include <string>

namespace tool {

/// The numbers stand in `mlscribe --help`.
enum class exit_code {
    done = 0,
    nothing = 1,          ///< nothing was found, or something is left to do
    usage = 2,            ///< options, filters and names that cannot be meant
    unreachable = usage,  ///< a server that does not answer, or does not let us in
    unreadable = 3,       ///< the store, or standard output, refuses
    damaged = 4,          ///< what was asked for cannot be read as it stands
};

/// Ends a command with a line on stderr.
class failure : public std::runtime_error {
  public:
    failure(exit_code code, const std::string& message)
        : std::runtime_error(message), code_(code) {}
    exit_code code() const noexcept { return code_; }

  private:
    exit_code code_;
};

}  // namespace tool

#endif
