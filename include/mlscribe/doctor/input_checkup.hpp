// SPDX-License-Identifier: MIT
/// \file Looks at what a run names as its datasets and models (docs/format.md, "Datasets").
#ifndef MLSCRIBE_DOCTOR_INPUT_CHECKUP_HPP
#define MLSCRIBE_DOCTOR_INPUT_CHECKUP_HPP

#include <mlscribe/doctor/key_files.hpp>
#include <mlscribe/doctor/run_meta_checkup.hpp>

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Whether MLflow reads a folder's meta.yaml, which must have these keys. \param why  else
inline bool has_meta_with(const directory& folder, const std::string& path,
                          std::initializer_list<const char*> keys, std::string& why) {
    meta_document document;
    if (const error failure = read_meta(folder, path, document, max_dataset_meta_bytes)) {
        why = failure.message;
        // What could not be read may be sound.
        return failure.code != error_code::damaged && failure.code != error_code::not_found;
    }
    for (const char* const key : keys) {
        if (document.find(key) != nullptr) continue;
        why = '"' + path + "/meta.yaml\" has no key \"" + key + '"';
        return false;
    }
    return true;
}

/// \param name  "inputs" or "outputs" of a run, "datasets" of an experiment
inline void check_links(treatment& taken, const checked_place& place, const directory& owner,
                        const std::string& name, std::initializer_list<const char*> keys) {
    std::vector<std::string> names;
    if (owner.for_each_entry(name,
                             [&](std::string each, bool) { names.push_back(std::move(each)); })) {
        return;
    }
    for (const std::string& each : names) {
        directory folder;
        const std::string below = name + '/' + each;
        const std::string path = place.path + '/' + below;
        std::string why = '"' + path + "\" is no folder";
        struct stat status {};
        if (owner.status(below, status) != 0 || S_ISLNK(status.st_mode)) continue;
        const int failed = owner.open_below(below, missing::fail, folder);
        if (failed != 0 && failed != ENOTDIR) continue;
        const bool is_folder = failed == 0;
        // MLflow passes over what is no dataset's folder.
        if (name == "datasets" &&
            (!is_folder || folder.status(std::string(meta_name), status) != 0)) {
            continue;
        }
        if (is_folder && (is_just_made(folder) || has_meta_with(folder, path, keys, why))) continue;
        finding what = place.below(below).found(
            damage::broken_input, why + ", and MLflow fails on it with all runs of the experiment");
        note_moved_away(taken, std::move(what), owner, below);
    }
}

inline void check_run_links(treatment& taken, const checked_place& place, const directory& run) {
    check_links(taken, place, run, "inputs",
                {"destination_id", "destination_type", "source_id", "source_type", "tags"});
    check_links(taken, place, run, "outputs",
                {"destination_id", "destination_type", "source_id", "source_type", "step", "tags"});
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
