// SPDX-License-Identifier: MIT
/// \file What a version's meta.yaml says of where its model lies and comes from.
#ifndef MLSCRIBE_REGISTRY_MODEL_SOURCE_HPP
#define MLSCRIBE_REGISTRY_MODEL_SOURCE_HPP

#include <mlscribe/registry/model_uri.hpp>

#include <string>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Fills in `source`, `storage_location`, and where they are known `run_id` and `model_id`, as
/// MLflow's register_model does: the first keeps a `models:/` URI, the second is the directory. A
/// location on another machine is written as it is.
/// \return not_found, invalid_path where the directory is no model
inline error find_source(const store_root& store, const std::string& uri, model_version& version) {
    const std::string_view scheme = scheme_of(uri);
    version.source = uri;
    version.storage_location = uri;
    if (!scheme.empty() && scheme != "runs" && scheme != "models" && scheme != "file") return {};
    model_place place;
    struct stat found {};
    if (error failure = resolve_model_uri(store, uri, place)) return failure;
    if (place.folder.status("MLmodel", found) != 0) {
        return {error_code::invalid_path, 0,
                "\"" + place.path +
                    "\" has no file MLmodel, by which MLflow knows a model; name the directory "
                    "that log_model or save_model wrote"};
    }
    version.storage_location = file_uri(place.path);
    version.source = version.storage_location;
    if (!place.model_id.empty()) version.source = "models:/" + place.model_id;
    if (!place.name.empty()) {
        version.source = "models:/" + place.name + '/' + std::to_string(place.version);
    }
    version.model_id = place.model_id;
    if (version.run_id.empty()) version.run_id = place.run_id;
    return {};
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
