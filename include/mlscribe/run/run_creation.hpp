// SPDX-License-Identifier: MIT
/// \file Makes a run's directory: everything in it first, its meta.yaml last.
#ifndef MLSCRIBE_RUN_RUN_CREATION_HPP
#define MLSCRIBE_RUN_RUN_CREATION_HPP

#include <mlscribe/layout/json_object.hpp>
#include <mlscribe/run/run_options.hpp>
#include <mlscribe/store/runs.hpp>
#include <mlscribe/store/tag_file.hpp>
#include <mlscribe/store/tracking.hpp>
#include <mlscribe/tag/run_name.hpp>
#include <mlscribe/tag/source_tags.hpp>

#include <string>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// The tags of a new run: MLflow's automatic ones, over them MLFLOW_RUN_CONTEXT, over these the
/// program's. \param warning receives what MLFLOW_RUN_CONTEXT has wrong
inline tag_list initial_tags(const run_options& options, std::string& warning) {
    tag_list tags = source_tags(user_name());
    if (const std::string context = environment("MLFLOW_RUN_CONTEXT"); !context.empty()) {
        if (const auto extra = parse_flat_json_object(context)) {
            for (const auto& tag : *extra) put_tag(tags, tag.first, tag.second);
        } else {
            warning = "MLFLOW_RUN_CONTEXT is no JSON object of tags and is ignored: " +
                      utf8::repaired(context.substr(0, 200));
        }
    }
    if (!options.description.empty()) put_tag(tags, "mlflow.note.content", options.description);
    if (!options.parent_run_id.empty()) put_tag(tags, "mlflow.parentRunId", options.parent_run_id);
    for (const auto& tag : options.tags) put_tag(tags, tag.first, tag.second);
    if (!options.run_name.empty()) put_tag(tags, "mlflow.runName", options.run_name);
    for (const auto& tag : tags) {
        if (tag.first == "mlflow.runName" && !tag.second.empty()) return tags;
    }
    put_tag(tags, "mlflow.runName", random_run_name());
    return tags;
}

/// Removes what a failed creation made, so that no directory without meta.yaml stays.
inline void undo_creation(const directory& parent, const std::string& name) {
    directory folder;
    std::vector<std::string> names;
    if (parent.open_below(name, missing::fail, folder) == 0) folder.list(names);
    for (const std::string& below : names) {
        if (folder.remove(below) != 0) undo_creation(folder, below);
    }
    parent.remove_directory(name);
}

/// Creates a run. \param report hears of tags that were refused; the run is made without them
template <class Report>
error create_run(const store_root& store, const std::string& experiment_id,
                 const run_options& options, found_run& result, Report&& report) {
    const std::string id = options.run_id.empty() ? random_run_id() : options.run_id;
    if (!is_run_id(id)) return illegal_run_id(id);
    directory experiment;
    const std::string shelf = store.path() + '/' + experiment_id;
    if (const int failed = store.folder().open_below(experiment_id, missing::fail, experiment)) {
        return system_error("cannot open experiment", shelf, failed);
    }
    result.path = shelf + '/' + id;
    result.experiment_id = experiment_id;
    if (const int failed = experiment.make(id)) {
        if (failed != EEXIST) return system_error("cannot make run", result.path, failed);
        return {error_code::already_exists, 0,
                "run id \"" + id + "\" exists already; use resume_run or another id"};
    }
    const auto fail = [&](error failure) {
        undo_creation(experiment, id);
        return failure;
    };
    if (const int failed = experiment.open_below(id, missing::fail, result.folder)) {
        return fail(system_error("cannot open run", result.path, failed));
    }
    for (const char* child : {"metrics", "params", "artifacts", "tags"}) {
        if (const int failed = result.folder.make(child)) {
            return fail(system_error("cannot make run", result.path, failed));
        }
    }
    std::string warning;
    run_meta& meta = result.meta;
    for (const auto& tag : initial_tags(options, warning)) {
        error refused =
            write_tag(result.folder, result.path, tag.first, tag.second, visibility::unseen);
        if (refused.code == error_code::system) return fail(std::move(refused));
        if (refused) report(refused);
        if (tag.first == "mlflow.runName") meta.run_name = utf8::repaired(tag.second);
        if (tag.first == "mlflow.user") meta.user_id = utf8::repaired(tag.second);
    }
    if (!warning.empty()) report(error{error_code::invalid_value, 0, std::move(warning)});
    meta.run_id = id;
    meta.experiment_id = experiment_id;
    meta.artifact_uri = file_uri(result.path + "/artifacts");
    meta.status = run_status::running;
    meta.lifecycle_stage = lifecycle::active;
    meta.start_time = milliseconds_now();
    const int failed =
        replace_file(result.folder, meta_name, to_document(meta).text(), durability::synced);
    return failed == 0 ? error{}
                       : fail(system_error("cannot write meta.yaml of run", result.path, failed));
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
