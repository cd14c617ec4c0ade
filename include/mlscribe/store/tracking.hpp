// SPDX-License-Identifier: MIT
/// \file Which store is meant: an option, else MLFLOW_TRACKING_URI, else ./mlruns.
#ifndef MLSCRIBE_STORE_TRACKING_HPP
#define MLSCRIBE_STORE_TRACKING_HPP

#include <mlscribe/config/environment.hpp>
#include <mlscribe/error/reporter.hpp>
#include <mlscribe/file/filesystem.hpp>
#include <mlscribe/layout/tracking_uri.hpp>
#include <mlscribe/store/store_root.hpp>

#include <cstddef>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// \param option a tracking URI given in the program, or empty
inline tracking_location find_tracking_location(std::string_view option) {
    const std::string uri =
        option.empty() ? environment("MLFLOW_TRACKING_URI") : std::string(option);
    // So deep that no `..` of the URI leads out of what tells the two apart.
    const auto below = [&uri](const char* name) {
        std::string deep;
        for (std::size_t i = 0; i <= uri.size(); ++i) deep += name;
        return parse_tracking_uri(uri, deep);
    };
    tracking_location location = below("/a");
    if (location.path == below("/b").path) return location;
    filesystem::error_code failed;
    const std::string here = filesystem::current_path(failed).string();
    // Below "/" a relative path would silently become another one.
    location = parse_tracking_uri(uri, failed ? "/" : here);
    if (failed) {
        location.where = tracking_location::kind::refused;
        location.message = "the working directory is gone (" + failed.message() +
                           "), and the store is meant to be below it; name an absolute path in "
                           "MLFLOW_TRACKING_URI";
    }
    return location;
}

/// Opens the store that is meant for writing, and reports what MLflow may not find there.
inline error open_tracked_store(reporter& failures, std::string_view option, store_root& store) {
    const tracking_location location = find_tracking_location(option);
    if (location.where == tracking_location::kind::refused) {
        return {error_code::unsupported_uri, 0, location.message};
    }
    if (location.where == tracking_location::kind::server) {
        failures.report({error_code::unsupported_uri, 0, location.message});
    }
    if ((location.path + '/').find("/artifacts/") != std::string::npos) {
        failures.report({error_code::invalid_path, 0,
                         "store \"" + location.path +
                             "\": MLflow 3 finds no run below a directory called artifacts; "
                             "name another place"});
    }
    return store_root::open_for_writing(location.path, store);
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
