// SPDX-License-Identifier: MIT
/// \file The experiments of a store on the server: found by their names the first time, made where
/// there are none.
#ifndef MLSCRIBE_SYNC_REMOTE_EXPERIMENTS_HPP
#define MLSCRIBE_SYNC_REMOTE_EXPERIMENTS_HPP

#include <mlscribe/file/unopened_folder.hpp>
#include <mlscribe/query/text_folder.hpp>
#include <mlscribe/sync/push_context.hpp>
#include <mlscribe/sync/run_look.hpp>
#include <mlscribe/sync/tracking_server.hpp>

#include <algorithm>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// An experiment as the server has it.
struct experiment_place {
    std::string id;
    std::string identity;  ///< with the time when it was made: another server has another
    bool is_done = false;  ///< deleted here, and by an earlier push there
};

/// \threadsafety any thread; what is made is made once
class remote_experiments {
  public:
    explicit remote_experiments(push_context& push) : push_(push) {}

    /// \onfailure deleted where the server's was deleted there
    error find(tracking_server& server, const std::string& local_id, bool in_trash,
               experiment_place& place) {
        const std::lock_guard<std::mutex> lock(mutex_);
        const auto known = places_.find(local_id);
        if (known != places_.end()) {
            place = known->second;
            return {};
        }
        found_experiment local;
        if (error failure = push_.store.read_experiment(local_id, in_trash, local)) return failure;
        const push_turn turn = push_.shelf.turn(state_name(local_id));
        if (error failure = find_or_make(server, local, place)) return failure;
        places_.emplace(local_id, place);
        return {};
    }

    /// Whether nothing of the experiment itself changed since it was found.
    bool is_whole(const std::string& local_id, bool in_trash) {
        directory folder;
        if (push_.store.open_experiment(local_id, in_trash, folder) != 0) return false;
        const std::string look = look_of(folder);
        return !look.empty() && push_.shelf.load(state_name(local_id)).look == look;
    }

    /// Behind all runs of a deleted experiment.
    error delete_again(tracking_server& server, const std::string& local_id) {
        const std::lock_guard<std::mutex> lock(mutex_);
        const auto known = places_.find(local_id);
        if (known == places_.end() || known->second.is_done) return {};
        push_state state = push_.shelf.load(state_name(local_id));
        // One that others had made is theirs.
        if (state.told != made_here || state.experiment != known->second.identity) return {};
        if (error failure = server.delete_experiment(known->second.id)) return failure;
        known->second.is_done = true;
        state.deleted = true;
        push_.save(state_name(local_id), state);
        return {};
    }

    /// The server's are looked up again.
    void forget() {
        const std::lock_guard<std::mutex> lock(mutex_);
        places_.clear();
    }

  private:
    static constexpr const char* made_here = "made";

    static std::string state_name(const std::string& local_id) { return "experiment-" + local_id; }
    static std::string identity_of(const remote_experiment& found) {
        return found.experiment_id + '@' + std::to_string(found.creation_time);
    }

    /// Of its meta.yaml and its tags.
    static std::string look_of(const directory& folder) {
        directory tags;
        run_look look;
        struct stat meta {};
        if (folder.status(std::string(meta_name), meta) != 0) return {};
        if (folder.open_below("tags", missing::fail, tags) == 0) look.take(tags);
        return look.sum() + ' ' + std::to_string(meta.st_ino) + ' ' +
               std::to_string(nanoseconds_of(meta.st_mtim));
    }

    error find_or_make(tracking_server& server, const found_experiment& local,
                       experiment_place& place) {
        std::optional<remote_experiment> found;
        const std::string& name = local.meta.name;
        push_state state = push_.shelf.load(state_name(local.id));
        bool made = false;
        if (error failure = find(server, name, state, found)) return failure;
        if (!found) {
            std::string id;
            if (error failure = server.create_experiment(name, {}, id)) return failure;
            if (error failure = server.find_experiment(name, found)) return failure;
            made = true;
        }
        if (!found) {
            return {error_code::not_found, 0,
                    "experiment \"" + shown(name) + "\" was made on the server and is not there"};
        }
        place = {found->experiment_id, identity_of(*found), false};
        if (state.experiment != place.identity) state = {};
        if (made) state.told = made_here;
        if (found->stage == lifecycle::deleted) {
            if (local.meta.lifecycle_stage == lifecycle::deleted) {
                place.is_done = true;
                return {};
            }
            if (!state.deleted) {
                return {error_code::deleted, 0,
                        "experiment \"" + shown(name) +
                            "\" is deleted on the server; restore it there, or rename it here"};
            }
            if (error failure = server.restore_experiment(place.id)) return failure;
        }
        state.deleted = false;
        state.remote_id = place.id;
        state.experiment = place.identity;
        state.look.clear();
        push_.save(state_name(local.id), state);
        directory folder;
        const std::string path = push_.store.path() + '/' + local.path();
        if (const int failed = push_.store.open_experiment(local.id, local.in_trash, folder)) {
            return unopened_folder("cannot open experiment", path, failed);
        }
        std::string look = look_of(folder);
        bool is_whole = true;
        if (error failure = push_tags(server, folder, path, *found, is_whole)) return failure;
        if (!is_whole || look.empty()) return {};
        state.look = std::move(look);
        push_.save(state_name(local.id), state);
        return {};
    }

    /// That of an earlier push, whatever it is called by now; else the one of this name.
    static error find(tracking_server& server, const std::string& name, const push_state& state,
                      std::optional<remote_experiment>& found) {
        if (!state.remote_id.empty()) {
            const error failure = server.get_experiment(state.remote_id, found.emplace());
            if (ends_push(failure)) return failure;
            if (!failure && identity_of(*found) == state.experiment) return {};
        }
        return server.find_experiment(name, found);
    }

    error push_tags(tracking_server& server, const directory& folder, const std::string& path,
                    const remote_experiment& remote, bool& is_whole) {
        std::map<std::string, std::string> tags;
        if (error failure = text_folder(folder, "tags", path).read_all(tags)) {
            push_.note_failure(failure);
            is_whole = false;
        }
        for (const auto& tag : tags) {
            const std::string& key = tag.first;
            const std::string& value = tag.second;
            const auto is_same = [&tag](const named_value& each) {
                return each.key == tag.first && each.value == tag.second;
            };
            if (std::any_of(remote.tags.begin(), remote.tags.end(), is_same)) continue;
            error failure = server.set_experiment_tag(remote.experiment_id, key, value);
            if (ends_push(failure)) return failure;
            if (!failure) continue;
            failure.message = "tag \"" + shown(key) + "\" of experiment \"" + shown(remote.name) +
                              "\": " + failure.message;
            push_.note_failure(failure);
            is_whole = false;
        }
        return {};
    }

    push_context& push_;
    std::mutex mutex_;
    std::map<std::string, experiment_place> places_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
