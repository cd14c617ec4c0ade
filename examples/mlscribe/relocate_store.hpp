// SPDX-License-Identifier: MIT
/// \file `mlscribe relocate`: artifact URIs of a store that was moved.
#ifndef MLSCRIBE_TOOL_RELOCATE_STORE_HPP
#define MLSCRIBE_TOOL_RELOCATE_STORE_HPP

#include <string>

#include "session.hpp"

namespace tool {

/// \param from  where the store was; empty: as its runs tell it
/// \return nothing where a file could not be written
exit_code relocate_store(session& of, const std::string& from, bool dry_run);

}  // namespace tool

#endif
