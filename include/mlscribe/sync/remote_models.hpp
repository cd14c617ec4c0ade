// SPDX-License-Identifier: MIT
/// \file The models of a store that MLflow 3 lists beside the runs, on the server: each made once.
#ifndef MLSCRIBE_SYNC_REMOTE_MODELS_HPP
#define MLSCRIBE_SYNC_REMOTE_MODELS_HPP

#include <mlscribe/file/unopened_folder.hpp>
#include <mlscribe/sync/remote_runs.hpp>
#include <mlscribe/sync/text_push.hpp>

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// A model as it stands in the store.
struct found_model {
    std::string id;
    std::string experiment_id;
    bool in_trash = false;
    directory folder;
    std::string path;
    meta_document meta;
};

/// The text of a scalar; empty for null.
inline std::string text_or_none(const meta_document& document, std::string_view key) {
    const yaml_value* const value = document.find(key);
    return value == nullptr || value->type == yaml_value::kind::null ? std::string() : value->text;
}

/// Opens `<experiment>/models/<id>`.
inline error open_found_model(const store_root& store, const std::string& experiment, bool in_trash,
                              const std::string& id, found_model& result) {
    directory shelf;
    result.id = id;
    result.experiment_id = experiment;
    result.in_trash = in_trash;
    result.path = store.path() + '/' + (in_trash ? std::string(trash_name) + '/' : "") +
                  experiment + "/models/" + id;
    int failed = is_store_id(id, 255) ? store.open_experiment(experiment, in_trash, shelf) : ENOENT;
    if (failed == EPERM) {
        const std::string link = result.path.substr(0, result.path.size() - id.size() - 8);
        return unopened_folder("cannot open experiment", link, failed);
    }
    if (failed == 0) failed = shelf.open_below("models/" + id, missing::fail, result.folder);
    if (failed == ENOENT || failed == ENOTDIR) {
        return {error_code::not_found, 0,
                "no model \"" + shown(id) + "\" in \"" + store.path() + '"'};
    }
    if (failed != 0) return system_error("cannot open", result.path, failed);
    return read_settled_meta(result.folder, result.path, result.meta);
}

/// The texts of a model, cut to what the server keeps.
template <class Fails>
std::vector<named_value> model_texts(const found_model& model, const std::string& folder,
                                     std::size_t most, Fails&& fails) {
    std::vector<named_value> values;
    for (auto& [key, value] : read_texts(model.folder, folder, model.path, most, fails)) {
        values.push_back({key, value});
        cut_value(values.back().value, most);
    }
    return values;
}

/// \threadsafety any thread
class remote_models {
  public:
    remote_models(push_context& push, remote_experiments& experiments, remote_runs& runs)
        : push_(push), experiments_(experiments), runs_(runs) {}

    /// The server's model of a local one, which is made if there is none.
    /// \param experiment  of the store, where it is looked for first
    /// \onfailure not_found where the store has none; deleted where it is deleted here
    error find(tracking_server& server, const std::string& id, const std::string& experiment,
               bool in_trash, remote_place& place) {
        {
            const std::lock_guard<std::mutex> lock(mutex_);
            const auto known = places_.find(id);
            if (known != places_.end()) {
                place = known->second;
                return {};
            }
        }
        found_model model;
        error failure = open_found_model(push_.store, experiment, in_trash, id, model);
        if (failure.code == error_code::not_found) failure = search(id, failure, model);
        return failure ? failure : find(server, model, place);
    }
    error find(tracking_server& server, const found_model& model, remote_place& place) {
        if (text_of(model.meta, "lifecycle_stage") == "deleted") {
            return {error_code::deleted, 0, "model \"" + model.id + "\" is deleted"};
        }
        remote_place source;
        const std::string source_run = text_or_none(model.meta, "source_run_id");
        if (is_run_id(source_run)) {
            const error failure = runs_.find(server, source_run, source);
            if (failure && failure.code != error_code::not_found) return failure;
        }
        experiment_place experiment;
        if (error failure =
                experiments_.find(server, model.experiment_id, model.in_trash, experiment)) {
            return failure;
        }
        const std::lock_guard<std::mutex> alone(making_);
        const push_turn turn = push_.shelf.turn(model.id);
        push_state state = push_.shelf.load(model.id);
        if (state.remote_id.empty() || state.experiment != experiment.identity) {
            state = {};
            state.experiment = experiment.identity;
            if (error failure = look_up_or_make(server, model, experiment.id, source.id, state)) {
                return failure;
            }
            push_.save(model.id, state);
        }
        place = {state.remote_id, state.artifact_uri};
        const std::lock_guard<std::mutex> lock(mutex_);
        places_[model.id] = place;
        return {};
    }

  private:
    error search(const std::string& id, const error& failure, found_model& model) const {
        std::vector<std::string> names;
        push_.store.folder().list(names);
        for (const std::string& name : names) {
            if (name == models_name || !is_experiment_id(name)) continue;
            if (!open_found_model(push_.store, name, false, id, model)) return {};
        }
        return failure;
    }

    error look_up_or_make(tracking_server& server, const found_model& model,
                          const std::string& experiment_id, const std::string& source_run,
                          push_state& state) {
        std::optional<remote_model> found;
        if (error failure = server.find_model({experiment_id}, model.id, found)) return failure;
        state.adopted = found.has_value();
        if (!found) {
            const auto fails = [this](const error& failure) { push_.note_failure(failure); };
            new_model wanted;
            wanted.experiment_id = experiment_id;
            wanted.local_model_id = model.id;
            wanted.name = text_of(model.meta, "name");
            wanted.model_type = text_or_none(model.meta, "model_type");
            wanted.source_run_id = source_run;
            wanted.params = model_texts(model, "params", max_param_characters, fails);
            wanted.tags = model_texts(model, "tags", max_tag_characters, fails);
            found.emplace();
            if (error failure = server.create_model(wanted, *found)) return failure;
            for (const named_value& tag : wanted.tags) state.tags[tag.key] = md5_text(tag.value);
        }
        state.remote_id = found->model_id;
        state.artifact_uri = found->artifact_uri;
        state.told = found->status;
        return {};
    }

    push_context& push_;
    remote_experiments& experiments_;
    remote_runs& runs_;
    std::mutex making_;
    std::mutex mutex_;
    std::map<std::string, remote_place> places_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
