// SPDX-License-Identifier: MIT
/// \file Runs by id, wherever in the store they stand.
#ifndef MLSCRIBE_STORE_RUNS_HPP
#define MLSCRIBE_STORE_RUNS_HPP

#include <mlscribe/file/unopened_folder.hpp>
#include <mlscribe/layout/key_rules.hpp>
#include <mlscribe/store/store_root.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// One run as it stands on disk, its directory open.
struct found_run {
    directory folder;
    std::string experiment_id;
    bool in_trash = false;
    std::string path;  ///< absolute
    run_meta meta;
};

/// Opens the run `id`. \return invalid_value for an id that MLflow would not read, not_found,
/// damaged, system where it may stand in what cannot be read
inline error find_run(const store_root& store, const std::string& id, found_run& result) {
    if (!is_run_id(id)) return illegal_run_id(id);
    error unread;
    std::string refused;
    const auto keep_unread = [&unread](const std::string& path, int failed) {
        if (!unread) unread = system_error("cannot look for the run in", path, failed);
    };
    for (const std::string_view where : {std::string_view(), trash_name}) {
        directory shelf;
        std::vector<std::string> names;
        const std::string shelf_path =
            store.path() + (where.empty() ? "" : "/") + std::string(where);
        int failed = store.folder().open_below(where, missing::fail, shelf);
        if (failed == ENOENT && where == trash_name) continue;
        if (failed == 0) failed = shelf.list(names);
        if (failed != 0) keep_unread(shelf_path, failed);
        for (const std::string& name : names) {
            directory experiment;
            directory folder;
            if (!is_experiment_id(name) || name == models_name) continue;
            failed = shelf.open_linked(name, experiment);
            std::string path = shelf_path + '/' + name;
            if (failed == EPERM) {
                refused = "; " + unopened_folder("it is not looked for in", path, failed).message;
            }
            // Planted, or kept from this user, who has no runs in it.
            if (failed == EPERM || failed == EACCES) continue;
            if (failed == 0) failed = experiment.open_below(id, missing::fail, folder);
            if (failed == ENOENT || failed == ENOTDIR || failed == ELOOP) continue;
            if (failed != 0) {
                keep_unread(path, failed);
                continue;
            }
            path += '/' + id;
            meta_document document;
            error failure = read_settled_meta(folder, path, document);
            if (failure.code == error_code::not_found) continue;
            if (failure) return failure;
            std::string why;
            std::optional<run_meta> meta = read_run_meta(document, &why);
            if (meta && meta->run_id != id) {
                why = "is that of run \"" + shown(meta->run_id) +
                      "\", and MLflow fails on a copy under another id: move it away";
                meta.reset();
            }
            if (!meta) return {error_code::damaged, 0, "\"" + path + "/meta.yaml\": " + why};
            result = {std::move(folder), name, !where.empty(), std::move(path), std::move(*meta)};
            return {};
        }
    }
    if (unread) return unread;
    return {error_code::not_found, 0,
            "no run \"" + id + "\" in \"" + store.path() +
                "\"; check the id and MLFLOW_TRACKING_URI" + refused};
}

/// Deletes (`now` given) or restores a run as MLflow does: a mark in its meta.yaml.
inline error mark_run(const directory& folder, std::string_view path, lifecycle stage,
                      std::int64_t now) {
    return update_meta(folder, path, [stage, now](meta_document& document) {
        document.set_string("lifecycle_stage", to_string(stage));
        if (stage == lifecycle::deleted) {
            document.set_integer("deleted_time", now);
        } else {
            document.erase("deleted_time");
        }
    });
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
