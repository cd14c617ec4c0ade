// SPDX-License-Identifier: MIT
/// \file Which experiments, runs and models of a store a push is about.
#ifndef MLSCRIBE_SYNC_PUSH_CHOICE_HPP
#define MLSCRIBE_SYNC_PUSH_CHOICE_HPP

#include <mlscribe/file/unopened_folder.hpp>
#include <mlscribe/store/runs.hpp>
#include <mlscribe/sync/push_context.hpp>

#include <algorithm>
#include <cstddef>
#include <set>
#include <string>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Opened when it is looked at: there may be more of them than a process may have files open.
struct chosen_experiment {
    std::string id;
    bool in_trash = false;
    bool is_deleted = false;
    bool is_empty = false;  ///< neither runs nor models
    std::string path;       ///< absolute
};

/// A folder that may be a run.
struct chosen_run {
    std::size_t experiment;  ///< its index
    std::string name;
};

struct chosen_model {
    std::size_t experiment;  ///< its index
    std::string id;
};

struct push_choice {
    std::vector<chosen_experiment> experiments;
    std::vector<chosen_run> runs;
    std::vector<chosen_model> models;
    bool has_all = true;  ///< whether the runs are all of these experiments

    bool has_run(const std::string& id) const {
        return std::any_of(runs.begin(), runs.end(),
                           [&id](const chosen_run& run) { return run.name == id; });
    }
};

/// The runs that were named, and those that they are nested in.
inline std::set<std::string> named_runs(push_context& push) {
    std::set<std::string> names;
    std::vector<std::string> left = push.options.runs;
    while (!left.empty()) {
        const std::string id = std::move(left.back());
        left.pop_back();
        if (!names.insert(id).second) continue;
        found_run run;
        std::string parent;
        if (error failure = find_run(push.store, id, run)) {
            const auto& wanted = push.options.runs;
            names.erase(id);
            // A parent may be gone.
            if (std::find(wanted.begin(), wanted.end(), id) != wanted.end()) {
                push.note_failure(failure);
            }
        } else if (run.folder.read("tags/mlflow.parentRunId", parent) == 0) {
            left.push_back(std::move(parent));
        }
    }
    return names;
}

inline bool is_wanted(const found_experiment& found, const sync_options& options) {
    const auto& wanted = options.experiments;
    return wanted.empty() || std::any_of(wanted.begin(), wanted.end(), [&](const auto& each) {
               return each == found.id || each == found.meta.name;
           });
}

/// Lists what is there now, without reading it. \param chosen  filled
inline void choose_what_to_push(push_context& push, push_choice& chosen) {
    const sync_options& options = push.options;
    const store_scan scan = push.store.scan();
    for (const error& each : scan.damaged) push.note_failure(each);
    for (const std::string& wanted : options.experiments) {
        const bool is_known = std::any_of(
            scan.experiments.begin(), scan.experiments.end(),
            [&](const auto& each) { return each.id == wanted || each.meta.name == wanted; });
        if (!is_known && !scan.unread) {
            push.note_failure(
                {error_code::not_found, 0,
                 "no experiment \"" + shown(wanted) + "\" in \"" + push.store.path() + '"'});
        }
    }
    chosen.has_all = options.runs.empty();
    const std::set<std::string> named = named_runs(push);
    for (const found_experiment& found : scan.experiments) {
        if (!is_wanted(found, options)) continue;
        directory folder;
        chosen_experiment experiment;
        experiment.id = found.id;
        experiment.in_trash = found.in_trash;
        experiment.is_deleted = found.meta.lifecycle_stage == lifecycle::deleted;
        experiment.path = push.store.path() + '/' + found.path();
        int failed = push.store.open_experiment(found.id, found.in_trash, folder);
        if (failed == ENOENT) continue;  // removed meanwhile
        const std::size_t index = chosen.experiments.size();
        const std::size_t runs_before = chosen.runs.size();
        const auto add_run = [&](std::string name, bool) {
            if (!is_run_id(name) || (!chosen.has_all && named.count(name) == 0)) return;
            chosen.runs.push_back({index, std::move(name)});
        };
        if (failed == 0) failed = folder.for_each_entry(".", add_run);
        if (failed != 0) {
            push.note_failure(unopened_folder("cannot list experiment", experiment.path, failed));
            continue;
        }
        if (!chosen.has_all && runs_before == chosen.runs.size()) continue;
        folder.for_each_entry(std::string(models_name), [&](std::string name, bool is_directory) {
            if (!is_directory || !is_store_id(name, 255)) return;
            chosen.models.push_back({index, std::move(name)});
        });
        experiment.is_empty = chosen.runs.size() == runs_before &&
                              (chosen.models.empty() || chosen.models.back().experiment != index);
        chosen.experiments.push_back(std::move(experiment));
    }
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
