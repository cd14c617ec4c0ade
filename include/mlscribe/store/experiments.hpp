// SPDX-License-Identifier: MIT
/// \file Experiments by name: found, or created so that a race of many processes makes one.
#ifndef MLSCRIBE_STORE_EXPERIMENTS_HPP
#define MLSCRIBE_STORE_EXPERIMENTS_HPP

#include <mlscribe/store/experiment_name.hpp>
#include <mlscribe/store/store_root.hpp>

#include <cstdint>
#include <string>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// One warning about what lies in a store beside experiments; empty when all is well.
inline std::string describe_neighbours(const store_root& store, const store_scan& scan) {
    std::string text;
    for (const error& damaged : scan.damaged) text += (text.empty() ? "" : "; ") + damaged.message;
    for (const std::string& name : scan.foreign) {
        if (!text.empty()) text += "; ";
        text += "directory \"" + name + "\" in \"" + store.path() +
                "\" is no experiment and MLflow's UI fails on its name: move it away";
    }
    return text;
}

/// Finds the active experiment `name`. \return not_found, deleted (it lies in `.trash`), system
/// where it may be among what could not be read
inline error find_experiment(const store_scan& scan, const std::string& name,
                             found_experiment& result) {
    const found_experiment* deleted = nullptr;
    const found_experiment* active = nullptr;
    for (const found_experiment& candidate : scan.experiments) {
        if (candidate.meta.name != name) continue;
        const bool is_deleted =
            candidate.in_trash || candidate.meta.lifecycle_stage == lifecycle::deleted;
        const found_experiment*& slot = is_deleted ? deleted : active;
        // Of several (MLflow makes them under concurrency) every process takes the same one.
        if (slot == nullptr || candidate.id < slot->id) slot = &candidate;
    }
    if (active != nullptr) {
        result = *active;
        return {};
    }
    if (scan.unread) return scan.unread;
    if (deleted != nullptr) {
        return {error_code::deleted, 0,
                "experiment \"" + name + "\" (id " + deleted->id +
                    ") is deleted; restore it or use another name"};
    }
    return {error_code::not_found, 0, "no experiment \"" + name + '"'};
}

/// Whether the active experiment `name` has the id that the library gives it: to know of that one
/// takes no look at others.
inline bool find_by_id(const store_root& store, const std::string& name, found_experiment& result) {
    found_experiment found;
    const std::string id = experiment_id_candidate(name, 0);
    if (store.read_experiment(id, false, found)) return false;
    if (found.meta.name != name || found.meta.lifecycle_stage != lifecycle::active) return false;
    result = std::move(found);
    return true;
}

/// Gets the experiment `name`, creating it where there is none. No lock is held: every process
/// tries the same ids in the same order, and the meta.yaml that is linked first wins.
/// \param neighbours receives what is wrong with other entries of the store
inline error get_or_create_experiment(const store_root& store, const std::string& name,
                                      std::int64_t now, found_experiment& result,
                                      std::string& neighbours) {
    if (error failure = check_experiment_name(name)) return failure;
    const store_scan scan = store.scan();
    neighbours = describe_neighbours(store, scan);
    error failure = find_experiment(scan, name, result);
    if (failure.code == error_code::system && find_by_id(store, name, result)) return {};
    if (failure.code != error_code::not_found) return failure;
    constexpr std::uint64_t most_candidates = 1000;
    for (std::uint64_t k = 0; k < most_candidates; ++k) {
        const std::string id = experiment_id_candidate(name, k);
        struct stat taken {};
        const std::string trashed = std::string(trash_name) + '/' + id;
        const int unknown = store.folder().status(trashed, taken);
        if (unknown == 0) continue;
        if (unknown != ENOENT) {
            return system_error("cannot look for", store.path() + '/' + trashed, unknown);
        }
        failure = store.claim_experiment(id, name, now, result);
        const bool next =
            failure.code == error_code::already_exists || failure.code == error_code::damaged;
        if (!next) return failure;
    }
    return failure;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
