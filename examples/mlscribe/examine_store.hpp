// SPDX-License-Identifier: MIT
/// \file `mlscribe doctor`: what is wrong with a store, and mending it.
#ifndef MLSCRIBE_TOOL_EXAMINE_STORE_HPP
#define MLSCRIBE_TOOL_EXAMINE_STORE_HPP

#include <string>
#include <vector>

#include "session.hpp"

namespace tool {

struct doctor_options {
    std::vector<std::string> only;  ///< kinds of damage; empty: all
    bool repair = false;
    bool dry_run = false;  ///< only tell what a repair would do
    std::string quarantine;
    bool migration = false;  ///< only what `mlflow migrate-filestore` would trip over
};

/// \return nothing where damage is left
exit_code examine_store(session& of, const doctor_options& options);

/// All kinds of damage, with commas between.
std::string damage_names();

}  // namespace tool

#endif
