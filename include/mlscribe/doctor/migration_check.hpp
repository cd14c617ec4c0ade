// SPDX-License-Identifier: MIT
/// \file migration_check(): what `mlflow migrate-filestore` would make of a store.
#ifndef MLSCRIBE_DOCTOR_MIGRATION_CHECK_HPP
#define MLSCRIBE_DOCTOR_MIGRATION_CHECK_HPP

#include <mlscribe/doctor/examine.hpp>

#include <string_view>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

/// What stands between a store and `mlflow migrate-filestore`.
struct migration_report {
    std::vector<finding> aborts = {};  ///< with one of them nothing is migrated
    std::vector<finding> skips = {};   ///< runs and experiments that would be left out in silence

    bool is_clean() const noexcept { return aborts.empty() && skips.empty(); }
};

/// Tells, before it is tried, what would make `mlflow migrate-filestore` of MLflow 3 abort or leave
/// something out. \param root  as examine() \onfailure as examine() \cost as examine()
inline migration_report migration_check(std::string_view root = {},
                                        const examine_options& options = {}) {
    migration_report result;
    for (finding& each : examine(root, options).findings) {
        const migration_effect effect = each.at_migration;
        if (effect == migration_effect::aborts) {
            result.aborts.push_back(std::move(each));
        } else if (effect == migration_effect::skips) {
            result.skips.push_back(std::move(each));
        }
    }
    return result;
}

MLSCRIBE_NAMESPACE_END

#endif
