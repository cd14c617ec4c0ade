// SPDX-License-Identifier: MIT
/// \file Writes `<root>/models/`: what is new appears whole, what changes is replaced.
#ifndef MLSCRIBE_REGISTRY_REGISTRATION_HPP
#define MLSCRIBE_REGISTRY_REGISTRATION_HPP

#include <mlscribe/config/clock.hpp>
#include <mlscribe/file/staged_directory.hpp>
#include <mlscribe/journal/writing_turn.hpp>
#include <mlscribe/registry/registered_models.hpp>

#include <limits.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Where a registered model or a version is filled: in the root MLflow passes over a folder whose
/// name ends so, and in a model's folder over all that are no `version-…`. In `models/` itself it
/// fails on any folder without a meta.yaml.
inline constexpr const char* registry_waiting_room = ".mlscribe.trash";

inline std::string below_models(const std::string& name) {
    return std::string(models_name) + '/' + name;
}

inline error model_exists(const std::string& name) {
    return {
        error_code::already_exists, 0,
        "registered model \"" + name + "\" exists already; take another name, or add a version"};
}

/// Makes a registered model without versions.
inline error add_registered_model(const store_root& store, const registered_model& model) {
    if (error failure = check_model_name(model.name)) return failure;
    const std::string path = store.path() + '/' + below_models(model.name);
    directory folder;
    staged_directory staged(store.folder(), registry_waiting_room);
    int failed = staged.open(folder);
    if (failed == 0) {
        failed = replace_file(folder, meta_name, to_document(model).text(), durability::synced);
    }
    if (failed == 0) failed = staged.move_to(below_models(model.name));
    if (failed == EEXIST) return model_exists(model.name);
    return failed == 0 ? error{} : system_error("cannot make registered model", path, failed);
}

/// As update_meta(), by a writer whose turn it is in the folder: one sets a description while
/// another adds a version.
template <class Change>
error update_meta_in(writing_turn& turn, const directory& folder, std::string_view path,
                     Change&& change) {
    return update_meta(folder, path, change, [&turn](const std::string& text) {
        return turn.replace(meta_name, text, durability::synced);
    });
}

/// Rewrites a registered model's meta.yaml as MLflow does at each change: the time, the aliases as
/// their files are, and what `change(meta_document&)` sets.
template <class Change>
error update_registered_model(const model_folder& model, Change&& change) {
    return write_in_turn(model.folder, model.path, [&](writing_turn& turn) {
        std::map<std::string, std::int64_t> aliases;
        if (error failure = read_aliases(model, aliases)) return failure;
        return update_meta_in(turn, model.folder, model.path, [&](meta_document& document) {
            document.set("aliases", alias_map(aliases));
            document.set_integer("last_updated_timestamp", milliseconds_now());
            change(document);
        });
    });
}

/// The change that sets a description.
inline auto describe(const std::string& description) {
    return [&description](meta_document& document) {
        document.set_text_or_null("description", description);
    };
}

inline error touch_registered_model(const model_folder& model) {
    return update_registered_model(model, [](meta_document&) {});
}

/// Whether the folder has its name still: another process may rename or delete the model.
inline bool is_in_place(const model_folder& model) noexcept {
    struct stat opened {};
    struct stat named {};
    return uninterrupted::fstat(model.folder.get(), &opened) == 0 &&
           ::lstat(model.path.c_str(), &named) == 0 && opened.st_dev == named.st_dev &&
           opened.st_ino == named.st_ino;
}

/// Adds a version behind the highest one. No lock is held: of processes that take the same number,
/// MLflow's too, one gets it, and the others take the next.
/// \param version  gets its number
/// \onfailure not_found: the model was renamed or deleted meanwhile; system
inline error add_model_version(const model_folder& model, model_version& version) {
    const auto refused = [&model](int failed) {
        return system_error("cannot make a version of", model.path, failed);
    };
    remove_abandoned(model.folder);
    directory folder;
    staged_directory staged(model.folder, registry_waiting_room);
    if (const int failed = staged.open(folder)) return refused(failed);
    for (int failed = EEXIST; failed == EEXIST;) {
        std::vector<std::int64_t> numbers;
        if (error failure = list_versions(model, numbers)) return failure;
        // A file or link may stand there, too, which is no version.
        const std::int64_t highest = numbers.empty() ? 0 : numbers.back();
        version.version = (std::max)(highest, version.version) + 1;
        failed = replace_file(folder, meta_name, to_document(version).text(), durability::synced);
        if (failed == 0) failed = staged.move_to(version_name(version.version));
        if (failed != 0 && failed != EEXIST) return refused(failed);
    }
    if (!is_in_place(model)) {
        return {error_code::not_found, 0,
                "registered model \"" + model.name +
                    "\" was renamed or deleted while a version was added; add it again"};
    }
    return touch_registered_model(model);
}

/// Changes a version's meta.yaml as MLflow does: the time, and what `change(meta_document&)` sets.
template <class Change>
error update_model_version(const model_folder& model, std::int64_t number, Change&& change) {
    model_version version;
    directory folder;
    if (error failure = read_model_version(model, number, version)) return failure;
    const std::string path = model.path + '/' + version_name(number);
    const int failed = model.folder.open_below(version_name(number), missing::fail, folder);
    if (failed != 0) return system_error("cannot open", path, failed);
    return write_in_turn(folder, path, [&](writing_turn& turn) {
        return update_meta_in(turn, folder, path, [&](meta_document& document) {
            // MLflow 2 keeps them here too.
            if (document.find("aliases") != nullptr) {
                document.set("aliases", alias_list(version.aliases));
            }
            document.set_integer("last_updated_timestamp", milliseconds_now());
            change(document);
        });
    });
}

/// Removes a file of a folder; one that is not there is removed.
inline error remove_text(const model_folder& model, const std::string& relative) {
    directory::place found;
    int failed = model.folder.locate(relative, missing::fail, found);
    if (failed == 0 && uninterrupted::unlinkat(found.folder, found.leaf.c_str(), 0) != 0)
        failed = errno;
    if (failed == 0 || failed == ENOENT) return {};
    return system_error("cannot remove", model.path + '/' + relative, failed);
}

inline error set_alias(const model_folder& model, const std::string& alias, std::int64_t number) {
    model_version version;
    if (error failure = check_alias(alias)) return failure;
    if (error failure = read_model_version(model, number, version)) return failure;
    // Without a line end, which MLflow 2 takes for a part of the number.
    const int failed = replace_file(model.folder, "aliases/" + alias, std::to_string(number));
    if (failed == 0) return touch_registered_model(model);
    return system_error("cannot write the alias \"" + alias + "\" of", model.path, failed);
}

inline error remove_alias(const model_folder& model, const std::string& alias) {
    if (error failure = check_alias(alias)) return failure;
    if (error failure = remove_text(model, "aliases/" + alias)) return failure;
    return touch_registered_model(model);
}

/// Hides a version as MLflow does, so that its number is not given again, and removes its aliases.
inline error delete_version(const model_folder& model, std::int64_t number) {
    model_version version;
    if (error failure = read_model_version(model, number, version)) return failure;
    for (const std::string& alias : version.aliases) {
        if (error failure = remove_text(model, "aliases/" + alias)) return failure;
    }
    error failure = update_model_version(model, number, [](meta_document& document) {
        document.set_string("current_stage", deleted_stage);
    });
    return failure ? failure : touch_registered_model(model);
}

/// Removes a registered model with its versions; what they name stays.
inline error delete_model(const store_root& store, const model_folder& model) {
    staged_directory gone(store.folder(), registry_waiting_room);
    const int failed = gone.take(below_models(model.name));
    return failed == 0 ? error{} : system_error("cannot remove", model.path, failed);
}

/// Copies the files of a folder that nobody sees yet, and of the folders in it.
inline int copy_folder(const directory& from, const directory& to) {
    // The keys of tags are folders in each other, and the stack has an end.
    std::vector<std::string> left{""};
    int failed = 0;
    while (failed == 0 && !left.empty()) {
        const std::string below = std::move(left.back());
        left.pop_back();
        directory source;
        directory target;
        if (below.size() >= PATH_MAX) return ENAMETOOLONG;
        failed = from.open_below(below, missing::fail, source);
        if (failed == 0) failed = to.open_below(below, missing::create, target);
        if (failed != 0) return failed;
        const int unlisted =
            source.for_each_kind(".", [&](const std::string& name, directory::entry kind) {
                const bool ours = name.compare(0, staged_prefix.size(), staged_prefix) == 0;
                if (failed != 0 || ours || name == registry_waiting_room) return;
                std::string text;
                if (kind == directory::entry::file) {
                    failed = source.read(name, text);
                    if (failed == 0) failed = replace_file(target, name, text);
                } else if (kind == directory::entry::folder) {
                    left.push_back(below.empty() ? name : below + '/' + name);
                }
            });
        if (unlisted != 0) failed = unlisted;
    }
    return failed;
}

/// Adds what another process registered while a model was copied.
inline error add_late_versions(const model_folder& from, const std::vector<std::int64_t>& copied,
                               const model_folder& to) {
    std::vector<std::int64_t> numbers;
    if (error failure = list_versions(from, numbers)) return failure;
    for (const std::int64_t number : numbers) {
        model_version version;
        if (std::binary_search(copied.begin(), copied.end(), number)) continue;
        if (error failure = read_model_version(from, number, version)) return failure;
        version.name = to.name;
        version.version = number - 1;
        if (error failure = add_model_version(to, version)) return failure;
    }
    return {};
}

/// Gives a registered model another name: a whole one of that name appears, then the old one goes,
/// so that at every instant one of them is there. Unlike with MLflow, aliases and tags stay.
inline error rename_model(const store_root& store, const model_folder& model,
                          const std::string& new_name) {
    if (error failure = check_model_name(new_name)) return failure;
    staged_directory staged(store.folder(), registry_waiting_room);
    model_folder renamed;
    renamed.name = new_name;
    renamed.path = model.path;
    int failed = staged.open(renamed.folder);
    if (failed == 0) failed = copy_folder(model.folder, renamed.folder);
    if (failed != 0) return system_error("cannot copy", model.path, failed);
    const auto name_it = [&new_name](meta_document& document) {
        document.set_string("name", new_name);
    };
    std::vector<std::int64_t> numbers;
    if (error failure = update_registered_model(renamed, name_it)) return failure;
    if (error failure = list_versions(renamed, numbers)) return failure;
    for (const std::int64_t number : numbers) {
        const std::string path = model.path + '/' + version_name(number);
        directory folder;
        failed = renamed.folder.open_below(version_name(number), missing::fail, folder);
        if (failed != 0) return system_error("cannot open", path, failed);
        if (error failure = update_meta(folder, path, name_it)) return failure;
    }
    failed = staged.move_to(below_models(new_name));
    if (failed == EEXIST) return model_exists(new_name);
    if (failed != 0) return system_error("cannot rename", model.path, failed);
    renamed.path = store.path() + '/' + below_models(new_name);
    staged_directory gone(store.folder(), registry_waiting_room);
    failed = gone.take(below_models(model.name));
    if (failed != 0) return system_error("cannot remove", model.path, failed);
    return add_late_versions(model, numbers, renamed);
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
