// SPDX-License-Identifier: MIT
/// \file A model's directory becomes a version of a registered model.
#ifndef MLSCRIBE_REGISTRY_REGISTER_MODEL_HPP
#define MLSCRIBE_REGISTRY_REGISTER_MODEL_HPP

#include <mlscribe/registry/model_source.hpp>
#include <mlscribe/registry/registration.hpp>

#include <string>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Adds a version to the registered model `name`, which is made where there is none.
/// \param made  gets the version
inline error register_model(const store_root& store, const std::string& uri,
                            const std::string& name, model_version& made) {
    if (error failure = find_source(store, uri, made)) return failure;
    made.name = name;
    made.creation_timestamp = milliseconds_now();
    made.last_updated_timestamp = made.creation_timestamp;
    registered_model model;
    model.name = name;
    model.creation_timestamp = made.creation_timestamp;
    model.last_updated_timestamp = made.creation_timestamp;
    const error failure = add_registered_model(store, model);
    if (failure && failure.code != error_code::already_exists) return failure;
    model_folder folder;
    if (error unopened = open_registered_model(store, name, folder)) return unopened;
    return add_model_version(folder, made);
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
