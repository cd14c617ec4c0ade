// SPDX-License-Identifier: MIT
/// \file The model registry of a store, and mlflow.register_model as one call.
#ifndef MLSCRIBE_REGISTRY_MODEL_REGISTRY_HPP
#define MLSCRIBE_REGISTRY_MODEL_REGISTRY_HPP

#include <mlscribe/config/config.hpp>

#if MLSCRIBE_ENABLED
#    include <mlscribe/registry/active_registry.hpp>
#else
#    include <mlscribe/registry/disabled_registry.hpp>
#endif

MLSCRIBE_NAMESPACE_BEGIN

/// Registers a model in the store of MLFLOW_TRACKING_URI; see registry::register_model().
/// \onfailure nothing, and one line on stderr
inline std::optional<model_version> register_model(const std::string& model_uri,
                                                   const std::string& name) {
    return registry().register_model(model_uri, name);
}

MLSCRIBE_NAMESPACE_END

#endif
