// SPDX-License-Identifier: MIT
/// \file Brings one run to the server: what is new of it, in an order in which it may be cut off
/// anywhere.
#ifndef MLSCRIBE_SYNC_RUN_PUSH_HPP
#define MLSCRIBE_SYNC_RUN_PUSH_HPP

#include <mlscribe/run/run_recovery.hpp>
#include <mlscribe/sync/artifact_push.hpp>
#include <mlscribe/sync/input_push.hpp>
#include <mlscribe/sync/metric_push.hpp>
#include <mlscribe/sync/text_push.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

inline bool has_ended(run_status status) noexcept {
    return status != run_status::running && status != run_status::scheduled;
}

/// \threadsafety one thread
class run_push {
  public:
    /// \param experiment  the server's identity of it
    /// \param text        may serve many runs in turn
    run_push(push_context& push, remote_runs& runs, remote_models& models, tracking_server& server,
             metric_text_file& text, const std::string& experiment, found_run& run,
             pushed_run& report)
        : push_(push),
          runs_(runs),
          models_(models),
          server_(server),
          text_(text),
          experiment_(experiment),
          run_(run),
          report_(report) {}

    /// \param look  that was taken before \onfailure what ends the whole push; all else is in the
    ///              report
    error push(run_look look) {
        const bool is_dry = push_.options.dry_run;
        if (!is_dry && look.has_journal() && recover()) {
            look = {};
            look.take(run_.folder);
        }
        if (!is_dry && is_there_already(look)) return {};
        error failure = is_dry ? send_dry() : send(look);
        if (failure.code == error_code::not_found && !report_.remote_run_id.empty()) {
            // It was removed there meanwhile: begin anew.
            runs_.forget(run_.meta.run_id);
            failure = send(look);
        }
        if (!failure || ends_push(failure)) return failure;
        // Whether it is back is asked the next time.
        if (failure.code == error_code::deleted) runs_.forget(run_.meta.run_id);
        report_.failures.push_back(std::move(failure));
        return {};
    }

  private:
    static constexpr std::int64_t between_saves = 1000000000;

    /// Ends the run of a dead process. \return whether there is anything new
    bool recover() {
        const run_recovery done = recover_run(run_, false);
        if (done.failure) report_.notes.push_back(done.failure);
        if (done.recovered == 0) return false;
        meta_document document;
        if (error failure = read_settled_meta(run_.folder, run_.path, document)) {
            report_.failures.push_back(std::move(failure));
        } else if (std::optional<run_meta> meta = read_run_meta(document)) {
            run_.meta = std::move(*meta);
            report_.status = run_.meta.status;
        }
        return true;
    }

    error send(const run_look& look) {
        const std::string& id = run_.meta.run_id;
        report_.is_changed = true;
        remote_place place;
        std::string parent;
        if (error failure = runs_.find(server_, run_, place)) return failure;
        report_.remote_run_id = place.id;
        if (error failure = runs_.find_parent(server_, run_, parent)) return failure;
        const push_turn turn = push_.shelf.turn(id);
        state_ = push_.shelf.load(id);
        state_.remote_id = place.id;
        state_.artifact_uri = place.artifact_uri;
        if (state_.deleted) {
            // Nothing goes into a deleted run.
            if (!has_news()) return note_whole(look);
            if (error failure = server_.restore_run(place.id)) return failure;
            state_.deleted = false;
        }
        error failure = send_parts(parent, false);
        if (!failure && run_.meta.lifecycle_stage == lifecycle::deleted) {
            failure = server_.delete_run(place.id);
            state_.deleted = !failure;
        }
        tell_refused_points();
        state_.look.clear();
        if (!failure && report_.failures.empty()) return note_whole(look);
        push_.save(id, state_);
        return failure;
    }

    error note_whole(const run_look& look) {
        state_.look = look.text();
        push_.save(run_.meta.run_id, state_);
        return {};
    }

    /// Whether all that would be sent is remembered. Many a file is touched for nothing, and who
    /// follows a run looks at it again and again: that costs the server no request.
    bool is_there_already(const run_look& look) {
        state_ = push_.shelf.load(run_.meta.run_id);
        report_.remote_run_id = state_.remote_id;
        const bool is_deleted = run_.meta.lifecycle_stage == lifecycle::deleted;
        if (state_.remote_id.empty() || state_.experiment != experiment_ ||
            state_.deleted != is_deleted || has_news()) {
            return false;
        }
        tell_refused_points();
        if (report_.failures.empty() && state_.look != look.text()) note_whole(look);
        return true;
    }

    bool has_news() {
        const push_state known = state_;
        pushed_run sent;
        std::swap(sent, report_);
        const error failure = send_parts(remembered_parent(), true);
        std::swap(sent, report_);
        state_ = known;
        return failure || !sent.failures.empty() ||
               sent.points + sent.texts + sent.artifacts != 0 || state_.told != standing() ||
               !input_push(push_, models_, server_, run_, state_, report_).is_whole();
    }

    std::string remembered_parent() const {
        std::string parent;
        if (run_.folder.read("tags/mlflow.parentRunId", parent) != 0) return {};
        if (!is_run_id(parent)) return parent;
        const std::string remote = push_.shelf.load(parent).remote_id;
        return remote.empty() ? parent : remote;
    }

    /// Counts what send() would send.
    error send_dry() {
        state_ = push_.shelf.load(run_.meta.run_id);
        report_.remote_run_id = state_.remote_id;
        error failure = send_parts(remembered_parent(), true);
        report_.is_changed =
            state_.remote_id.empty() || report_.points + report_.texts + report_.artifacts != 0;
        return failure;
    }

    error send_parts(const std::string& parent, bool is_dry) {
        const bool is_live = !has_ended(run_.meta.status);
        batch_sender sender(
            server_, state_.remote_id, is_dry,
            [this, is_dry](const batch_item* items, std::size_t count) {
                const std::uint64_t points = take(items, count);
                if (!is_dry) push_.count(points, 0);
            },
            [this](const batch_item& item, const error& why) { refuse(item, why); });
        text_push texts(server_, run_, state_, sender, report_);
        if (error failure = texts.push_params()) return failure;
        if (error failure = texts.push_tags(parent, is_dry)) return failure;
        run_metrics rows(run_.folder, run_.meta.run_id, run_.path, text_);
        if (rows.journals().unread()) report_.notes.push_back(rows.journals().unread());
        if (is_live) rows.leave_torn_ends();
        metric_push metrics(
            run_.folder, rows, state_, sender, push_.options.every, !is_live,
            [this](error failure) { report_.failures.push_back(std::move(failure)); },
            [this, is_dry] { save_now_and_then(is_dry); });
        error failure = metrics.push();
        if (!failure) failure = sender.flush();
        metrics.settle();
        if (failure) return failure;
        input_push inputs(push_, models_, server_, run_, state_, report_);
        if (!is_dry) failure = inputs.push_inputs();
        if (!is_dry && !failure) failure = inputs.push_outputs();
        if (!failure) failure = send_artifacts(is_live, is_dry);
        return failure || is_dry ? failure : send_standing();
    }

    error send_artifacts(bool is_live, bool is_dry) {
        directory folder;
        tell_elsewhere();
        const std::string path = run_.path + "/artifacts";
        const int failed = run_.folder.open_below("artifacts", missing::fail, folder);
        if (failed == ENOENT) return {};
        if (failed != 0) {
            report_.failures.push_back(system_error("cannot read", path, failed));
            return {};
        }
        artifact_push artifacts(push_, server_, state_, path, is_dry,
                                is_live && push_.options.follow, report_,
                                [this, is_dry] { save_now_and_then(is_dry); });
        return artifacts.push(folder);
    }

    /// A run of a store that was moved has its artifacts in the store's own path.
    void tell_elsewhere() {
        const std::string& uri = run_.meta.artifact_uri;
        const std::string own = run_.experiment_id + '/' + run_.meta.run_id;
        if (uri.empty() || is_in_own_place(uri, own)) return;
        report_.notes.push_back({error_code::unsupported_uri, 0,
                                 "its artifacts are at \"" + shown_uri(uri) +
                                     "\" and are not pushed; copy them there yourself"});
    }

    /// As the server should know it.
    std::string standing() const {
        return standing_of(run_name_of(run_), run_.meta.status, end_time());
    }
    std::optional<std::int64_t> end_time() const {
        return has_ended(run_.meta.status) ? run_.meta.end_time : std::nullopt;
    }
    error send_standing() {
        if (state_.told == standing()) return {};
        error failure =
            server_.update_run(state_.remote_id, run_.meta.status, end_time(), run_name_of(run_));
        if (!failure) state_.told = standing();
        return failure;
    }

    /// \return how many points these are
    std::uint64_t take(const batch_item* items, std::size_t count) {
        std::uint64_t points = 0;
        for (const batch_item* each = items; each != items + count; ++each) {
            if (each->type == batch_item::kind::metric) {
                ++points;
            } else {
                ++report_.texts;
                text_push::note(*each, state_);
            }
        }
        report_.points += points;
        return points;
    }

    void refuse(const batch_item& item, const error& why) {
        if (item.type == batch_item::kind::metric) {
            state_.refused.emplace(item.key, why.message);
            return;
        }
        const char* const kind = item.type == batch_item::kind::param ? "param \"" : "tag \"";
        report_.failures.push_back(
            {error_code::invalid_value, 0, kind + shown(item.key) + "\": " + why.message});
    }
    /// They are not sent again, and still are not there.
    void tell_refused_points() {
        for (const auto& [key, why] : state_.refused) {
            report_.failures.push_back({error_code::invalid_value, 0,
                                        "metric \"" + shown(key) + "\", some points: " + why});
        }
    }

    /// What is not noted is sent again, so it costs little to be late.
    void save_now_and_then(bool is_dry) {
        const std::int64_t now = monotonic_nanoseconds();
        if (is_dry || now - saved_at_ < between_saves) return;
        saved_at_ = now;
        push_.save(run_.meta.run_id, state_);
    }

    push_context& push_;
    remote_runs& runs_;
    remote_models& models_;
    tracking_server& server_;
    metric_text_file& text_;
    const std::string& experiment_;
    found_run& run_;
    pushed_run& report_;
    push_state state_;
    std::int64_t saved_at_ = monotonic_nanoseconds();
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
