// SPDX-License-Identifier: MIT
/// \file The models that MLflow 3 lists beside runs.
#ifndef MLSCRIBE_SYNC_MODEL_SERVER_HPP
#define MLSCRIBE_SYNC_MODEL_SERVER_HPP

#include <mlscribe/sync/rest_interface.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// The calls on models; errors as those of the tracking_server that it is a part of.
/// \threadsafety one thread at a time
class model_server : public rest_interface {
  public:
    using rest_interface::rest_interface;

    error find_model(const std::vector<std::string>& experiment_ids,
                     std::string_view local_model_id, std::optional<remote_model>& found) {
        found.reset();
        server_json body;
        if (error failure = search_body(experiment_ids, local_model_id_tag, local_model_id, body)) {
            return failure;
        }
        server_json answer;
        server_call call = post("look for a model", "logged-models/search", body);
        if (error failure = caller_.ask(call, answer)) return failure;
        return read_oldest(
            answer, "models", found,
            [](const remote_model& a, const remote_model& b) { return a.model_id < b.model_id; });
    }
    /// Makes a model, or finds it where a lost answer had made it.
    error create_model(const new_model& wanted, remote_model& made) {
        std::vector<named_value> tags = wanted.tags;
        tags.push_back({local_model_id_tag, wanted.local_model_id});
        server_json body;
        body["experiment_id"] = wanted.experiment_id;
        body["name"] = wanted.name;
        if (!wanted.model_type.empty()) body["model_type"] = wanted.model_type;
        if (!wanted.source_run_id.empty()) body["source_run_id"] = wanted.source_run_id;
        body["params"] = json_of(wanted.params);
        body["tags"] = json_of(tags);
        return create("create a model", "logged-models", body, "model", made,
                      [this, &wanted](std::optional<remote_model>& found) {
                          return find_model({wanted.experiment_id}, wanted.local_model_id, found);
                      });
    }
    error set_model_tags(std::string_view model_id, const std::vector<named_value>& tags) {
        if (tags.empty()) return {};
        server_json body;
        body["tags"] = json_of(tags);
        server_call call = post("tag a model", model_path(model_id) + "/tags", body);
        call.request.method = "PATCH";
        server_json answer;
        return caller_.ask(call, answer);
    }
    /// Says that its files are complete, or never will be.
    /// \param status  "LOGGED_MODEL_READY" or "LOGGED_MODEL_UPLOAD_FAILED"
    error finalize_model(std::string_view model_id,
                         std::string_view status = "LOGGED_MODEL_READY") {
        server_json body;
        body["model_id"] = std::string(model_id);
        body["status"] = std::string(status);
        server_call call = post("complete a model", model_path(model_id), body);
        call.request.method = "PATCH";
        server_json answer;
        return caller_.ask(call, answer);
    }

  private:
    static std::string model_path(std::string_view model_id) {
        return "logged-models/" + std::string(model_id);
    }
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
