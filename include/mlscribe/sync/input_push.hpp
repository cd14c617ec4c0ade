// SPDX-License-Identifier: MIT
/// \file Says which datasets and models a run was given, and which models it made.
#ifndef MLSCRIBE_SYNC_INPUT_PUSH_HPP
#define MLSCRIBE_SYNC_INPUT_PUSH_HPP

#include <mlscribe/sync/remote_models.hpp>

#include <algorithm>
#include <cstddef>
#include <set>
#include <string>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// \threadsafety one thread
class input_push {
  public:
    input_push(push_context& push, remote_models& models, tracking_server& server,
               const found_run& run, push_state& state, pushed_run& report)
        : push_(push),
          models_(models),
          server_(server),
          run_(run),
          state_(state),
          report_(report) {}

    /// \onfailure what ends the push of this run; of single inputs the report tells
    error push_inputs() {
        std::vector<named_input> datasets;
        std::vector<named_model> models;
        std::size_t bytes = 0;
        for (const std::string& name : names_in("inputs", state_.inputs)) {
            const std::size_t before = datasets.size();
            if (error failure = add_input(name, datasets, models)) return failure;
            if (datasets.size() != before) bytes += size_of(datasets.back().input);
            if (bytes < most_bytes) continue;
            if (error failure = push_batch(datasets, models)) return failure;
            datasets.clear();
            models.clear();
            bytes = 0;
        }
        return push_batch(datasets, models);
    }

    /// Whether all of them were sent.
    bool is_whole() const {
        return names_in("inputs", state_.inputs).empty() &&
               names_in("outputs", state_.outputs).empty();
    }

    error push_outputs() {
        std::vector<std::string> sent;
        std::vector<remote_output> outputs;
        for (const std::string& name : names_in("outputs", state_.outputs)) {
            meta_document meta;
            if (!read("outputs/" + name, meta)) continue;
            remote_place place;
            bool is_settled = false;
            if (error failure = find_model(text_of(meta, "destination_id"), place, is_settled)) {
                return failure;
            }
            if (is_settled) state_.outputs.insert(name);
            if (place.id.empty()) continue;
            const yaml_value* const step = meta.find("step");
            outputs.push_back({place.id, step == nullptr ? 0 : to_integer(*step).value_or(0)});
            sent.push_back(name);
        }
        if (outputs.empty()) return {};
        error failure = server_.log_outputs(state_.remote_id, outputs);
        if (!failure) state_.outputs.insert(sent.begin(), sent.end());
        return failure;
    }

  private:
    /// In a request, or those of one dataset more: a schema and a profile have up to 18 MiB.
    static constexpr std::size_t most_bytes = std::size_t{4} << 20;

    static std::size_t size_of(const remote_input& input) {
        std::size_t bytes = input.name.size() + input.digest.size() + input.source_type.size() +
                            input.source.size() + input.schema.size() + input.profile.size();
        for (const named_value& tag : input.tags) bytes += tag.key.size() + tag.value.size();
        return bytes;
    }

    /// With their names in inputs/.
    struct named_input {
        std::string name;
        remote_input input;
    };
    struct named_model {
        std::string name;
        std::string id;
    };

    /// Those that were not sent, of which each is a folder.
    std::vector<std::string> names_in(const std::string& folder,
                                      const std::set<std::string>& sent) const {
        std::vector<std::string> names;
        run_.folder.for_each_entry(folder, [&](std::string name, bool is_directory) {
            if (is_directory && sent.count(name) == 0) names.push_back(std::move(name));
        });
        std::sort(names.begin(), names.end());
        return names;
    }

    bool read(const std::string& below, meta_document& meta) {
        directory folder;
        const std::string path = run_.path + '/' + below;
        error failure;
        if (const int failed = run_.folder.open_below(below, missing::fail, folder)) {
            failure = system_error("cannot read", path, failed);
        } else {
            failure = read_meta(folder, path, meta);
        }
        if (failure) report_.failures.push_back(failure);
        return !failure;
    }

    error add_input(const std::string& name, std::vector<named_input>& datasets,
                    std::vector<named_model>& models) {
        meta_document meta;
        if (!read("inputs/" + name, meta)) return {};
        const std::string type = text_of(meta, "source_type");
        const std::string source = text_of(meta, "source_id");
        if (type == "MODEL") {
            remote_place place;
            bool is_settled = false;
            if (error failure = find_model(source, place, is_settled)) return failure;
            if (is_settled) state_.inputs.insert(name);
            if (!place.id.empty()) models.push_back({name, place.id});
        } else {
            named_input dataset{name, {}};
            if (type != "DATASET" || !read_dataset(source, dataset.input)) {
                state_.inputs.insert(name);
                return {};
            }
            if (const yaml_value* const tags = meta.find("tags")) {
                for (const auto& tag : tags->entries) {
                    dataset.input.tags.push_back({tag.first, tag.second.text});
                }
            }
            datasets.push_back(std::move(dataset));
        }
        return {};
    }

    /// MLflow leaves those out that it does not find.
    bool read_dataset(const std::string& id, remote_input& input) {
        directory experiment;
        directory folder;
        meta_document meta;
        if (!is_store_id(id, 255)) return false;
        if (push_.store.open_experiment(run_.experiment_id, run_.in_trash, experiment) != 0 ||
            experiment.open_below("datasets/" + id, missing::fail, folder) != 0) {
            return false;
        }
        if (error failure = read_meta(folder, "datasets/" + id, meta, max_dataset_meta_bytes)) {
            report_.failures.push_back(std::move(failure));
            return false;
        }
        input.name = text_or_none(meta, "name");
        input.digest = text_or_none(meta, "digest");
        input.source_type = text_or_none(meta, "source_type");
        input.source = text_or_none(meta, "source");
        input.schema = text_or_none(meta, "schema");
        input.profile = text_or_none(meta, "profile");
        return true;
    }

    /// \param place       stays empty where there is none
    /// \param is_settled  whether there never will be one
    error find_model(const std::string& id, remote_place& place, bool& is_settled) {
        if (!push_.server_has_models) {
            report_.notes.push_back({error_code::not_found, 0,
                                     "the server is of MLflow 2, which lists no model \"" +
                                         shown(id) + "\" beside its run"});
            is_settled = true;
            return {};
        }
        error failure = models_.find(server_, id, run_.experiment_id, run_.in_trash, place);
        if (ends_push(failure)) return failure;
        is_settled = failure.code == error_code::deleted;
        if (failure && !is_settled) report_.failures.push_back(std::move(failure));
        return {};
    }

    error push_batch(const std::vector<named_input>& datasets,
                     const std::vector<named_model>& models) {
        error failure = push_all(datasets, models);
        if (failure.code != error_code::invalid_value) return failure;
        // One that the server refuses keeps no other out.
        for (const named_input& each : datasets) {
            if (error stopped = push_one(push_all({each}, {}), "dataset", each.input.name)) {
                return stopped;
            }
        }
        for (const named_model& each : models) {
            if (error stopped = push_one(push_all({}, {each}), "model", each.id)) return stopped;
        }
        return {};
    }
    error push_all(const std::vector<named_input>& datasets,
                   const std::vector<named_model>& models) {
        std::vector<remote_input> inputs;
        std::vector<std::string> ids;
        for (const named_input& each : datasets) inputs.push_back(each.input);
        for (const named_model& each : models) ids.push_back(each.id);
        error failure = server_.log_inputs(state_.remote_id, inputs, ids);
        if (failure) return failure;
        for (const named_input& each : datasets) state_.inputs.insert(each.name);
        for (const named_model& each : models) state_.inputs.insert(each.name);
        return {};
    }
    error push_one(error failure, const char* kind, const std::string& name) {
        if (failure.code != error_code::invalid_value) return failure;
        failure.message = std::string(kind) + " \"" + shown(name) + "\": " + failure.message;
        report_.failures.push_back(std::move(failure));
        return {};
    }

    push_context& push_;
    remote_models& models_;
    tracking_server& server_;
    const found_run& run_;
    push_state& state_;
    pushed_run& report_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
