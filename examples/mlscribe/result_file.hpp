// SPDX-License-Identifier: MIT
/// \file `-o FILE`: where a command's result goes that is no text for a terminal.
#ifndef MLSCRIBE_TOOL_RESULT_FILE_HPP
#define MLSCRIBE_TOOL_RESULT_FILE_HPP

#include <string>
#include <string_view>

#include "session.hpp"

namespace tool {

struct result_file {
    std::string path;    ///< "-": standard output
    bool force = false;  ///< replaces a file

    /// \onfailure throws failure(usage) where a file is in the way. Asked before the work.
    void check() const;
    /// Writes a file, which appears whole, and says so; or to standard output.
    /// \onfailure throws failure(unreadable)
    void write(session& of, std::string_view content) const;
};

}  // namespace tool

#endif
