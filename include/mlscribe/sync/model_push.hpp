// SPDX-License-Identifier: MIT
/// \file Sends what is new of a model that MLflow 3 lists: tags, files, metrics, status.
#ifndef MLSCRIBE_SYNC_MODEL_PUSH_HPP
#define MLSCRIBE_SYNC_MODEL_PUSH_HPP

#include <mlscribe/registry/model_place.hpp>
#include <mlscribe/sync/artifact_push.hpp>
#include <mlscribe/sync/model_metrics.hpp>

#include <string>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// \threadsafety one thread
class model_push {
  public:
    model_push(push_context& push, remote_runs& runs, remote_models& models,
               tracking_server& server)
        : push_(push), runs_(runs), models_(models), server_(server) {}

    /// \param experiment  the server's identity of it
    /// \onfailure what ends the whole push; all else is noted there
    error push(const found_model& model, const std::string& experiment) {
        error failure = send(model, experiment);
        if (!failure || failure.code == error_code::deleted || ends_push(failure)) {
            return ends_push(failure) ? failure : error{};
        }
        note(model, std::move(failure));
        return {};
    }

  private:
    error send(const found_model& model, const std::string& experiment) {
        remote_place place;
        run_look look;
        run_look files_look;
        directory files;
        look.take(model.folder);
        if (error failure = open_files(model, files)) note(model, std::move(failure));
        if (files) files_look.take(files);
        const std::string both = look.text() + ' ' + files_look.text();
        const bool is_settled = !look.text().empty() && (!files || !files_look.text().empty());
        push_state state = push_.shelf.load(model.id);
        if (is_settled && state.look == both && state.experiment == experiment) return {};
        if (error failure = models_.find(server_, model, place)) return failure;
        const push_turn turn = push_.shelf.turn(model.id);
        state = push_.shelf.load(model.id);
        pushed_run report;
        error failure = send(model, files, state, report);
        if (!failure && report.failures.empty() && is_settled) state.look = both;
        push_.save(model.id, state);
        for (error& each : report.failures) note(model, std::move(each));
        return failure;
    }

    error send(const found_model& model, const directory& files, push_state& state,
               pushed_run& report) {
        const auto fails = [&report](error failure) {
            report.failures.push_back(std::move(failure));
        };
        std::vector<named_value> tags;
        for (named_value& tag : model_texts(model, "tags", max_tag_characters, fails)) {
            if (state.tags[tag.key] != md5_text(tag.value)) tags.push_back(std::move(tag));
        }
        if (error failure = server_.set_model_tags(state.remote_id, tags)) return failure;
        for (const named_value& tag : tags) state.tags[tag.key] = md5_text(tag.value);
        if (files) {
            artifact_push artifacts(push_, server_, state, model.path, false, false, report, [] {});
            if (error failure = artifacts.push(files)) return failure;
        }
        if (error failure = model_metrics(push_, runs_, server_, model, state).push()) {
            return failure;
        }
        return finalize(model, state);
    }

    error finalize(const found_model& model, push_state& state) {
        const std::string local = text_of(model.meta, "status");
        const std::string status = local == "2"   ? "LOGGED_MODEL_READY"
                                   : local == "3" ? "LOGGED_MODEL_UPLOAD_FAILED"
                                                  : "";
        if (status.empty() || state.told == status) return {};
        error failure = server_.finalize_model(state.remote_id, status);
        if (!failure) state.told = status;
        return failure;
    }

    /// Where its files are: below it, or among the artifacts of the run that made it.
    error open_files(const found_model& model, directory& files) const {
        const int failed = model.folder.open_below("artifacts", missing::fail, files);
        if (failed == 0) return {};
        if (failed != ENOENT) return system_error("cannot read", model.path + "/artifacts", failed);
        model_place place;
        const std::string location = text_of(model.meta, "artifact_location");
        // MLflow makes its folder when something is logged.
        if (is_in_own_place(location, model.experiment_id + "/models/" + model.id)) return {};
        const error failure = open_location(push_.store, location, place);
        const std::string inside = push_.store.path() + '/';
        if (failure || place.path.compare(0, inside.size(), inside) != 0) {
            return {error_code::unsupported_uri, 0,
                    "its files are at \"" + shown_uri(location) + "\", and are not pushed"};
        }
        files = std::move(place.folder);
        return {};
    }

    void note(const found_model& model, error failure) const {
        failure.message = "model \"" + model.id + "\": " + failure.message;
        push_.note_failure(failure);
    }

    push_context& push_;
    remote_runs& runs_;
    remote_models& models_;
    tracking_server& server_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
