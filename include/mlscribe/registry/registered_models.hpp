// SPDX-License-Identifier: MIT
/// \file Reads `<root>/models/`: registered models, their versions, aliases and tags.
#ifndef MLSCRIBE_REGISTRY_REGISTERED_MODELS_HPP
#define MLSCRIBE_REGISTRY_REGISTERED_MODELS_HPP

#include <mlscribe/file/file_list.hpp>
#include <mlscribe/file/unread_file.hpp>
#include <mlscribe/registry/model_name.hpp>
#include <mlscribe/registry/model_records.hpp>
#include <mlscribe/store/store_root.hpp>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

inline constexpr std::string_view version_prefix = "version-";

/// A registered model's directory, open.
struct model_folder {
    directory folder;
    std::string name;
    std::string path;  ///< absolute
};

inline std::string version_name(std::int64_t version) {
    return std::string(version_prefix) + std::to_string(version);
}

/// The number that a text of digits is, from 1. \return 0 for any other text
inline std::int64_t version_number(std::string_view digits) {
    if (digits.empty() || digits.size() > 18) return 0;
    std::int64_t number = 0;
    for (const char c : digits) {
        if (!is_ascii_digit(c)) return 0;
        number = number * 10 + (c - '0');
    }
    return number;
}

/// Opens a registered model, also one whose name only one MLflow takes; a link in its place is not
/// followed.
inline error open_registered_model(const store_root& store, const std::string& name,
                                   model_folder& result) {
    const bool is_file_name = !name.empty() && name != "." && name != ".." &&
                              name.find('/') == std::string::npos &&
                              name.find('\0') == std::string::npos;
    if (!is_file_name) return check_model_name(name);
    const std::string below = std::string(models_name) + '/' + name;
    result.name = name;
    result.path = store.path() + '/' + below;
    const int failed = store.folder().open_below(below, missing::fail, result.folder);
    if (failed == ENOENT) {
        return {error_code::not_found, 0,
                "no registered model \"" + name + "\" in \"" + store.path() +
                    "\"; check the name and MLFLOW_TRACKING_URI"};
    }
    return failed == 0 ? error{} : system_error("cannot open", result.path, failed);
}

/// The files of `tags/`, by key.
inline error read_tags(const directory& owner, std::string_view path,
                       std::map<std::string, std::string>& tags) {
    std::vector<std::string> keys;
    std::size_t room = 4 * max_text_bytes;
    int failed = list_files(owner, "tags", keys);
    for (const std::string& key : keys) {
        std::string value;
        failed = owner.read("tags/" + key, value, (std::min)(room, max_text_bytes));
        if (failed == EFBIG) {
            error failure =
                unread_file(std::string(path) + "/tags/" + shown(key), failed, max_text_bytes);
            failure.message += "; all tags together may have 64 MiB";
            return failure;
        }
        if (failed == ENOENT) failed = 0;  // removed meanwhile
        if (failed != 0) break;
        room -= value.size();
        if (auto problem = key_problem(key_kind::tag, key)) {
            return {error_code::damaged, 0,
                    "\"" + std::string(path) + "/tags\": " + *problem + "; move the file away"};
        }
        tags.emplace_hint(tags.end(), key, utf8::repaired(value));
    }
    return failed == 0 ? error{} : system_error("cannot read the tags of", path, failed);
}

/// The version that an alias names. \return 0 for a file that holds no number
inline int read_alias_file(const directory& model, const std::string& alias,
                           std::int64_t& version) {
    std::string text;
    const int failed = model.read("aliases/" + alias, text, 4096);
    // Only MLflow 3 bears the line end that an editor leaves.
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
    version = version_number(text);
    return failed;
}

inline error read_aliases(const model_folder& model, std::map<std::string, std::int64_t>& aliases) {
    std::vector<std::string> names;
    int failed = list_files(model.folder, "aliases", names);
    for (const std::string& name : names) {
        std::int64_t version = 0;
        failed = read_alias_file(model.folder, name, version);
        if (failed == ENOENT) failed = 0;  // removed meanwhile
        if (failed != 0) break;
        if (version > 0) aliases.emplace_hint(aliases.end(), name, version);
    }
    return failed == 0 ? error{} : system_error("cannot read the aliases of", model.path, failed);
}

/// The numbers of all versions, ascending; deleted ones and one that MLflow is about to write too.
inline error list_versions(const model_folder& model, std::vector<std::int64_t>& numbers) {
    const int failed =
        model.folder.for_each_entry(".", [&numbers](const std::string& name, bool is_directory) {
            if (!is_directory || name.compare(0, version_prefix.size(), version_prefix) != 0) {
                return;
            }
            const std::int64_t number = version_number(name.substr(version_prefix.size()));
            if (number > 0) numbers.push_back(number);
        });
    std::sort(numbers.begin(), numbers.end());
    return failed == 0 ? error{} : system_error("cannot list", model.path, failed);
}

inline error read_registered_model(const model_folder& model, registered_model& result) {
    meta_document document;
    std::string why;
    if (error failure = read_settled_meta(model.folder, model.path, document)) return failure;
    std::optional<registered_model> read = mlscribe::read_registered_model(document, why);
    if (!read) return {error_code::damaged, 0, "\"" + model.path + "/meta.yaml\": " + why};
    if (error failure = read_aliases(model, read->aliases)) return failure;
    if (error failure = read_tags(model.folder, model.path, read->tags)) return failure;
    result = std::move(*read);
    return {};
}

/// Reads what a version's meta.yaml tells: all that a load needs. \return not_found for a deleted
/// one, too
inline error read_version_meta(const model_folder& model, std::int64_t number, directory& folder,
                               model_version& result) {
    const std::string path = model.path + '/' + version_name(number);
    const error absent = {error_code::not_found, 0,
                          "registered model \"" + model.name + "\" has no version " +
                              std::to_string(number) + " (\"" + model.path + "\")"};
    const int failed = model.folder.open_below(version_name(number), missing::fail, folder);
    if (failed == ENOENT) return absent;
    if (failed != 0) return system_error("cannot open", path, failed);
    meta_document document;
    std::string why;
    if (error failure = read_settled_meta(folder, path, document)) return failure;
    std::optional<model_version> read = mlscribe::read_model_version(document, why);
    if (read && read->version != number)
        why = "is that of version " + std::to_string(read->version);
    if (!why.empty()) {
        return {error_code::damaged, 0,
                "\"" + path + "/meta.yaml\": " + why + "; MLflow lists no version beside it"};
    }
    if (read->current_stage == deleted_stage) return absent;
    result = std::move(*read);
    return {};
}

/// Reads a version with its tags and aliases. \return not_found for a deleted one, too
inline error read_model_version(const model_folder& model, std::int64_t number,
                                model_version& result) {
    directory folder;
    model_version read;
    const std::string path = model.path + '/' + version_name(number);
    if (error failure = read_version_meta(model, number, folder, read)) return failure;
    if (error failure = read_tags(folder, path, read.tags)) return failure;
    std::map<std::string, std::int64_t> aliases;
    if (error failure = read_aliases(model, aliases)) return failure;
    for (const auto& [alias, version] : aliases) {
        if (version == number) read.aliases.push_back(alias);
    }
    result = std::move(read);
    return {};
}

/// Reads every version that is not deleted, ascending. \param damaged  hears of those left out
template <class Damaged>
error read_model_versions(const model_folder& model, std::vector<model_version>& versions,
                          Damaged&& damaged) {
    std::vector<std::int64_t> numbers;
    if (error failure = list_versions(model, numbers)) return failure;
    for (const std::int64_t number : numbers) {
        model_version version;
        error failure = read_model_version(model, number, version);
        if (!failure) {
            versions.push_back(std::move(version));
        } else if (failure.code != error_code::not_found) {
            damaged(std::move(failure));
        }
    }
    return {};
}

/// The number of the version that an alias names.
inline error find_aliased_version(const model_folder& model, const std::string& alias,
                                  std::int64_t& number) {
    if (error failure = check_alias(alias)) return failure;
    const int failed = read_alias_file(model.folder, alias, number);
    if (failed == ENOENT) {
        return {error_code::not_found, 0,
                "registered model \"" + model.name + "\" has no alias \"" + alias +
                    "\"; set it with set_registered_model_alias"};
    }
    const std::string path = model.path + "/aliases/" + alias;
    if (failed != 0) return system_error("cannot read", path, failed);
    if (number == 0) {
        return {error_code::damaged, 0, "\"" + path + "\" holds no version; set the alias again"};
    }
    return {};
}

/// The canonical spelling of a stage in any case, or "".
inline std::string canonical_stage(std::string_view stage) {
    for (const char* known : {"None", "Staging", "Production", "Archived"}) {
        if (ascii_lowered(known) == ascii_lowered(stage)) return known;
    }
    return {};
}

/// What the meta.yaml of the highest version tells, of all or in one stage.
/// \param stage  canonical, or empty
inline error find_latest_version(const model_folder& model, const std::string& stage,
                                 model_version& result) {
    directory folder;
    std::vector<std::int64_t> numbers;
    if (error failure = list_versions(model, numbers)) return failure;
    for (auto number = numbers.rbegin(); number != numbers.rend(); ++number) {
        error failure = read_version_meta(model, *number, folder, result);
        if (failure.code == error_code::not_found) continue;
        if (failure || stage.empty() || result.current_stage == stage) return failure;
    }
    return {error_code::not_found, 0,
            "registered model \"" + model.name + "\" has no version" +
                (stage.empty() ? "" : " in stage " + stage)};
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
