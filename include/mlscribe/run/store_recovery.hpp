// SPDX-License-Identifier: MIT
/// \file Recovers the runs of a store, one after the other.
#ifndef MLSCRIBE_RUN_STORE_RECOVERY_HPP
#define MLSCRIBE_RUN_STORE_RECOVERY_HPP

#include <mlscribe/config/environment.hpp>
#include <mlscribe/error/reporter.hpp>
#include <mlscribe/file/unopened_folder.hpp>
#include <mlscribe/run/run_recovery.hpp>
#include <mlscribe/store/tracking.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Opens the run in `folder` of an experiment.
/// \return what keeps a run that has journals from being recovered; `found` is false for others
inline error open_run_to_recover(const directory& experiment, const std::string& name,
                                 found_run& run, bool& found) {
    found = false;
    if (!is_run_id(name) || experiment.open_below(name, missing::fail, run.folder) != 0) return {};
    meta_document document;
    error failure = read_meta(run.folder, run.path, document);
    // Many runs of a store are nothing to a recovery, and MLflow itself empties files for a moment.
    if (failure && find_journals(run.folder, {}).empty()) return {};
    if (failure) failure = read_settled_meta(run.folder, run.path, document);
    if (failure) return failure;
    std::string why;
    std::optional<run_meta> meta = read_run_meta(document, &why);
    if (!meta && find_journals(run.folder, {}).empty()) return {};
    if (!meta) return {error_code::damaged, 0, "\"" + run.path + "/meta.yaml\": " + why};
    run.meta = std::move(*meta);
    found = true;
    return {};
}

template <class Recovery>
void recover_experiment(const store_root& store, const found_experiment& experiment, bool force,
                        reporter& failures, Recovery& result) {
    directory folder;
    std::vector<std::string> names;
    const std::string path = store.path() + '/' + experiment.path();
    int failed = store.open_experiment(experiment.id, experiment.in_trash, folder);
    if (failed == 0) failed = folder.list(names);
    if (failed != 0)
        return failures.report(unopened_folder("cannot look for runs in", path, failed));
    for (const std::string& name : names) {
        found_run run;
        bool found = false;
        run.path = path + '/' + name;
        if (const error failure = open_run_to_recover(folder, name, run, found)) {
            failures.report(failure);
        }
        if (!found) continue;
        const run_recovery done = recover_run(run, force);
        result.points += done.points;
        if (done.failure) failures.report(done.failure);
        if (done.recovered != 0) result.runs.push_back(name);
        if (done.alive != 0) result.alive.push_back(name);
        if (done.unknown != 0) result.unknown.push_back(name);
    }
}

/// The store, which a misspelt name must not make.
inline error open_store_to_recover(reporter& failures, std::string_view uri, store_root& store) {
    const tracking_location location = find_tracking_location(uri);
    const error refused{error_code::unsupported_uri, 0, location.message};
    if (location.where == tracking_location::kind::refused) return refused;
    if (location.where == tracking_location::kind::server) failures.report(refused);
    return store_root::open(location.path, store);
}

/// \tparam Recovery, Options  recovery and recover_options, which are declared above this header
template <class Recovery, class Options>
Recovery recover_store(std::string_view tracking_uri, const Options& options) {
    Recovery result;
    reporter failures(options.errors, heard_by(options.on_error));
    guarded(failures, "recover", [&] {
        if (is_disabled()) return;
        store_root store;
        if (const error failure = open_store_to_recover(failures, tracking_uri, store)) {
            failures.report(failure);
        } else {
            const store_scan found = store.scan();
            for (const error& damaged : found.damaged) failures.report(damaged);
            for (const found_experiment& experiment : found.experiments) {
                recover_experiment(store, experiment, options.force, failures, result);
            }
        }
        failures.raise_kept();  // what `report` kept until all runs were looked at
    });
    return result;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
