// SPDX-License-Identifier: MIT
/// \file Environment variables, and the one that switches all logging off.
#ifndef MLSCRIBE_CONFIG_ENVIRONMENT_HPP
#define MLSCRIBE_CONFIG_ENVIRONMENT_HPP

#include <mlscribe/config/config.hpp>

#include <cstdlib>
#include <string>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// An environment variable; empty when unset, as MLflow treats an empty one.
inline std::string environment(const char* name) {
    const char* const value = std::getenv(name);
    return value == nullptr ? std::string() : std::string(value);
}

/// MLSCRIBE_MODE=disabled: nothing is opened, written or reported.
inline bool is_disabled() {
    return environment("MLSCRIBE_MODE") == "disabled";
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
