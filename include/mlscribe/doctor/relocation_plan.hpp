// SPDX-License-Identifier: MIT
/// \file Which URIs of a store lead to where it was (docs/format.md, "Artifact URIs and stores that
/// move").
#ifndef MLSCRIBE_DOCTOR_RELOCATION_PLAN_HPP
#define MLSCRIBE_DOCTOR_RELOCATION_PLAN_HPP

#include <mlscribe/doctor/experiment_checkup.hpp>
#include <mlscribe/doctor/number_repair.hpp>
#include <mlscribe/file/unopened_folder.hpp>

#include <limits.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// A URI in a meta.yaml.
struct planned_uri {
    std::string folder;  ///< of the meta.yaml, below the root
    std::string key;
    std::string old_uri;
    std::string new_uri;
    std::string old_root;
};

/// Finds the URIs that lead below another root. \threadsafety one thread at a time
class relocation_plan {
  public:
    /// \param from  the old root; empty: told by the runs
    relocation_plan(const store_root& store, const std::string& from)
        : store_(store), here_(resolved_path("/", store.path())), is_told_(!from.empty()) {
        if (is_told_) old_roots_.insert(resolved_path("/", path_of_uri(from).value_or(from)));
        for (const bool in_trash : {false, true}) look_at_shelf(in_trash);
        look_at_registry();
        for (const found_uri& each : found_) plan(each);
    }

    const std::vector<planned_uri>& uris() const noexcept { return planned_; }

  private:
    /// A URI as it stands there.
    struct found_uri {
        std::string folder;
        std::string key;
        std::string uri;
        std::string path;  ///< that it means
    };

    void look_at_shelf(bool in_trash) {
        std::vector<std::string> names;
        store_.folder().for_each_kind(in_trash ? std::string(trash_name) : ".",
                                      [&](std::string name, directory::entry kind) {
                                          if (kind != directory::entry::file &&
                                              is_experiment_id(name) && name != models_name) {
                                              names.push_back(std::move(name));
                                          }
                                      });
        std::sort(names.begin(), names.end());
        for (const std::string& id : names) {
            directory experiment;
            if (store_.open_experiment(id, in_trash, experiment) != 0) continue;
            const std::string path = experiment_checkup::path_of({id, in_trash});
            look_at(experiment, path, {"artifact_location"}, '/' + id, nullptr);
            for (const std::string& name : run_folders(experiment)) {
                directory run;
                if (experiment.open_linked(name, run) != 0) continue;
                look_at(run, path + '/' + name, {"artifact_uri"},
                        '/' + id + '/' + name + "/artifacts", &run);
            }
            look_at_folders(experiment, "models", path, {"artifact_location"});
        }
    }

    void look_at_registry() {
        directory models;
        std::vector<std::string> names;
        if (store_.folder().open_below(models_name, missing::fail, models) != 0) return;
        if (models.list(names) != 0) return;
        for (const std::string& name : names) {
            look_at_folders(models, name, std::string(models_name), {"source", "storage_location"});
        }
    }

    void look_at_folders(const directory& owner, const std::string& name, const std::string& path,
                         std::initializer_list<const char*> keys) {
        std::vector<std::string> folders;
        owner.for_each_entry(name, [&folders](std::string each, bool is_folder) {
            if (is_folder) folders.push_back(std::move(each));
        });
        std::sort(folders.begin(), folders.end());
        for (const std::string& each : folders) {
            directory folder;
            if (owner.open_below(name + '/' + each, missing::fail, folder) != 0) continue;
            look_at(folder, path + '/' + name + '/' + each, keys, {}, nullptr);
        }
    }

    /// \param end  how the path of its own place ends; empty: not known
    /// \param run  whose artifacts tell whether the store was moved
    void look_at(const directory& folder, const std::string& below,
                 std::initializer_list<const char*> keys, const std::string& end,
                 const directory* run) {
        meta_document document;
        if (read_meta(folder, below, document)) return;
        for (const char* const key : keys) {
            const auto uri = salvaged_text(document, key);
            const auto path = uri ? path_of_uri(*uri) : std::optional<std::string>();
            // A longer one leads to no file of this machine.
            if (!path || path->front() != '/' || uri->size() > PATH_MAX) continue;
            std::string resolved = resolved_path("/", *path);
            if (begins_with(resolved, here_ + '/')) continue;
            if (run != nullptr && !is_told_) learn(resolved, end, *run);
            found_.push_back({below, key, *uri, std::move(resolved)});
        }
    }

    /// A store was moved where a run has its artifacts here, and where its URI leads is nothing, or
    /// the store of which this is a copy.
    void learn(const std::string& path, const std::string& end, const directory& run) {
        if (path.size() <= end.size() ||
            path.compare(path.size() - end.size(), end.size(), end) != 0) {
            return;
        }
        const std::string root = path.substr(0, path.size() - end.size());
        if (old_roots_.count(root) != 0 || run.is_at("artifacts", path)) return;
        bool has_artifacts = false;
        run.for_each_entry("artifacts", [&](const std::string&, bool) { has_artifacts = true; });
        struct stat found {};
        const std::string meta = path.substr(0, path.rfind('/')) + "/meta.yaml";
        const bool is_there = uninterrupted::stat(path.c_str(), &found) == 0;
        const bool is_copy = is_there && uninterrupted::stat(meta.c_str(), &found) == 0;
        if (!has_artifacts || (is_there && !is_copy)) return;
        old_roots_.insert(root);
        if (is_copy) copied_roots_.insert(root);
    }

    void plan(const found_uri& found) {
        // Behind a folder's name stands that of one in it.
        for (auto at = old_roots_.rbegin(); at != old_roots_.rend(); ++at) {
            const std::string& root = *at;
            if (!begins_with(found.path, root + '/')) continue;
            struct stat there {};
            const bool is_there = uninterrupted::stat(found.path.c_str(), &there) == 0;
            if (is_there && !is_told_ && copied_roots_.count(root) == 0) return;
            const std::string path = here_ + found.path.substr(root.size());
            // A plain path stays one.
            const bool is_plain = scheme_of(found.uri).empty();
            planned_.push_back(
                {found.folder, found.key, found.uri, is_plain ? path : file_uri(path), root});
            return;
        }
    }

    const store_root& store_;
    const std::string here_;
    const bool is_told_;
    std::set<std::string> old_roots_;
    std::set<std::string> copied_roots_;  ///< of them, where the store still is
    std::vector<found_uri> found_;
    std::vector<planned_uri> planned_;
};

/// Writes one new URI unless somebody has written another meanwhile.
inline error apply_uri(const store_root& store, const planned_uri& planned) {
    directory folder;
    const std::string path = store.path() + '/' + planned.folder;
    std::string walked;
    // Experiments and runs may be links to other disks.
    for (std::string_view rest = planned.folder; !rest.empty();) {
        const std::size_t slash = (std::min)(rest.find('/'), rest.size() - 1);
        const std::string name(rest.substr(0, rest.find('/')));
        walked += (walked.empty() ? "" : "/") + name;
        directory child;
        if (const int failed = (folder ? folder : store.folder()).open_linked(name, child)) {
            return unopened_folder("cannot open", store.path() + '/' + walked, failed);
        }
        folder = std::move(child);
        rest.remove_prefix(slash + 1);
    }
    return update_meta(folder, path, [&planned](meta_document& document) {
        const auto uri = salvaged_text(document, planned.key);
        if (uri && *uri == planned.old_uri) document.set_string(planned.key, planned.new_uri);
    });
}

/// One finding for each place where the store was.
inline void note_moves(treatment& taken, const store_root& store) {
    const relocation_plan plan(store, {});
    std::map<std::string, std::vector<planned_uri>> moves;
    for (const planned_uri& each : plan.uris()) moves[each.old_root].push_back(each);
    for (const auto& [root, uris] : moves) {
        finding what = checked_place().found(
            damage::moved_store,
            std::to_string(uris.size()) + " URIs lead to \"" + root +
                "\", where the store was: MLflow shows no artifacts, and writes new ones there",
            "lead them to \"" + store.path() + '"');
        what.path = uris.front().folder + "/meta.yaml";
        what.count = uris.size();
        const finding named = what;
        const std::vector<planned_uri>& all = uris;
        taken.note(std::move(what), [&](quarantine& away, std::string& kept) -> error {
            std::string list;
            for (const planned_uri& each : all) {
                list += "{\"meta\": ";
                append_json_string(list, each.folder + "/meta.yaml");
                list += ", \"key\": ";
                append_json_string(list, each.key);
                list += ", \"was\": ";
                append_json_string(list, each.old_uri);
                list += "}\n";
            }
            finding listed = named;
            listed.path = "relocated.jsonl";
            if (error failure = away.keep(listed, list, kept)) return failure;
            for (const planned_uri& each : all) {
                if (error failure = apply_uri(store, each)) return failure;
            }
            return {};
        });
    }
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
