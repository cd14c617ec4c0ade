// SPDX-License-Identifier: MIT
/// \file The root of a store: opened, made as MLflow makes it, and scanned.
#ifndef MLSCRIBE_STORE_STORE_ROOT_HPP
#define MLSCRIBE_STORE_STORE_ROOT_HPP

#include <mlscribe/config/clock.hpp>
#include <mlscribe/file/filesystem.hpp>
#include <mlscribe/layout/key_rules.hpp>
#include <mlscribe/layout/uri.hpp>
#include <mlscribe/store/meta_file.hpp>
#include <mlscribe/store/run_id.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

inline constexpr std::string_view trash_name = ".trash";
inline constexpr std::string_view models_name = "models";
inline constexpr std::string_view default_experiment_id = "0";

/// Whether MLflow passes over a folder of this name in the root of a store.
inline bool is_trash_name(std::string_view name) noexcept {
    return name.size() >= trash_name.size() &&
           name.substr(name.size() - trash_name.size()) == trash_name;
}

/// One experiment as it stands on disk.
struct found_experiment {
    std::string id;
    bool in_trash = false;
    experiment_meta meta;

    /// Relative to the root.
    std::string path() const { return in_trash ? std::string(trash_name) + '/' + id : id; }
};

/// All experiments of a store, and what else lies there.
struct store_scan {
    std::vector<found_experiment> experiments;
    std::vector<error> damaged;        ///< what cannot be read: experiments, a folder; left out
    std::vector<std::string> foreign;  ///< directories on which MLflow's UI fails as a whole
    error unread;  ///< the first of `damaged` that may hide an experiment of any name
};

/// An open store. \threadsafety any thread
class store_root {
  public:
    /// Opens `path`, making it and what MLflow expects in it: `.trash` (without it a read-only copy
    /// cannot be opened), `models`, and experiment 0 where the store has no experiment at all.
    static error open_for_writing(const std::string& path, store_root& result) {
        if (const int failed = make_directories(path)) {
            const bool file = failed == ENOTDIR || failed == EEXIST;
            error failure = system_error("cannot make the store", path, failed);
            failure.message += file ? "; it or a part of its path is a file: name a directory"
                                    : "; name a place that can be written in MLFLOW_TRACKING_URI";
            return failure;
        }
        if (error failure = open(path, result)) return failure;
        return result.furnish();
    }

    /// Opens an existing store and changes nothing.
    static error open(const std::string& path, store_root& result) {
        if (const int failed = directory::open(path, result.root_)) {
            return system_error("cannot open the store", path, failed);
        }
        result.path_ = path;
        return {};
    }

    const directory& folder() const noexcept { return root_; }
    const std::string& path() const noexcept { return path_; }
    /// What MLflow writes as `artifact_location`.
    std::string location_of(std::string_view experiment_id) const {
        return file_uri(path_ + '/' + std::string(experiment_id));
    }

    /// Reads the meta.yaml of every experiment, `.trash` included.
    store_scan scan() const {
        store_scan result;
        scan_folder(false, result);
        scan_folder(true, result);
        return result;
    }

    /// Opens the directory of an experiment, which may be a link to another disk.
    int open_experiment(std::string_view id, bool in_trash, directory& result) const {
        directory shelf;
        const std::string name(id);
        if (!in_trash) return root_.open_linked(name, result);
        const int failed = root_.open_below(trash_name, missing::fail, shelf);
        return failed != 0 ? failed : shelf.open_linked(name, result);
    }

    /// Reads one experiment by its id.
    error read_experiment(std::string_view id, bool in_trash, found_experiment& result) const {
        result.id = id;
        result.in_trash = in_trash;
        directory trash;
        const std::string path = path_ + '/' + result.path();
        int failed = in_trash ? root_.open_below(trash_name, missing::fail, trash) : 0;
        std::string text;
        if (failed == 0) {
            const directory& shelf = in_trash ? trash : root_;
            failed = shelf.read_linked(result.id, meta_name, text, max_meta_bytes);
        }
        struct stat found {};
        if (failed == ENOENT && root_.status(result.path(), found) != 0) {
            return {error_code::not_found, 0,
                    "no experiment \"" + result.id + "\" in \"" + path_ + '"'};
        }
        meta_document document;
        if (error failure = parse_meta(failed, text, path, document)) return failure;
        std::string why;
        std::optional<experiment_meta> meta = read_experiment_meta(document, &why);
        if (meta && meta->experiment_id != id) {
            why = "is that of experiment \"" + shown(meta->experiment_id) +
                  "\", and MLflow ignores a copy under another id: move it away";
            meta.reset();
        }
        if (!meta) return {error_code::damaged, 0, "\"" + path + "/meta.yaml\": " + why};
        if (error failure = check_lengths(*meta, path)) return failure;
        result.meta = std::move(*meta);
        return {};
    }

    /// Gives `id` to the experiment `name` unless another has it: the directory, then its meta.yaml
    /// linked into place, so that of many processes one wins and a killed one blocks nobody.
    /// \return already_exists when the id belongs to another name
    error claim_experiment(const std::string& id, const std::string& name, std::int64_t now,
                           found_experiment& result) const {
        if (const int failed = root_.make(id)) {
            if (failed != EEXIST) return system_error("cannot make experiment", path_, failed);
        }
        if (error failure = read_experiment(id, false, result);
            failure.code != error_code::not_found) {
            return failure ? failure : same_name(name, result);
        }
        // A link that leads to no experiment was planted.
        directory folder;
        if (const int failed = root_.open_below(id, missing::fail, folder)) {
            return system_error("cannot open experiment", path_ + '/' + id, failed);
        }
        remove_abandoned(folder);
        experiment_meta meta;
        meta.experiment_id = id;
        meta.name = name;
        meta.artifact_location = location_of(id);
        meta.lifecycle_stage = lifecycle::active;
        meta.creation_time = now;
        meta.last_update_time = now;
        const int failed =
            publish_file(folder, meta_name, to_document(meta).text(), durability::synced);
        if (failed != 0 && failed != EEXIST) {
            return system_error("cannot write meta.yaml of experiment", path_ + '/' + id, failed);
        }
        if (error failure = read_experiment(id, false, result)) return failure;
        return same_name(name, result);
    }

  private:
    static error same_name(const std::string& name, const found_experiment& found) {
        if (found.meta.name == name) return {};
        return {error_code::already_exists, 0,
                "experiment id " + found.id + " is taken by \"" + found.meta.name + '"'};
    }

    /// `.trash` comes last and says that the rest is there: what a killed process has left half
    /// made is completed by whoever opens the store next.
    error furnish() const {
        if (const int failed = make_once(std::string(models_name))) return refused(failed);
        struct stat found {};
        const std::string last(trash_name);
        if (root_.status(last, found) == 0) return {};
        bool others = false;
        const auto look_at = [&](const std::string& name, bool) {
            others = others || (name != models_name && name != default_experiment_id &&
                                is_experiment_id(name));
        };
        if (const int failed = root_.for_each_entry(".", look_at)) {
            return system_error("cannot list the store", path_, failed);
        }
        if (!others && !has_default()) {
            found_experiment made;
            const std::string id(default_experiment_id);
            error failure = claim_experiment(id, "Default", milliseconds_now(), made);
            if (failure) return failure;
        }
        const int failed = make_once(last);
        return failed == 0 ? error{} : refused(failed);
    }

    /// Whether experiment 0 is there, which Python makes in two steps.
    bool has_default() const {
        directory folder;
        meta_document ignored;
        return root_.open_linked(std::string(default_experiment_id), folder) == 0 &&
               read_settled_meta(folder, path_, ignored).code != error_code::not_found;
    }

    int make_once(const std::string& name) const noexcept {
        const int failed = root_.make(name);
        return failed == EEXIST ? 0 : failed;
    }
    error refused(int failed) const {
        return system_error("cannot write into the store", path_, failed);
    }

    /// Whether an experiment that is sound may stand where reading failed. What MLflow passes over
    /// as well, a folder that another user keeps for himself, must not stop everybody else.
    bool may_hide_one(const error& failure, const std::string& path) const {
        struct stat found {};
        switch (failure.system_code) {
            case 0:
            case EISDIR:  // something that is no file has the name of meta.yaml
            case ENXIO:
            case ELOOP:
            case EFBIG:
                return false;
            case EACCES:
                return root_.status(path + '/' + std::string(meta_name), found) != EACCES;
            default:
                return true;
        }
    }

    void scan_folder(bool in_trash, store_scan& result) const {
        const std::string shelf(in_trash ? trash_name : ".");
        std::vector<std::string> candidates;
        const auto look_at = [&](std::string name, bool is_directory) {
            if (name == models_name || (!in_trash && is_trash_name(name))) return;
            if (is_experiment_id(name)) {
                candidates.push_back(std::move(name));
            } else if (is_directory) {
                result.foreign.push_back(std::move(name));
            }
        };
        const int unlisted = root_.for_each_entry(shelf, look_at);
        if (unlisted != 0 && !(in_trash && unlisted == ENOENT)) {
            const std::string path = in_trash ? path_ + '/' + shelf : path_;
            result.damaged.push_back(system_error("cannot list the store", path, unlisted));
            if (!result.unread) result.unread = result.damaged.back();
        }
        for (const std::string& name : candidates) {
            found_experiment experiment;
            error failure = read_experiment(name, in_trash, experiment);
            if (!failure) {
                result.experiments.push_back(std::move(experiment));
            } else if (failure.code != error_code::not_found) {
                if (!result.unread && may_hide_one(failure, experiment.path())) {
                    result.unread = failure;
                    result.unread.message +=
                        "; whether it is the one that is asked for cannot be "
                        "told: have it readable, or move it away";
                }
                result.damaged.push_back(std::move(failure));
            }
        }
    }

    directory root_;
    std::string path_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
