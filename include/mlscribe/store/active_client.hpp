// SPDX-License-Identifier: MIT
/// \file What client.hpp is where logging is not compiled out.
#ifndef MLSCRIBE_STORE_ACTIVE_CLIENT_HPP
#define MLSCRIBE_STORE_ACTIVE_CLIENT_HPP

#include <mlscribe/error/error_handler.hpp>
#include <mlscribe/error/strictness.hpp>
#include <mlscribe/file/unopened_folder.hpp>
#include <mlscribe/store/experiment_name.hpp>
#include <mlscribe/store/experiments.hpp>
#include <mlscribe/store/runs.hpp>
#include <mlscribe/store/tag_file.hpp>
#include <mlscribe/store/tracked_store.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

/// Manages a store, with the names of MLflow's `MlflowClient`. Every call returns false (or
/// nothing) on failure and reports why, or throws `logging_error` under strictness::raise. With
/// MLSCRIBE_MODE=disabled every call returns false (or nothing) without a word.
/// \threadsafety any thread; other processes may work on the same store
class client : detail::tracked_store {
  public:
    /// \param tracking_uri as MLFLOW_TRACKING_URI, which is used when it is empty
    explicit client(std::string_view tracking_uri = {}, strictness policy = strictness::report,
                    error_handler handler = {})
        : tracked_store(tracking_uri, policy, std::move(handler)) {}

    /// The experiment of this name, also a deleted one. Nothing where there is none, or where a
    /// part of the store cannot be read, which is reported.
    std::optional<experiment_meta> get_experiment_by_name(const std::string& name) {
        return guarded("get_experiment_by_name", [&] {
            std::optional<experiment_meta> found;
            look_up(name, found);
            return found;
        });
    }

    /// Creates an experiment. \return its id, or "" when the name is taken or not allowed
    std::string create_experiment(const std::string& name) {
        return guarded("create_experiment", [&] {
            std::optional<experiment_meta> taken;
            if (!look_up(name, taken)) return std::string();
            if (taken) {
                fail({error_code::already_exists, 0, "experiment \"" + name + "\" exists already"});
                return std::string();
            }
            detail::found_experiment made;
            std::string neighbours;
            return fail(detail::get_or_create_experiment(store_, name, now(), made, neighbours))
                       ? std::string()
                       : made.id;
        });
    }

    /// Sets a tag of an active experiment, or changes it.
    bool set_experiment_tag(const std::string& experiment_id, std::string_view key,
                            std::string_view value) {
        return guarded("set_experiment_tag", [&] {
            detail::directory folder;
            std::string path;
            return open_experiment(experiment_id, false, folder, path) &&
                   !fail(detail::write_tag(folder, path, key, value));
        });
    }

    /// Sets what MLflow's UI shows as the experiment's description (markdown).
    bool set_experiment_description(const std::string& experiment_id, std::string_view text) {
        return set_experiment_tag(experiment_id, "mlflow.note.content", text);
    }

    /// Gives an active experiment a name that no other has.
    bool rename_experiment(const std::string& experiment_id, const std::string& name) {
        return guarded("rename_experiment", [&] { return rename(experiment_id, name); });
    }

    /// Marks the experiment and its runs deleted and moves it to `.trash`, as MLflow does.
    bool delete_experiment(const std::string& experiment_id) {
        return guarded("delete_experiment",
                       [&] { return move_experiment(experiment_id, lifecycle::deleted); });
    }

    /// Takes the experiment and its runs out of `.trash`.
    bool restore_experiment(const std::string& experiment_id) {
        return guarded("restore_experiment",
                       [&] { return move_experiment(experiment_id, lifecycle::active); });
    }

    /// Marks a run deleted: MLflow hides it until it is restored.
    bool delete_run(const std::string& run_id) {
        return guarded("delete_run", [&] { return mark(run_id, lifecycle::deleted); });
    }
    /// Marks it active again.
    bool restore_run(const std::string& run_id) {
        return guarded("restore_run", [&] { return mark(run_id, lifecycle::active); });
    }

  private:
    /// \return whether it is known who has the name
    bool look_up(const std::string& name, std::optional<experiment_meta>& found) {
        if (!is_open()) return false;
        detail::store_scan scan = store_.scan();
        for (detail::found_experiment& candidate : scan.experiments) {
            if (candidate.meta.name != name) continue;
            found = std::move(candidate.meta);
            return true;
        }
        return !fail(scan.unread);
    }

    bool rename(const std::string& experiment_id, const std::string& name) {
        if (!is_open() || fail(detail::check_experiment_name(name))) return false;
        std::optional<experiment_meta> taken;
        if (!look_up(name, taken)) return false;
        if (taken && taken->experiment_id != experiment_id) {
            return !fail(
                {error_code::already_exists, 0,
                 "experiment \"" + name + "\" exists already (id " + taken->experiment_id + ")"});
        }
        detail::directory folder;
        std::string path;
        if (!open_experiment(experiment_id, false, folder, path)) return false;
        const std::int64_t time = now();
        return !fail(detail::update_meta(folder, path, [&](meta_document& document) {
            document.set_string("name", name);
            document.set_integer("last_update_time", time);
        }));
    }

    bool open_experiment(const std::string& id, bool in_trash, detail::directory& folder,
                         std::string& path) {
        if (!is_open()) return false;
        if (!detail::is_experiment_id(id)) {
            return !fail(detail::illegal_experiment_id(id));
        }
        detail::found_experiment found;
        if (fail(store_.read_experiment(id, in_trash, found))) return false;
        path = store_.path() + '/' + found.path();
        const int failed = store_.open_experiment(id, in_trash, folder);
        return failed == 0 ||
               !fail(detail::unopened_folder("cannot open experiment", path, failed));
    }

    bool move_experiment(const std::string& id, lifecycle stage) {
        const bool deleting = stage == lifecycle::deleted;
        if (!is_open()) return false;
        if (id == detail::default_experiment_id) {
            return !fail({error_code::invalid_value, 0,
                          "experiment 0 is MLflow's default, which cannot be deleted"});
        }
        detail::directory folder;
        std::string path;
        if (!open_experiment(id, !deleting, folder, path)) return false;
        const std::string trashed = std::string(detail::trash_name) + '/' + id;
        struct stat taken {};
        if (store_.folder().status(deleting ? trashed : id, taken) == 0) {
            return !fail({error_code::already_exists, 0,
                          "cannot move \"" + path +
                              "\": the store has both an active and a deleted " +
                              "experiment of this id; move one away"});
        }
        const std::int64_t time = now();
        std::vector<std::string> names;
        if (const int failed = folder.list(names)) {
            return !fail(detail::system_error("cannot list experiment", path, failed));
        }
        for (const std::string& name : names) {
            detail::directory run;
            meta_document document;
            if (folder.open_below(name, detail::missing::fail, run) != 0) continue;
            if (detail::read_meta(run, path, document)) continue;
            const std::optional<run_meta> meta = read_run_meta(document, nullptr);
            if (!meta || meta->lifecycle_stage == stage) continue;
            if (fail(detail::mark_run(run, path + '/' + name, stage, time))) return false;
        }
        error failure = detail::update_meta(folder, path, [&](meta_document& document) {
            document.set_string("lifecycle_stage", to_string(stage));
            document.set_integer("last_update_time", time);
        });
        if (fail(failure)) return false;
        const detail::directory& root = store_.folder();
        const int failed = deleting ? root.move(id, root, trashed) : root.move(trashed, root, id);
        return failed == 0 || !fail(detail::system_error("cannot move experiment", path, failed));
    }

    bool mark(const std::string& run_id, lifecycle stage) {
        if (!is_open()) return false;
        detail::found_run found;
        if (fail(detail::find_run(store_, run_id, found))) return false;
        return !fail(detail::mark_run(found.folder, found.path, stage, now()));
    }

    static std::int64_t now() noexcept { return detail::milliseconds_now(); }
};

MLSCRIBE_NAMESPACE_END

#endif
