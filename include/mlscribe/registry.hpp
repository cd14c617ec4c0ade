// SPDX-License-Identifier: MIT
/// \file The model registry: registered models, versions, aliases. Not part of the umbrella.
#ifndef MLSCRIBE_REGISTRY_HPP
#define MLSCRIBE_REGISTRY_HPP

#include <mlscribe/registry/model_registry.hpp>

#endif
