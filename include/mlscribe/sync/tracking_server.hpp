// SPDX-License-Identifier: MIT
/// \file MLflow's tracking server: the calls of its REST interface that a push needs.
#ifndef MLSCRIBE_SYNC_TRACKING_SERVER_HPP
#define MLSCRIBE_SYNC_TRACKING_SERVER_HPP

#include <mlscribe/sync/artifact_address.hpp>
#include <mlscribe/sync/batch_body.hpp>
#include <mlscribe/sync/model_server.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

inline error deleted_there() {
    return {error_code::deleted, 0,
            "it is deleted on the server; restore it there, or delete it here as well"};
}

/// One conversation with a tracking server. Each call waits for its answer, and asks again, with
/// growing pauses, where the server is busy (429, 5xx) or a connection broke. What makes something
/// is never blindly asked for again: it is looked up first.
///
/// \onfailure every call returns an error, empty where all went well:
///            unreachable      nothing answers, the server stays busy, or it is no MLflow server
///            access_denied    it wants other credentials (401, 403)
///            not_found        it has no such run, experiment or model
///            already_exists   likewise
///            invalid_value    it refuses what was sent (the message has its words)
///            invalid_path     of an artifact
///            unsupported_uri  artifacts that do not go through the server
///            system           a file of this machine could not be read
/// \threadsafety one thread at a time; an object for each thread
class tracking_server : public model_server {
  public:
    using model_server::model_server;

    /// Asks what answers there: an MLflow server that lets us in? Where nothing does it is not
    /// asked again.
    error check() {
        server_json answer;
        server_json body;
        body["max_results"] = 1;
        server_call call = post("list experiments", "experiments/search", body);
        call.fail_fast = true;
        if (error failure = caller_.ask(call, answer)) return failure;
        caller_.ask_text("/version", version_);
        constexpr std::size_t longest = 40;
        const auto is_of_version = [](char c) {
            return is_ascii_letter(c) || is_ascii_digit(c) || c == '.' || c == '+';
        };
        if (version_.size() > longest ||
            !std::all_of(version_.begin(), version_.end(), is_of_version)) {
            version_.clear();
        }
        return {};
    }
    /// The server's version once check() was answered, as "3.17.2"; empty where it does not say.
    const std::string& version() const noexcept { return version_; }
    /// Whether it lists models beside runs, as MLflow 3 does. Ask after check().
    bool has_models() const noexcept {
        return version_.empty() || (version_[0] >= '3' && version_[0] <= '9') ||
               version_.find('.') > 1;
    }

    // Experiments, also deleted ones.
    error get_experiment(std::string_view experiment_id, remote_experiment& found) {
        server_json answer;
        error failure = caller_.ask(
            get("read an experiment", "experiments/get", "experiment_id", experiment_id), answer);
        return failure ? failure : read_member(answer, "experiment", found);
    }
    error find_experiment(std::string_view name, std::optional<remote_experiment>& found) {
        found.reset();
        server_json answer;
        error failure = caller_.ask(
            get("look for an experiment", "experiments/get-by-name", "experiment_name", name),
            answer);
        if (failure.code == error_code::not_found) return {};
        if (failure) return failure;
        return read_member(answer, "experiment", found.emplace());
    }
    /// The id of the experiment of this name, which is made if there is none.
    error create_experiment(std::string_view name, const std::vector<named_value>& tags,
                            std::string& experiment_id) {
        server_json body;
        body["name"] = std::string(name);
        body["tags"] = json_of(tags);
        server_call call = post("create an experiment", "experiments/create", body);
        std::optional<remote_experiment> found;
        call.request.once = true;
        call.look_up = [this, name, &found](bool& is_done) {
            error failure = find_experiment(name, found);
            is_done = found.has_value();
            return failure;
        };
        server_json answer;
        error failure = caller_.ask(call, answer);
        if (failure.code == error_code::already_exists) {
            error missing = find_experiment(name, found);
            if (missing || !found) return missing ? missing : failure;
        } else if (failure) {
            return failure;
        }
        experiment_id = found ? found->experiment_id : text_of(answer, "experiment_id");
        return is_server_id(experiment_id) ? error{} : unreadable("an experiment");
    }
    error set_experiment_tag(std::string_view experiment_id, std::string_view key,
                             std::string_view value) {
        return change("tag an experiment", "experiments/set-experiment-tag",
                      {{"experiment_id", experiment_id}, {"key", key}, {"value", value}});
    }
    error delete_experiment(std::string_view experiment_id) {
        return move_experiment("delete an experiment", "experiments/delete", experiment_id,
                               lifecycle::deleted);
    }
    error restore_experiment(std::string_view experiment_id) {
        return move_experiment("restore an experiment", "experiments/restore", experiment_id,
                               lifecycle::active);
    }

    /// The run that was pushed from `local_run_id`, also a deleted one; the oldest where there are
    /// several. \param experiment_ids  where to look
    error find_run(const std::vector<std::string>& experiment_ids, std::string_view local_run_id,
                   std::optional<remote_run>& found) {
        found.reset();
        server_json body;
        if (error failure = search_body(experiment_ids, local_run_id_tag, local_run_id, body)) {
            return failure;
        }
        body["run_view_type"] = "ALL";
        server_json answer;
        if (error failure = caller_.ask(post("look for a run", "runs/search", body), answer)) {
            return failure;
        }
        return read_oldest(answer, "runs", found, [](const remote_run& a, const remote_run& b) {
            return std::pair(a.start_time, a.run_id) < std::pair(b.start_time, b.run_id);
        });
    }
    /// Makes a run, or finds it where a lost answer had made it.
    error create_run(const new_run& wanted, remote_run& made) {
        std::vector<named_value> tags = wanted.tags;
        tags.push_back({local_run_id_tag, wanted.local_run_id});
        server_json body;
        body["experiment_id"] = wanted.experiment_id;
        if (!wanted.name.empty()) body["run_name"] = wanted.name;
        if (!wanted.user_id.empty()) body["user_id"] = wanted.user_id;
        body["start_time"] = wanted.start_time;
        body["tags"] = json_of(tags);
        return create("create a run", "runs/create", body, "run", made,
                      [this, &wanted](std::optional<remote_run>& found) {
                          return find_run({wanted.experiment_id}, wanted.local_run_id, found);
                      });
    }
    error get_run(std::string_view run_id, remote_run& found) {
        server_json answer;
        error failure = caller_.ask(get("read a run", "runs/get", "run_id", run_id), answer);
        return failure ? failure : read_member(answer, "run", found);
    }
    /// Sets status, end and name. \param end_time  milliseconds; none leaves it
    /// \param name  empty leaves it
    error update_run(std::string_view run_id, run_status status,
                     std::optional<std::int64_t> end_time, std::string_view name) {
        server_json body;
        body["run_id"] = std::string(run_id);
        body["status"] = to_string(status);
        if (end_time) body["end_time"] = *end_time;
        if (!name.empty()) body["run_name"] = std::string(name);
        server_json answer;
        return caller_.ask(post("update a run", "runs/update", body), answer);
    }
    error delete_run(std::string_view run_id) {
        return move_run("delete a run", "runs/delete", run_id, lifecycle::deleted);
    }
    error restore_run(std::string_view run_id) {
        return move_run("restore a run", "runs/restore", run_id, lifecycle::active);
    }
    /// A tag that is not there is no failure.
    error delete_tag(std::string_view run_id, std::string_view key) {
        error failure =
            change("delete a tag", "runs/delete-tag", {{"run_id", run_id}, {"key", key}});
        return failure.code == error_code::not_found ? error{} : failure;
    }

    /// Sends a batch; an empty one costs nothing. What the server has already is stored once.
    error log_batch(std::string_view run_id, const batch_body& body) {
        if (body.empty()) return {};
        server_json answer;
        server_call call = post_text("store a batch", "runs/log-batch", body.text(run_id));
        return caller_.ask(call, answer);
    }
    /// What the server has already is stored once. \param model_ids  of models that the run read
    error log_inputs(std::string_view run_id, const std::vector<remote_input>& inputs,
                     const std::vector<std::string>& model_ids) {
        if (inputs.empty() && model_ids.empty()) return {};
        server_json body;
        body["run_id"] = std::string(run_id);
        for (const remote_input& input : inputs) {
            server_json dataset;
            dataset["name"] = input.name;
            dataset["digest"] = input.digest;
            dataset["source_type"] = input.source_type;
            dataset["source"] = input.source;
            if (!input.schema.empty()) dataset["schema"] = input.schema;
            if (!input.profile.empty()) dataset["profile"] = input.profile;
            server_json item;
            item["tags"] = json_of(input.tags);
            item["dataset"] = std::move(dataset);
            body["datasets"].push_back(std::move(item));
        }
        for (const std::string& id : model_ids) body["models"].push_back({{"model_id", id}});
        server_json answer;
        return caller_.ask(post("store datasets", "runs/log-inputs", body), answer);
    }
    /// Says which models a run made; those that the server knows of are left out.
    error log_outputs(std::string_view run_id, const std::vector<remote_output>& outputs) {
        std::vector<remote_output> missing = outputs;
        if (error failure = drop_known(run_id, missing)) return failure;
        if (missing.empty()) return {};
        server_json body;
        body["run_id"] = std::string(run_id);
        for (const remote_output& output : missing) {
            server_json item;
            item["model_id"] = output.model_id;
            item["step"] = output.step;
            body["models"].push_back(std::move(item));
        }
        server_call call = post("store a run's models", "runs/outputs", body);
        call.request.once = true;
        // All of them or none: it is one transaction of the server.
        call.look_up = [this, run_id, &missing](bool& is_done) {
            error failure = drop_known(run_id, missing);
            is_done = missing.empty();
            return failure;
        };
        server_json answer;
        return caller_.ask(call, answer);
    }

    /// What stands in one folder of the artifacts; nothing where there is no such folder.
    /// \param artifact_uri  of the run or model, as the server named it
    /// \param path          below it, with slashes; empty for the root
    error list_artifacts(std::string_view artifact_uri, std::string_view path,
                         std::vector<remote_artifact>& found) {
        found.clear();
        std::string place;
        if (error failure = find_artifact_address(url(), artifact_uri, path, place)) return failure;
        server_call call{"list artifacts", {}};
        call.request.path = std::string(artifact_proxy) + "?path=" + percent_encoded_path(place);
        server_json answer;
        error failure = caller_.ask(call, answer);
        if (failure.code == error_code::not_found) return {};
        if (failure) return failure;
        for_each_item(answer, "files", [&found, path](const server_json& file) {
            remote_artifact item;
            item.path = path;
            if (!path.empty()) item.path += '/';
            item.path += text_of(file, "path");
            const server_json* const is_folder = member_of(file, "is_dir");
            item.directory = is_folder != nullptr && is_folder->is_boolean() && *is_folder == true;
            item.size = integer_of(file, "file_size").value_or(0);
            found.push_back(std::move(item));
        });
        return {};
    }
    /// Streams a file through the server's artifact proxy, in place of one that is there.
    /// \onfailure invalid_path for a name that MLflow's server would store under another
    /// \param file  open for reading; read from its beginning by pread
    /// \param size  how many bytes are sent
    /// \cost memory for some blocks
    error put_artifact(std::string_view artifact_uri, std::string_view path, int file,
                       std::int64_t size) {
        if (error failure = check_artifact_name(path)) return failure;
        std::string place;
        if (error failure = find_artifact_address(url(), artifact_uri, path, place)) return failure;
        const std::string what = "store the artifact \"" + shown(path) + '"';
        server_call call{what, {}};
        call.request.method = "PUT";
        call.request.path = std::string(artifact_proxy) + '/' + percent_encoded_path(place);
        call.request.file = file;
        call.request.size = size;
        server_json answer;
        return caller_.ask(call, answer);
    }

  private:
    // MLflow refuses what is done already, as it is where an answer was lost.
    error move_run(std::string_view what, std::string_view method, std::string_view run_id,
                   lifecycle wanted) {
        error failure = change(what, method, {{"run_id", run_id}});
        remote_run now;
        if (failure.code != error_code::invalid_value || get_run(run_id, now)) return failure;
        return now.stage == wanted ? error{} : failure;
    }
    error move_experiment(std::string_view what, std::string_view method,
                          std::string_view experiment_id, lifecycle wanted) {
        error failure = change(what, method, {{"experiment_id", experiment_id}});
        if (failure.code != error_code::invalid_value && failure.code != error_code::not_found) {
            return failure;
        }
        remote_experiment now;
        if (get_experiment(experiment_id, now)) return failure;
        return now.stage == wanted ? error{} : failure;
    }

    error drop_known(std::string_view run_id, std::vector<remote_output>& outputs) {
        if (outputs.empty()) return {};
        remote_run run;
        if (error failure = get_run(run_id, run)) return failure;
        drop_if(outputs, [&run](const remote_output& output) {
            const auto& known = run.model_outputs;
            return std::find(known.begin(), known.end(), output.model_id) != known.end();
        });
        return {};
    }
    std::string version_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
