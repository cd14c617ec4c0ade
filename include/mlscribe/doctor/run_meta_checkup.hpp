// SPDX-License-Identifier: MIT
/// \file Looks at the meta.yaml of a run, and makes a new one from what is left.
#ifndef MLSCRIBE_DOCTOR_RUN_META_CHECKUP_HPP
#define MLSCRIBE_DOCTOR_RUN_META_CHECKUP_HPP

#include <mlscribe/doctor/meta_salvage.hpp>
#include <mlscribe/doctor/number_repair.hpp>
#include <mlscribe/doctor/run_activity.hpp>
#include <mlscribe/doctor/treatment.hpp>
#include <mlscribe/layout/key_rules.hpp>
#include <mlscribe/store/meta_file.hpp>

#include <sys/stat.h>

#include <cerrno>
#include <optional>
#include <set>
#include <string>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// An experiment whose runs are looked at.
struct checked_experiment {
    checked_place place;  ///< `place.experiment_id` is the name of its folder
    directory folder;
    std::string artifact_location;
    std::string root;                                 ///< of the store
    const std::set<std::string>* all_runs = nullptr;  ///< the names of their folders in the store
};

/// Puts `text` in place of a file whose bytes are still `seen`, which are kept; none: makes it.
/// \param below  the file, in `folder`
inline error replace_seen(const finding& what, const directory& folder, const std::string& below,
                          const std::optional<std::string>& seen, const std::string& text,
                          quarantine& away, std::string& kept) {
    if (seen) {
        if (error failure = away.keep(what, *seen, kept)) return failure;
    }
    staged_file staged(folder);
    struct stat before {};
    int failed = staged.fill(text, durability::synced);
    if (failed == 0 && seen && folder.status(below, before) == 0 &&
        uninterrupted::fchmod(staged.get(), before.st_mode & 07777) != 0) {
        failed = errno;
    }
    std::string now;
    if (failed == 0 && seen) failed = folder.read(below, now);
    if (failed == 0 && seen && now != *seen) {
        return {error_code::system, EAGAIN, "somebody writes it; repair it again later"};
    }
    if (failed == 0) failed = seen ? staged.rename_to(below) : staged.link_to(below);
    return failed == 0 ? error{} : system_error("cannot write", what.path, failed);
}

/// Adds the keys of another document that this one has not.
inline void add_other_keys(meta_document& document, const meta_document& other) {
    for (const yaml_entry& entry : other.entries()) {
        if (document.find(entry.first) == nullptr) document.set(entry.first, entry.second);
    }
}

/// The meta.yaml of a run as its folder tells it, with what can be read of the old one.
inline meta_document rebuilt_run_meta(const meta_document& old,
                                      const checked_experiment& experiment,
                                      const std::string& run_id, const directory& run) {
    const auto tag = [&run](const char* key) {
        std::string value;
        constexpr std::size_t longest = 65536;  // or the file would be one that is not read
        const bool is_read = run.read(std::string("tags/") + key, value, longest) == 0;
        return is_read ? utf8::repaired(value) : std::string();
    };
    const auto text = [&old](const char* key, const std::string& otherwise) {
        const auto found = salvaged_text(old, key);
        return found && !found->empty() ? *found : otherwise;
    };
    run_meta meta;
    meta.run_id = run_id;
    meta.experiment_id = experiment.place.experiment_id;
    meta.run_name = text("run_name", tag("mlflow.runName"));
    const std::string user = tag("mlflow.user");
    meta.user_id = text("user_id", user.empty() ? "unknown" : user);
    meta.artifact_uri =
        text("artifact_uri", experiment.artifact_location + '/' + run_id + "/artifacts");
    meta.lifecycle_stage = salvaged_stage(old);
    const time_span points = times_of_points(run);
    const auto start = salvaged_time(old, "start_time");
    meta.start_time = start ? *start : points.first ? *points.first : first_sign(run);
    meta.end_time = salvaged_time(old, "end_time");
    const auto status = salvaged_status(old);
    meta.status = status ? *status : meta.end_time ? run_status::finished : run_status::running;
    const bool has_ended =
        meta.status != run_status::running && meta.status != run_status::scheduled;
    if (has_ended && !meta.end_time) {
        meta.end_time = points.last ? points.last : last_write(run);
    }
    meta_document document = to_document(meta);
    add_other_keys(document, old);
    return document;
}

/// Whether a URI leads below a folder of this machine.
inline bool leads_below(const std::string& uri, const std::string& root) {
    const auto path = path_of_uri(uri);
    return path && begins_with(resolved_path("/", *path) + '/', resolved_path("/", root) + '/');
}

/// The meta.yaml of a run that has another id now, or stands in another experiment.
inline meta_document adopted_run_meta(meta_document document, const checked_experiment& experiment,
                                      const std::string& run_id) {
    document.set_string("run_id", run_id);
    document.set_string("run_uuid", run_id);
    document.set_string("experiment_id", experiment.place.experiment_id);
    const auto uri = salvaged_text(document, "artifact_uri");
    // Artifacts that are kept elsewhere stay there.
    if (uri && leads_below(*uri, experiment.root) &&
        leads_below(experiment.artifact_location, experiment.root)) {
        document.set_string("artifact_uri",
                            experiment.artifact_location + '/' + run_id + "/artifacts");
    }
    return document;
}

/// Whether a database takes the lifecycle stage.
inline bool has_known_stage(const meta_document& document) {
    const yaml_value* const stage = document.find("lifecycle_stage");
    return stage == nullptr || stage->type == yaml_value::kind::null || stage->text == "active" ||
           stage->text == "deleted";
}

/// What a migration makes of a run whose meta.yaml MLflow does not read: it asks for less.
inline migration_effect migration_of_broken(const std::string& bytes) {
    const auto document = meta_document::parse(bytes);
    if (!document) return migration_effect::skips;
    const auto has_text = [&document](const char* key) {
        const auto text = salvaged_text(*document, key);
        return text && !text->empty();
    };
    if (!has_text("run_id") && !has_text("run_uuid")) return migration_effect::skips;
    const yaml_value* const status = document->find("status");
    const bool has_status =
        status == nullptr ||
        (salvaged_status(*document) &&
         (status->type == yaml_value::kind::integer || status->text.size() > 1));
    return has_status && has_known_stage(*document) ? migration_effect::none
                                                    : migration_effect::aborts;
}

/// Of a run that may be in the hands of its maker: MLflow makes the folder, then meta.yaml.
inline bool is_just_made(const directory& folder) noexcept {
    struct stat found {};
    return folder.status(".", found) == 0 && is_recent(found.st_mtime);
}

inline bool has_parts_of_a_run(const directory& folder) noexcept {
    int parts = 0;
    for (const char* const part : {"metrics", "params", "tags", "artifacts"}) {
        struct stat found {};
        parts += folder.status(part, found) == 0 && S_ISDIR(found.st_mode) ? 1 : 0;
    }
    return parts >= 2;
}

/// Looks at and mends the meta.yaml of a run. \return what it says then; none where MLflow cannot
/// read it, or there is no run
class run_meta_checkup {
  public:
    run_meta_checkup(treatment& taken, const checked_experiment& experiment,
                     const checked_place& place, const directory& run)
        : taken_(taken), experiment_(experiment), place_(place), run_(run) {}

    std::optional<run_meta> look() {
        std::string bytes;
        const int failed = run_.read(meta_name, bytes, max_meta_bytes);
        if (failed == ENOENT) return look_without();
        std::string why;
        struct stat named {};
        is_link_ = experiment_.folder.status(place_.run_id, named) == 0 && S_ISLNK(named.st_mode);
        std::optional<run_meta> meta;
        if (failed != 0) {
            taken_.note(place().found(damage::unreadable_mode,
                                      unread_file(place().path, failed, max_meta_bytes).message));
            return std::nullopt;
        }
        yaml_error at{};
        meta = read(bytes, at, why);
        if (at.is_limit) {
            taken_.note(
                place().found(damage::unreadable_mode, beyond_limit(place().path, at).message));
            return std::nullopt;
        }
        if (!meta && is_written_now()) return std::nullopt;
        if (!meta) return rebuild(damage::broken_run, bytes, '"' + place().path + "\": " + why);
        if (meta->run_id != place_.run_id || meta->experiment_id != place_.experiment_id) {
            return adopt(bytes, *meta);
        }
        check_uuid(bytes);
        return meta;
    }

  private:
    checked_place place() const { return place_.below(meta_name); }

    static std::optional<run_meta> read(const std::string& bytes, yaml_error& at,
                                        std::string& why) {
        const auto document = meta_document::parse(bytes, &at);
        if (!document) {
            why = "line " + std::to_string(at.line) + ": " + at.message;
            return std::nullopt;
        }
        return read_run_meta(*document, &why);
    }

    /// MLflow empties the file before it writes it.
    bool is_written_now() const {
        struct stat found {};
        if (run_.status(std::string(meta_name), found) != 0) return true;
        if (!is_recent(found.st_mtime)) return false;
        meta_document document;
        if (read_settled_meta(run_, place_.path, document)) return false;
        return static_cast<bool>(read_run_meta(document, nullptr));
    }

    std::optional<run_meta> look_without() {
        if (has_parts_of_a_run(run_)) {
            if (is_just_made(run_)) return std::nullopt;
            return rebuild(
                damage::run_without_meta, {},
                "run \"" + place_.path + "\" has no meta.yaml, and MLflow does not see it");
        }
        taken_.note(place_.found(damage::stray_folder,
                                 "folder \"" + place_.path +
                                     "\" is no run: MLflow's search of datasets fails on it; "
                                     "move it out of the store"));
        return std::nullopt;
    }

    std::optional<run_meta> rebuild(damage what, const std::optional<std::string>& bytes,
                                    std::string message) {
        const meta_document document =
            rebuilt_run_meta(salvaged_meta(bytes.value_or("")), experiment_, place_.run_id, run_);
        finding found = place().found(
            what, std::move(message),
            !bytes || bytes->empty()
                ? "write it anew from what stands in the run"
                : "write it anew from what can be read of it and what stands in the run");
        return write(std::move(found), bytes, document);
    }

    /// Another run's, of which this is a copy, or its own from before it was moved.
    std::optional<run_meta> adopt(const std::string& bytes, const run_meta& meta) {
        finding found = place().found(
            damage::foreign_run,
            '"' + place().path + "\" is that of run \"" + shown(meta.run_id) + "\" in experiment " +
                shown(meta.experiment_id) +
                (is_link_ ? ", to which this is a link; remove the link"
                          : ", and MLflow refuses it"),
            "make it run \"" + place_.run_id + "\" of experiment " + place_.experiment_id);
        if (meta.run_id == place_.run_id) found.does = harm::hides_run;
        if (meta.run_id != place_.run_id && experiment_.all_runs->count(meta.run_id) != 0) {
            found.at_migration = migration_effect::aborts;  // two runs of one id
        }
        return write(std::move(found), bytes,
                     adopted_run_meta(*meta_document::parse(bytes), experiment_, place_.run_id));
    }

    /// MLflow reads `run_id`, and a migration takes `run_uuid`.
    void check_uuid(const std::string& bytes) {
        meta_document document = *meta_document::parse(bytes);
        const auto uuid = salvaged_text(document, "run_uuid");
        if (!uuid || uuid->empty() || *uuid == place_.run_id) return;
        document.set_string("run_uuid", place_.run_id);
        finding found = place().found(damage::foreign_run,
                                      '"' + place().path + "\" has the run_uuid \"" + shown(*uuid) +
                                          "\", and a migration takes that for the run's id",
                                      "write its own id there");
        found.does = harm::untidy;
        if (experiment_.all_runs->count(*uuid) != 0) found.at_migration = migration_effect::aborts;
        write(std::move(found), bytes, document);
    }

    std::optional<run_meta> write(finding found, const std::optional<std::string>& bytes,
                                  const meta_document& document) {
        if (found.what == damage::broken_run) found.at_migration = migration_of_broken(*bytes);
        // A link may have another name than the run that it leads to.
        if (is_link_) found.remedy.clear();
        const finding named = found;
        const bool is_mended =
            taken_.note(std::move(found), [&](quarantine& away, std::string& kept) {
                return replace_seen(named, run_, std::string(meta_name), bytes, document.text(),
                                    away, kept);
            });
        return is_mended ? read_run_meta(document, nullptr) : std::nullopt;
    }

    treatment& taken_;
    const checked_experiment& experiment_;
    const checked_place& place_;
    const directory& run_;
    bool is_link_ = false;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
