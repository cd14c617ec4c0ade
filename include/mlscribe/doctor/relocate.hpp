// SPDX-License-Identifier: MIT
/// \file relocate(): the artifacts of a store that was moved.
#ifndef MLSCRIBE_DOCTOR_RELOCATE_HPP
#define MLSCRIBE_DOCTOR_RELOCATE_HPP

#include <mlscribe/doctor/examine.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

/// Where the store was.
struct relocate_options {
    /// The folder or file: URI where the store was. Empty: as its runs tell it, where they have
    /// artifacts here and what their URIs lead to is gone, or is the store that this is a copy of.
    std::string from = {};
    bool dry_run = false;  ///< tells what would be changed and changes nothing
};

/// The URIs that a relocation changed.
struct relocation {
    /// One URI in one file.
    struct change {
        std::string path;  ///< of the meta.yaml, below the root
        std::string key;   ///< `artifact_uri`, `artifact_location`, `source`, `storage_location`
        std::string old_uri;
        std::string new_uri;
    };
    std::vector<change> changes = {};
    std::vector<error> failures = {};  ///< those that could not be written
};

/// Makes the URIs of runs, experiments and models lead to where the store is now: MLflow finds
/// artifacts by them alone. URIs of another kind (`s3:`, `mlflow-artifacts:`, relative ones) and
/// those of an artifact folder elsewhere stay.
/// \param root   as examine()
/// \onfailure    logging_error where the store cannot be opened; std::bad_alloc
/// \threadsafety any thread; each meta.yaml changes as a whole
inline relocation relocate(std::string_view root = {}, const relocate_options& options = {}) {
    relocation result;
    detail::store_root store;
    if (!detail::open_patient(root, store)) return result;
    const detail::relocation_plan plan(store, options.from);
    for (const detail::planned_uri& each : plan.uris()) {
        if (!options.dry_run) {
            if (error failure = detail::apply_uri(store, each)) {
                result.failures.push_back(std::move(failure));
                continue;
            }
        }
        result.changes.push_back(
            {each.folder + "/meta.yaml", each.key, each.old_uri, each.new_uri});
    }
    return result;
}

MLSCRIBE_NAMESPACE_END

#endif
