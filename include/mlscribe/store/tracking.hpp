// SPDX-License-Identifier: MIT
/// \file Which store is meant: an option, else MLFLOW_TRACKING_URI, else ./mlruns.
#ifndef MLSCRIBE_STORE_TRACKING_HPP
#define MLSCRIBE_STORE_TRACKING_HPP

#include <mlscribe/file/filesystem.hpp>
#include <mlscribe/layout/uri.hpp>

#include <cstdlib>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// An environment variable; empty when unset, as MLflow treats an empty one.
inline std::string environment(const char* name) {
    const char* const value = std::getenv(name);
    return value == nullptr ? std::string() : std::string(value);
}

/// \param option a tracking URI given in the program, or empty
inline tracking_location find_tracking_location(std::string_view option) {
    boost::system::error_code failed;
    const std::string here = filesystem::current_path(failed).string();
    return parse_tracking_uri(option.empty() ? environment("MLFLOW_TRACKING_URI") : option, here);
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
