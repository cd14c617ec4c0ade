// SPDX-License-Identifier: MIT
/// \file The directory that a model's URI names.
#ifndef MLSCRIBE_REGISTRY_MODEL_URI_HPP
#define MLSCRIBE_REGISTRY_MODEL_URI_HPP

#include <mlscribe/file/filesystem.hpp>
#include <mlscribe/registry/logged_models.hpp>
#include <mlscribe/registry/registered_models.hpp>
#include <mlscribe/store/runs.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

inline error improper_model_uri(std::string_view uri, std::string_view rule) {
    error failure{error_code::unsupported_uri, 0, "model URI \"" + shown_uri(uri) + "\": "};
    failure.message += rule;
    return failure;
}

/// What stands behind `runs:/` or `models:/`. \return false where the scheme is not followed so
inline bool behind_scheme(std::string_view uri, std::string_view scheme, std::string_view& rest) {
    rest = uri.substr(scheme.size());
    if (rest.substr(0, 2) != ":/" || rest.substr(2, 1) == "/") return false;
    rest.remove_prefix(2);
    while (!rest.empty() && rest.back() == '/') rest.remove_suffix(1);
    return true;
}

/// `runs:/<run_id>/<path>`: below the run's artifacts, where the run stands now; else where its
/// artifact_uri leads; else a model of that name which MLflow 3 logged from the run.
inline error resolve_run_model(const store_root& store, std::string_view uri, model_place& result) {
    std::string_view rest;
    const std::size_t slash =
        behind_scheme(uri, "runs", rest) ? rest.find('/') : std::string_view::npos;
    if (slash == std::string_view::npos || slash + 1 == rest.size()) {
        return improper_model_uri(uri, "write runs:/<run_id>/<path below its artifacts>");
    }
    const std::string_view path = rest.substr(slash + 1);
    if (const auto problem = path_problem(path)) {
        return {error_code::invalid_path, 0,
                "model URI \"" + shown_uri(uri) + "\": " + *problem + " in an artifact's path"};
    }
    found_run run;
    if (error failure = find_run(store, std::string(rest.substr(0, slash)), run)) return failure;
    const std::string& id = run.meta.run_id;
    if (run.in_trash || run.meta.lifecycle_stage == lifecycle::deleted) {
        return {error_code::deleted, 0, "run \"" + id + "\" is deleted; restore it first"};
    }
    result.run_id = id;
    const std::string below = "artifacts/" + std::string(path);
    result.path = run.path + '/' + below;
    const int failed = run.folder.open_below(below, missing::fail, result.folder);
    if (failed == 0) return {};
    if (failed != ENOENT) return system_error("cannot open the model", result.path, failed);
    error elsewhere =
        open_location(store, run.meta.artifact_uri + '/' + percent_encoded_path(path), result);
    if (!elsewhere) return {};
    error logged = find_model_of_run(store, run, path, result);
    if (logged.code != error_code::not_found || !logged.message.empty()) return logged;
    return {error_code::not_found, 0,
            "run \"" + id + "\" has no directory artifacts/" + shown(path) + " (\"" + run.path +
                "\"); check the name that the model was logged under"};
}

/// A registered version's directory: storage_location, else source.
inline error resolve_version(const store_root& store, const model_version& version,
                             model_place& result) {
    const std::string& location =
        version.storage_location.empty() ? version.source : version.storage_location;
    std::string_view rest;
    error failure;
    if (scheme_of(location) == "models" && behind_scheme(location, "models", rest)) {
        failure = find_logged_model(store, std::string(rest), result);
    } else {
        failure = open_location(store, location, result);
    }
    result.name = version.name;
    result.version = version.version;
    result.run_id = version.run_id;
    result.model_id = version.model_id;
    if (failure) {
        failure.message = "version " + std::to_string(version.version) + " of \"" + version.name +
                          "\": " + failure.message;
    }
    return failure;
}

/// Finds the version that `<name>/<version>`, `<name>/latest`, `<name>/<stage>` or `<name>@<alias>`
/// names, without its tags and aliases.
inline error find_named_version(const store_root& store, std::string_view uri,
                                std::string_view rest, model_version& version) {
    const std::size_t slash = rest.find('/');
    const bool is_alias = slash == std::string_view::npos;
    const std::size_t cut = is_alias ? rest.rfind('@') : slash;
    const std::string name(rest.substr(0, cut));
    const std::string choice(rest.substr(cut + 1));
    model_folder model;
    if (name.empty() || choice.empty() || choice.find('/') != std::string::npos) {
        return improper_model_uri(uri,
                                  "write models:/<name>/<version>, models:/<name>@<alias>, "
                                  "models:/<name>/latest, models:/<name>/<stage> or "
                                  "models:/<model_id>");
    }
    if (error failure = open_registered_model(store, name, model)) return failure;
    const bool is_latest = ascii_lowered(choice) == "latest";
    if (is_latest) return find_latest_version(model, {}, version);
    if (is_alias || choice.find_first_not_of("0123456789") == std::string::npos) {
        directory folder;
        std::int64_t number = version_number(choice);
        error failure = is_alias ? find_aliased_version(model, choice, number) : error{};
        return failure ? failure : read_version_meta(model, number, folder, version);
    }
    const std::string stage = canonical_stage(choice);
    if (stage.empty()) {
        return improper_model_uri(uri, '"' + shown(choice) +
                                           "\" is neither a version nor latest nor a stage (None, "
                                           "Staging, Production, Archived); an alias is written "
                                           "models:/<name>@<alias>");
    }
    return find_latest_version(model, stage, version);
}

/// `models:/<model_id>` of MLflow 3, and all that names a version of a registered model.
inline error resolve_registered_model(const store_root& store, std::string_view uri,
                                      model_place& result) {
    std::string_view rest;
    if (!behind_scheme(uri, "models", rest)) {
        return improper_model_uri(uri, "write models:/<name>/<version> or models:/<name>@<alias>");
    }
    if (rest.find_first_of("/@") == std::string_view::npos) {
        return find_logged_model(store, std::string(rest), result);
    }
    model_version version;
    if (error failure = find_named_version(store, uri, rest, version)) return failure;
    return resolve_version(store, version, result);
}

/// A plain path, which is taken as it is written, or a `file:` URI, which is decoded.
inline error resolve_model_path(std::string_view uri, model_place& result) {
    const bool is_uri = !scheme_of(uri).empty();
    const std::optional<std::string> written =
        is_uri ? path_of_uri(uri) : std::optional<std::string>(std::string(uri));
    if (!written || written->empty()) {
        return improper_model_uri(uri,
                                  "it names no directory of this machine; give a path, "
                                  "file:///path, runs:/<run_id>/<path> "
                                  "or models:/<name>/<version>, and download what lies elsewhere");
    }
    filesystem::error_code failed;
    const std::string here = filesystem::current_path(failed).string();
    result.path = resolved_path(here, *written);
    // As it was written: `link/..` is for the system to walk.
    const int unopened = directory::open(*written, result.folder);
    if (unopened != 0) {
        return system_error("cannot open the model's directory", result.path, unopened);
    }
    // Files are opened by it, too, which must be those that were verified.
    if (!result.folder.is_at(".", result.path)) {
        result.path = filesystem::canonical(*written, failed).string();
        if (failed) {
            return system_error("cannot find the model's directory", *written, failed.value());
        }
    }
    return {};
}

/// Finds the directory that a model's URI names:
///
/// | URI | directory |
/// |---|---|
/// | `runs:/<run_id>/<path>` | below the run's artifacts |
/// | `models:/<name>/<version>`, `models:/<name>@<alias>` | of a registered version |
/// | `models:/<name>/latest` | of the highest version |
/// | `models:/<name>/<stage>` | of the highest version in that stage |
/// | `models:/m-<id>` | a model that MLflow 3 logged |
/// | `file:///path`, a path | that one |
///
/// The files of a store hold absolute paths. Where they end in an experiment, a run or logged model
/// and its artifacts that this store has, the store's own are meant: so a store that was moved or
/// copied is read where it is. Below a store no link is followed; a path that the user wrote, or
/// had registered, may lead anywhere.
///
/// \onfailure unsupported_uri, invalid_path, not_found, deleted (the run or model), damaged, system
/// \threadsafety any thread
inline error resolve_model_uri(const store_root& store, std::string_view uri, model_place& result) {
    result = {};
    if (uri.find('\0') != std::string_view::npos) {
        return improper_model_uri(uri, "a path holds no NUL; write it without");
    }
    const std::string_view scheme = scheme_of(uri);
    if (scheme == "runs") return resolve_run_model(store, uri, result);
    if (scheme == "models") return resolve_registered_model(store, uri, result);
    return resolve_model_path(uri, result);
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
