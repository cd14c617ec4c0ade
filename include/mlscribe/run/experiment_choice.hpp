// SPDX-License-Identifier: MIT
/// \file Which experiment a run belongs to, by MLflow's order of precedence.
#ifndef MLSCRIBE_RUN_EXPERIMENT_CHOICE_HPP
#define MLSCRIBE_RUN_EXPERIMENT_CHOICE_HPP

#include <mlscribe/config/environment.hpp>
#include <mlscribe/run/run_options.hpp>
#include <mlscribe/store/experiments.hpp>

#include <cstdint>
#include <string>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// An experiment that must exist and not be deleted. \param origin who asked, for the message
inline error existing_experiment(const store_root& store, const std::string& id,
                                 const std::string& origin, found_experiment& result) {
    if (!is_experiment_id(id)) {
        return {error_code::invalid_value, 0,
                origin + " \"" + shown(id) +
                    "\" is no experiment id; give the digits that MLflow shows"};
    }
    error failure = store.read_experiment(id, false, result);
    if (failure.code == error_code::not_found) {
        found_experiment deleted;
        if (!store.read_experiment(id, true, deleted)) {
            return {error_code::deleted, 0,
                    origin + " " + id + " is deleted; restore it or choose another"};
        }
        failure.message += "; " + origin + " must name an existing one";
    }
    if (!failure && result.meta.lifecycle_stage == lifecycle::deleted) {
        return {error_code::deleted, 0, origin + " " + id + " is deleted; restore it"};
    }
    return failure;
}

/// The program's id, then its name, then MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID, then 0.
/// As in MLflow the two variables must agree where the name exists.
inline error choose_experiment(const store_root& store, const run_options& options,
                               found_experiment& result, std::string& neighbours) {
    const std::int64_t now = milliseconds_now();
    if (!options.experiment_id.empty()) {
        return existing_experiment(store, options.experiment_id, "experiment_id", result);
    }
    if (!options.experiment.empty()) {
        return get_or_create_experiment(store, options.experiment, now, result, neighbours);
    }
    const std::string name = environment("MLFLOW_EXPERIMENT_NAME");
    const std::string id = environment("MLFLOW_EXPERIMENT_ID");
    if (name.empty() && !id.empty()) {
        return existing_experiment(store, id, "MLFLOW_EXPERIMENT_ID", result);
    }
    if (name.empty()) {
        const std::string first(default_experiment_id);
        error failure = existing_experiment(store, first, "experiment", result);
        if (failure.code != error_code::not_found) return failure;
        return store.claim_experiment(first, "Default", now, result);
    }
    if (!id.empty()) {
        error failure = find_experiment(store.scan(), name, result);
        if (!failure && result.id != id) {
            return {error_code::invalid_value, 0,
                    "MLFLOW_EXPERIMENT_NAME \"" + name + "\" has the id " + result.id +
                        ", but MLFLOW_EXPERIMENT_ID is " + id + "; unset one"};
        }
    }
    return get_or_create_experiment(store, name, now, result, neighbours);
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
