// SPDX-License-Identifier: MIT
/// \file Models that MLflow 3 logged beside the runs (docs/format.md, "Models of MLflow 3").
#ifndef MLSCRIBE_REGISTRY_LOGGED_MODELS_HPP
#define MLSCRIBE_REGISTRY_LOGGED_MODELS_HPP

#include <mlscribe/registry/model_place.hpp>
#include <mlscribe/store/runs.hpp>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Opens `<experiment>/models/<id>/artifacts`, or where its meta.yaml says that they are.
inline error open_logged_model(const store_root& store, const std::string& experiment,
                               const std::string& id, const meta_document& document,
                               model_place& result) {
    const std::string below = std::string(models_name) + '/' + id;
    if (text_of(document, "lifecycle_stage") == "deleted") {
        return {error_code::deleted, 0, "model \"" + id + "\" is deleted"};
    }
    result.model_id = id;
    result.run_id = text_of(document, "source_run_id");
    const int failed = open_in_experiment(store, experiment, below + "/artifacts", result);
    if (failed == ENOENT)
        return open_location(store, text_of(document, "artifact_location"), result);
    const std::string path = store.path() + '/' + experiment + '/' + below;
    return failed == 0 ? error{} : unopened_model(store, experiment, path, failed);
}

/// Finds the model `id` in whatever experiment.
inline error find_logged_model(const store_root& store, const std::string& id,
                               model_place& result) {
    std::vector<std::string> names;
    if (is_store_id(id, 255)) store.folder().list(names);
    for (const std::string& name : names) {
        if (!is_experiment_id(name) || name == models_name) continue;
        model_place found;
        const std::string below = std::string(models_name) + '/' + id;
        if (open_in_experiment(store, name, below, found) != 0) continue;
        meta_document document;
        if (error failure = read_settled_meta(found.folder, found.path, document)) return failure;
        return open_logged_model(store, name, id, document, result);
    }
    return {error_code::not_found, 0,
            "no logged model \"" + shown(id) + "\" in \"" + store.path() +
                "\"; check the id and MLFLOW_TRACKING_URI, or name a version of a registered "
                "model: models:/<name>/<version>"};
}

/// Finds the model that MLflow 3 logged from a run under this name: of several, that of the highest
/// step, then the newest. \return not_found without a message where there is none
inline error find_model_of_run(const store_root& store, const found_run& run,
                               std::string_view model_name, model_place& result) {
    struct candidate {
        std::int64_t step;
        std::int64_t created;
        std::string id;
        meta_document document;
    };
    const std::string shelf =
        run.path.substr(0, run.path.rfind('/')) + '/' + std::string(models_name);
    std::optional<candidate> best;
    std::vector<std::string> ids;
    model_place models;
    if (open_in_experiment(store, run.experiment_id, std::string(models_name), models) == 0) {
        models.folder.list(ids);
    }
    for (const std::string& id : ids) {
        candidate found{0, 0, id, {}};
        directory folder;
        directory link;
        meta_document output;
        if (models.folder.open_below(id, missing::fail, folder) != 0) continue;
        if (read_meta(folder, shelf + '/' + id, found.document)) continue;
        if (text_of(found.document, "source_run_id") != run.meta.run_id) continue;
        if (text_of(found.document, "name") != model_name) continue;
        const auto number = [](const meta_document& document, std::string_view key) {
            const yaml_value* const value = document.find(key);
            return value == nullptr ? 0 : to_integer(*value).value_or(0);
        };
        found.created = number(found.document, "creation_timestamp");
        if (run.folder.open_below("outputs/" + id, missing::fail, link) == 0 &&
            !read_meta(link, run.path, output)) {
            found.step = number(output, "step");
        }
        if (!best ||
            std::make_pair(best->step, best->created) < std::make_pair(found.step, found.created)) {
            best = std::move(found);
        }
    }
    if (!best) return {error_code::not_found, 0, {}};
    return open_logged_model(store, run.experiment_id, best->id, best->document, result);
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
