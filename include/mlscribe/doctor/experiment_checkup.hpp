// SPDX-License-Identifier: MIT
/// \file Looks at the meta.yaml of an experiment, its name and its id.
#ifndef MLSCRIBE_DOCTOR_EXPERIMENT_CHECKUP_HPP
#define MLSCRIBE_DOCTOR_EXPERIMENT_CHECKUP_HPP

#include <mlscribe/doctor/run_meta_checkup.hpp>
#include <mlscribe/doctor/run_writers.hpp>
#include <mlscribe/file/unopened_folder.hpp>
#include <mlscribe/layout/key_rules.hpp>
#include <mlscribe/store/meta_file.hpp>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// The folders of an experiment that may be runs, sorted.
inline std::vector<std::string> run_folders(const directory& experiment) {
    std::vector<std::string> names;
    experiment.for_each_kind(".", [&names](std::string name, directory::entry kind) {
        if (kind != directory::entry::file && is_run_id(name)) names.push_back(std::move(name));
    });
    std::sort(names.begin(), names.end());
    return names;
}

/// Whether a folder without meta.yaml once was an experiment: something in it is a run.
inline bool has_runs(const directory& experiment) {
    for (const std::string& name : run_folders(experiment)) {
        struct stat found {};
        if (experiment.status(name + "/meta.yaml", found) == 0) return true;
    }
    return false;
}

/// The meta.yaml of an experiment as its runs tell it, with what can be read of the old one.
inline meta_document rebuilt_experiment_meta(const meta_document& old, const std::string& id,
                                             bool in_trash, const std::string& location,
                                             const directory& folder) {
    experiment_meta meta;
    meta.experiment_id = id;
    meta.creation_time = salvaged_time(old, "creation_time");
    meta.lifecycle_stage = in_trash ? lifecycle::deleted : salvaged_stage(old);
    std::string from_runs;
    for (const std::string& name : run_folders(folder)) {
        directory run;
        meta_document document;
        if (folder.open_linked(name, run) != 0 || read_meta(run, name, document)) continue;
        const auto read = read_run_meta(document, nullptr);
        if (!read) continue;
        const std::string end = '/' + name + "/artifacts";
        const std::size_t at = read->artifact_uri.rfind(end);
        if (at != std::string::npos && at + end.size() == read->artifact_uri.size()) {
            from_runs = read->artifact_uri.substr(0, at);
        }
        if (!meta.creation_time || read->start_time < *meta.creation_time) {
            meta.creation_time = read->start_time;
        }
    }
    const auto name = salvaged_text(old, "name");
    meta.name = name && !name->empty() ? *name : "recovered " + id;
    const auto place = salvaged_text(old, "artifact_location");
    meta.artifact_location = place ? *place : from_runs.empty() ? location : from_runs;
    const auto update = salvaged_time(old, "last_update_time");
    meta.last_update_time = update ? update : meta.creation_time;
    meta_document document = to_document(meta);
    add_other_keys(document, old);
    return document;
}

/// `uri` with the new id of its experiment, where it leads below this store.
inline std::string uri_of_other_experiment(const std::string& uri, const std::string& root,
                                           const std::string& old_id, const std::string& new_id,
                                           std::string_view behind) {
    const std::string end = '/' + old_id + std::string(behind);
    if (!leads_below(uri, root) || uri.size() < end.size() ||
        uri.compare(uri.size() - end.size(), end.size(), end) != 0) {
        return uri;
    }
    return uri.substr(0, uri.size() - end.size()) + '/' + new_id + std::string(behind);
}

/// Writes the id of its folder into everything of an experiment that names the old one.
class experiment_adoption {
  public:
    /// \param root  of the store
    experiment_adoption(std::string root, std::string old_id, std::string id)
        : root_(std::move(root)), old_id_(std::move(old_id)), id_(std::move(id)) {}

    /// \param what  of the experiment, whose old files are kept
    error run(const finding& what, const directory& folder, quarantine& away,
              std::string& kept) const {
        const std::string path = what.path;
        error failure = change(what, folder, path, {}, "artifact_location", away, kept);
        std::string ignored;
        for (const std::string& name : run_folders(folder)) {
            if (failure) return failure;
            failure = change_below(what, folder, path, name, '/' + name + "/artifacts",
                                   "artifact_uri", away, ignored);
        }
        std::vector<std::string> models;
        folder.for_each_entry("models", [&models](std::string name, bool is_folder) {
            if (is_folder) models.push_back(std::move(name));
        });
        for (const std::string& name : models) {
            if (failure) return failure;
            const std::string below = "models/" + name;
            failure = change_below(what, folder, path, below, '/' + below + "/artifacts",
                                   "artifact_location", away, ignored);
        }
        return failure;
    }

  private:
    error change_below(const finding& what, const directory& folder, const std::string& path,
                       const std::string& below, const std::string& behind, const char* key,
                       quarantine& away, std::string& kept) const {
        directory part;
        meta_document document;
        // Not through links: what they lead to is not this experiment's.
        if (folder.open_below(below, missing::fail, part) != 0) return {};
        // One that cannot be read is found with the run.
        if (read_meta(part, path + '/' + below, document)) return {};
        const auto named = salvaged_text(document, "experiment_id");
        if (!named || *named != old_id_) return {};
        return change(what, part, path + '/' + below, behind, key, away, kept);
    }

    error change(finding what, const directory& folder, const std::string& path,
                 const std::string& behind, const char* key, quarantine& away,
                 std::string& kept) const {
        what.path = path + "/meta.yaml";
        if (error failure = away.keep_meta(what, folder, kept)) return failure;
        return update_meta(folder, path, [&](meta_document& document) {
            document.set_string("experiment_id", id_);
            const auto uri = salvaged_text(document, key);
            if (!uri) return;
            document.set_string(key, uri_of_other_experiment(*uri, root_, old_id_, id_, behind));
        });
    }

    const std::string root_;
    const std::string old_id_;
    const std::string id_;
};

/// Whether a process writes a run of the experiment, or may, or that cannot be told.
inline bool is_any_run_written(const directory& experiment) {
    for (const std::string& name : run_folders(experiment)) {
        directory run;
        const int failed = experiment.open_linked(name, run);
        if (failed == ENOENT || failed == ENOTDIR) continue;
        if (failed != 0) return true;
        meta_document document;
        const bool is_read = !read_meta(run, name, document);
        const auto meta = is_read ? read_run_meta(document, nullptr) : std::optional<run_meta>();
        const bool runs = !meta || meta->status == run_status::running;
        if (run_writers(run, name, runs).may_write()) return true;
    }
    return false;
}

/// What is known of one experiment.
struct known_experiment {
    std::string id;  ///< the name of its folder
    bool in_trash = false;
    std::optional<experiment_meta> meta = {};
    bool is_ignored = false;  ///< a copy, or a link of which that cannot be told apart
};

/// \threadsafety one thread at a time
class experiment_checkup {
  public:
    /// \param has_id  whether the store has a folder of this id
    template <class HasId>
    experiment_checkup(treatment& taken, const store_root& store, known_experiment& known,
                       HasId&& has_id)
        : taken_(taken), store_(store), known_(known) {
        place_.experiment_id = known.id;
        place_.path = path_of(known);
        look(has_id);
    }

    static std::string path_of(const known_experiment& known) {
        return known.in_trash ? std::string(trash_name) + '/' + known.id : known.id;
    }

  private:
    template <class HasId>
    void look(HasId&& has_id) {
        if (const int failed = store_.open_experiment(known_.id, known_.in_trash, folder_)) {
            if (failed == ENOENT || failed == ENOTDIR) return;
            return taken_.note(meta_place().found(
                damage::unreadable_mode,
                unopened_folder("cannot open", place_.path, failed, store_.path()).message));
        }
        std::string bytes;
        const int failed = folder_.read(meta_name, bytes, max_meta_bytes);
        if (failed == ENOENT) return look_without();
        if (failed != 0) {
            return taken_.note(
                meta_place().found(damage::unreadable_mode,
                                   unread_file(meta_place().path, failed, max_meta_bytes).message));
        }
        yaml_error at{};
        std::string why;
        const auto document = meta_document::parse(bytes, &at);
        if (at.is_limit) {
            return taken_.note(meta_place().found(damage::unreadable_mode,
                                                  beyond_limit(meta_place().path, at).message));
        }
        if (!document) why = "line " + std::to_string(at.line) + ": " + at.message;
        if (why.empty()) known_.meta = read_experiment_meta(*document, &why);
        if (known_.meta && known_.meta->experiment_id == known_.id) {
            if (const error failure = check_lengths(*known_.meta, place_.path)) {
                known_.meta.reset();
                taken_.note(meta_place().found(damage::unreadable_mode, failure.message));
            }
            return;
        }
        if (known_.meta) {
            const std::string other = known_.meta->experiment_id;
            return look_at_foreign(other, has_id(other));
        }
        if (is_just_made(folder_)) return;
        rebuild(damage::broken_experiment, bytes, '"' + meta_place().path + "\": " + why);
    }

    checked_place meta_place() const { return place_.below(meta_name); }

    void look_without() {
        if (is_just_made(folder_)) return;
        if (has_runs(folder_)) {
            return rebuild(
                damage::experiment_without_meta, std::nullopt,
                "\"" + place_.path + "\" has runs but no meta.yaml, and MLflow does not see them");
        }
        taken_.note(place_.found(damage::stray_folder,
                                 "folder \"" + place_.path +
                                     "\" is no experiment: MLflow warns of it at every look; move "
                                     "it out of the store"));
    }

    void rebuild(damage what, const std::optional<std::string>& bytes, std::string message) {
        const meta_document document =
            rebuilt_experiment_meta(salvaged_meta(bytes.value_or("")), known_.id, known_.in_trash,
                                    store_.location_of(known_.id), folder_);
        finding found = meta_place().found(
            what, std::move(message),
            !bytes || bytes->empty()
                ? "write it anew from what its runs tell"
                : "write it anew from what can be read of it and what its runs tell");
        // A link may have another name than the experiment that it leads to.
        known_.is_ignored = is_a_link();
        if (known_.is_ignored) found.remedy.clear();
        if (found.what == damage::broken_experiment) found.at_migration = migration_of(*bytes);
        const finding named = found;
        const bool is_mended =
            taken_.note(std::move(found), [&](quarantine& away, std::string& kept) {
                return replace_seen(named, folder_, std::string(meta_name), bytes, document.text(),
                                    away, kept);
            });
        if (is_mended) known_.meta = read_experiment_meta(document, nullptr);
    }

    /// Of an experiment that MLflow does not list: a migration makes up a name.
    static migration_effect migration_of(const std::string& bytes) {
        const auto document = meta_document::parse(bytes);
        if (!document) return migration_effect::skips;
        const yaml_value* const name = document->find("name");
        const bool has_no_name = name != nullptr && name->type == yaml_value::kind::null;
        return has_known_stage(*document) && !has_no_name ? migration_effect::none
                                                          : migration_effect::aborts;
    }

    /// A copy of another experiment, a link to one, or one whose folder was renamed.
    void look_at_foreign(const std::string& other, bool is_copy) {
        const bool is_link = is_a_link();
        finding what = meta_place().found(damage::foreign_experiment,
                                          '"' + meta_place().path + "\" is that of experiment " +
                                              shown(other) + ", and MLflow ignores " +
                                              (is_link   ? "the link; remove it"
                                               : is_copy ? "the copy; move it out of the store"
                                                         : "what has another id"));
        if (!is_copy && !is_link) {
            what.remedy = "write the id of its folder into it and its runs";
        }
        finding named = what;
        named.path = place_.path;
        const bool is_mended =
            taken_.note(std::move(what), [&](quarantine& away, std::string& kept) {
                if (is_any_run_written(folder_)) {
                    return error{error_code::system, EBUSY, "a process may write one of its runs"};
                }
                return experiment_adoption(store_.path(), other, known_.id)
                    .run(named, folder_, away, kept);
            });
        if (is_mended) {
            known_.meta->experiment_id = known_.id;
        } else {
            known_.meta.reset();
            known_.is_ignored = true;
        }
    }

    bool is_a_link() const {
        directory shelf;
        struct stat found {};
        return store_.folder().open_below(known_.in_trash ? trash_name : std::string_view(),
                                          missing::fail, shelf) == 0 &&
               shelf.status(known_.id, found) == 0 && S_ISLNK(found.st_mode);
    }

    treatment& taken_;
    const store_root& store_;
    known_experiment& known_;
    checked_place place_;
    directory folder_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
