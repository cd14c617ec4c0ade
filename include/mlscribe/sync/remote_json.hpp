// SPDX-License-Identifier: MIT
/// \file Experiments, runs and models out of a tracking server's JSON.
#ifndef MLSCRIBE_SYNC_REMOTE_JSON_HPP
#define MLSCRIBE_SYNC_REMOTE_JSON_HPP

#include <mlscribe/sync/remote_run.hpp>
#include <mlscribe/sync/server_json.hpp>

#include <string>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

inline lifecycle stage_of(const server_json& from) {
    return text_of(from, "lifecycle_stage") == "deleted" ? lifecycle::deleted : lifecycle::active;
}

inline run_status status_of(const std::string& name) noexcept {
    for (const run_status each :
         {run_status::scheduled, run_status::finished, run_status::failed, run_status::killed}) {
        if (name == to_string(each)) return each;
    }
    return run_status::running;
}

// Each says whether the ids are such.

inline bool read_remote(const server_json& from, remote_experiment& experiment) {
    experiment.experiment_id = text_of(from, "experiment_id");
    experiment.name = text_of(from, "name");
    experiment.stage = stage_of(from);
    experiment.creation_time = integer_of(from, "creation_time").value_or(0);
    experiment.tags = named_values_of(from, "tags");
    return is_server_id(experiment.experiment_id);
}

inline bool read_remote(const server_json& from, remote_run& run) {
    const server_json none = server_json::object();
    const auto part = [&none](const server_json& of, const char* key) -> const server_json& {
        const server_json* const found = member_of(of, key);
        return found == nullptr ? none : *found;
    };
    const server_json& info = part(from, "info");
    const server_json& data = part(from, "data");
    run.run_id = text_of(info, "run_id");
    run.experiment_id = text_of(info, "experiment_id");
    run.name = text_of(info, "run_name");
    run.status = status_of(text_of(info, "status"));
    run.stage = stage_of(info);
    run.start_time = integer_of(info, "start_time").value_or(0);
    run.end_time = integer_of(info, "end_time");
    run.artifact_uri = text_of(info, "artifact_uri");
    run.tags = named_values_of(data, "tags");
    run.model_outputs.clear();
    for_each_item(part(from, "outputs"), "model_outputs", [&run](const server_json& output) {
        run.model_outputs.push_back(text_of(output, "model_id"));
    });
    return is_server_id(run.run_id) && is_server_id(run.experiment_id);
}

inline bool read_remote(const server_json& from, remote_model& model) {
    const server_json none = server_json::object();
    const server_json* const info = member_of(from, "info");
    const server_json& about = info == nullptr ? none : *info;
    model.model_id = text_of(about, "model_id");
    model.experiment_id = text_of(about, "experiment_id");
    model.name = text_of(about, "name");
    model.source_run_id = text_of(about, "source_run_id");
    model.status = text_of(about, "status");
    model.artifact_uri = text_of(about, "artifact_uri");
    model.tags = named_values_of(about, "tags");
    return is_server_id(model.model_id);
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
