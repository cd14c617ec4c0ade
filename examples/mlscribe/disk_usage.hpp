// SPDX-License-Identifier: MIT
/// \file `mlscribe du`: what lies where.
#ifndef MLSCRIBE_TOOL_DISK_USAGE_HPP
#define MLSCRIBE_TOOL_DISK_USAGE_HPP

#include "session.hpp"

namespace tool {

struct usage_options {
    bool by_run = false;
    bool apparent = false;  ///< the bytes of files, not the blocks that they take
};

/// \return nothing where a part of the store cannot be read
exit_code print_disk_usage(session& of, const usage_options& options);

}  // namespace tool

#endif
