// SPDX-License-Identifier: MIT
/// \file The runs of a store on the server: each is made once, its parents before it.
#ifndef MLSCRIBE_SYNC_REMOTE_RUNS_HPP
#define MLSCRIBE_SYNC_REMOTE_RUNS_HPP

#include <mlscribe/store/runs.hpp>
#include <mlscribe/sync/remote_experiments.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// How a run stands, as one text to compare.
inline std::string standing_of(const std::string& name, run_status status,
                               const std::optional<std::int64_t>& end_time) {
    return std::string(to_string(status)) + ' ' + (end_time ? std::to_string(*end_time) : "-") +
           ' ' + name;
}

/// MLflow takes the tag where meta.yaml names none. Of all runs the names are kept: what is longer
/// than any that a server takes is none.
inline std::string run_name_of(const found_run& run) {
    constexpr std::size_t longest = 65536;
    std::string name = run.meta.run_name;
    if (name.empty() && run.folder.read("tags/mlflow.runName", name, longest) != 0) name.clear();
    return name.size() > longest ? std::string() : name;
}

/// \threadsafety any thread
class remote_runs {
  public:
    remote_runs(push_context& push, remote_experiments& experiments)
        : push_(push), experiments_(experiments) {}

    /// The server's run of a local one, which is made if there is none.
    /// \onfailure not_found where the store has no such run; deleted where it was deleted there
    error find(tracking_server& server, const std::string& local_id, remote_place& place) {
        if (is_known(local_id, place)) return {};
        found_run run;
        if (error failure = find_run(push_.store, local_id, run)) return failure;
        return find(server, run, place);
    }
    error find(tracking_server& server, const found_run& run, remote_place& place) {
        if (is_known(run.meta.run_id, place)) return {};
        std::string parent;
        if (error failure = find_parent(server, run, parent)) return failure;
        return find_below(server, run, parent, place);
    }

    /// The server's id of the run that this one is nested in; as it stands here where the store
    /// does not have it; empty for a run that is in none.
    error find_parent(tracking_server& server, const found_run& run, std::string& parent) {
        const std::string local = parent_of(run);
        for (std::vector<std::string> left = unknown_above(run); !left.empty(); left.pop_back()) {
            found_run above;
            remote_place place;
            error failure = find_run(push_.store, left.back(), above);
            if (!failure) failure = find_below(server, above, id_of(parent_of(above)), place);
            if (ends_push(failure)) return failure;
        }
        parent = id_of(local);
        return {};
    }

    /// The server does not have it any more.
    void forget(const std::string& local_id) {
        const std::lock_guard<std::mutex> lock(mutex_);
        places_.erase(local_id);
    }

  private:
    static constexpr std::size_t deepest_nesting = 100;

    bool is_known(const std::string& local_id, remote_place& place) {
        const std::lock_guard<std::mutex> lock(mutex_);
        const auto known = places_.find(local_id);
        if (known == places_.end()) return false;
        place = known->second;
        return true;
    }

    static std::string parent_of(const found_run& run) {
        std::string parent;
        if (run.folder.read("tags/mlflow.parentRunId", parent) != 0) parent.clear();
        return parent;
    }

    /// The server's id of a run that was found there.
    std::string id_of(const std::string& local_id) {
        remote_place place;
        return is_known(local_id, place) ? place.id : local_id;
    }

    /// What the run is nested in and was not looked for, the outermost last.
    std::vector<std::string> unknown_above(const found_run& run) {
        std::vector<std::string> ids;
        remote_place ignored;
        for (std::string id = parent_of(run); ids.size() != deepest_nesting && is_run_id(id);) {
            const bool is_circle =
                id == run.meta.run_id || std::find(ids.begin(), ids.end(), id) != ids.end();
            found_run above;
            if (is_circle || is_known(id, ignored) || find_run(push_.store, id, above)) break;
            ids.push_back(std::move(id));
            id = parent_of(above);
        }
        return ids;
    }

    /// \param parent  the server's id of the run that it is nested in
    error find_below(tracking_server& server, const found_run& run, const std::string& parent,
                     remote_place& place) {
        const std::string& id = run.meta.run_id;
        const std::size_t stripe = std::hash<std::string>{}(id) % making_.size();
        const std::lock_guard<std::mutex> alone(making_[stripe]);
        if (is_known(id, place)) return {};
        experiment_place experiment;
        if (error failure =
                experiments_.find(server, run.experiment_id, run.in_trash, experiment)) {
            return failure;
        }
        push_state state = push_.shelf.load(id);
        std::optional<remote_run> found;
        if (error failure = remembered(server, experiment, state, found)) return failure;
        // Who pushes it has its turn, and may be waiting for one of ours.
        if (!found || !is_settled(run, *found, state)) {
            const push_turn turn = push_.shelf.turn(id);
            state = push_.shelf.load(id);
            if (error failure = remembered(server, experiment, state, found)) return failure;
            if (error failure = settle(server, run, experiment, parent, state, found)) {
                return failure;
            }
            push_.save(id, state);
        }
        place = {found->run_id, found->artifact_uri};
        const std::lock_guard<std::mutex> lock(mutex_);
        places_[id] = place;
        return {};
    }

    /// The run that an earlier push noted, where the server still has it.
    static error remembered(tracking_server& server, const experiment_place& experiment,
                            const push_state& state, std::optional<remote_run>& found) {
        found.reset();
        if (state.remote_id.empty() || state.experiment != experiment.identity) return {};
        error failure = server.get_run(state.remote_id, found.emplace());
        if (failure) found.reset();
        return failure.code == error_code::not_found ? error{} : failure;
    }

    /// Makes it where there is none, and restores it where a push deleted it.
    static error settle(tracking_server& server, const found_run& run,
                        const experiment_place& experiment, const std::string& parent,
                        push_state& state, std::optional<remote_run>& found) {
        if (!found) {
            state = {};
            state.experiment = experiment.identity;
            if (error failure = server.find_run({experiment.id}, run.meta.run_id, found))
                return failure;
            state.adopted = found.has_value();
            if (!found) {
                error failure = make(server, run, experiment.id, parent, found.emplace());
                if (failure) return failure;
            }
            state.told = standing_of(found->name, found->status, found->end_time);
        }
        if (error failure = settle_stage(server, run, *found, state)) return failure;
        state.remote_id = found->run_id;
        state.artifact_uri = found->artifact_uri;
        return {};
    }

    static error make(tracking_server& server, const found_run& run,
                      const std::string& experiment_id, const std::string& parent,
                      remote_run& made) {
        new_run wanted;
        wanted.experiment_id = experiment_id;
        wanted.local_run_id = run.meta.run_id;
        wanted.name = run_name_of(run);
        wanted.user_id = run.meta.user_id;
        wanted.start_time = run.meta.start_time;
        if (!parent.empty()) wanted.tags.push_back({"mlflow.parentRunId", parent});
        return server.create_run(wanted, made);
    }

    static bool is_settled(const found_run& run, const remote_run& found, const push_state& state) {
        const bool is_deleted = found.stage == lifecycle::deleted;
        return state.deleted == is_deleted &&
               (!is_deleted || run.meta.lifecycle_stage == lifecycle::deleted);
    }
    /// A run that a push deleted there comes back with the one here; others stay deleted.
    static error settle_stage(tracking_server& server, const found_run& run,
                              const remote_run& found, push_state& state) {
        const bool was_deleted = std::exchange(state.deleted, found.stage == lifecycle::deleted);
        if (!state.deleted || run.meta.lifecycle_stage == lifecycle::deleted) return {};
        if (!was_deleted) return deleted_there();
        state.deleted = false;
        return server.restore_run(found.run_id);
    }

    push_context& push_;
    remote_experiments& experiments_;
    std::array<std::mutex, 16> making_;
    std::mutex mutex_;
    std::map<std::string, remote_place> places_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
