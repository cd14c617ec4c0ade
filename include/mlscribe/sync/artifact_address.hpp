// SPDX-License-Identifier: MIT
/// \file Where the server's artifact proxy has the artifacts of a run.
#ifndef MLSCRIBE_SYNC_ARTIFACT_ADDRESS_HPP
#define MLSCRIBE_SYNC_ARTIFACT_ADDRESS_HPP

#include <mlscribe/error/error.hpp>
#include <mlscribe/layout/hex_digits.hpp>
#include <mlscribe/layout/key_rules.hpp>
#include <mlscribe/layout/uri.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

inline constexpr std::string_view artifact_proxy = "/api/2.0/mlflow-artifacts/artifacts";

/// The host with its port: `host:5000` of `http://host:5000/prefix`.
inline std::string_view authority_of(std::string_view uri) noexcept {
    const std::size_t slashes = uri.find("://");
    if (slashes == uri.npos) return {};
    const std::string_view behind = uri.substr(slashes + 3);
    return behind.substr(0, behind.find('/'));
}

/// MLflow's server decodes a name until nothing is left to decode: `a%20b` would replace `a b`.
inline error check_artifact_name(std::string_view path) {
    const auto refused = [path](const char* why) {
        return error{error_code::invalid_path, 0,
                     "artifact \"" + shown(path) + "\": MLflow's server " + why + "; rename it"};
    };
    for (std::size_t at = 0; at != path.size(); ++at) {
        if (path[at] == '#') return refused("takes no '#' in a name");
        if (is_control(path[at])) return refused("takes no control character in a name");
        if (path[at] == '%' && at + 2 < path.size() && hex_value(path[at + 1]) >= 0 &&
            hex_value(path[at + 2]) >= 0) {
            return refused("stores a name with '%' and two digits under another name");
        }
    }
    return {};
}

/// Finds the place of a path among the artifacts, `1/<run id>/artifacts/a.txt`, below the proxy.
/// \param server        the tracking server's address
/// \param artifact_uri  as the server named it
/// \param path          below that; empty for all
/// \onfailure unsupported_uri where that is not behind this server's proxy, or leaves it:
///            credentials go to no other host; invalid_path for one that leaves the folder
inline error find_artifact_address(std::string_view server, std::string_view artifact_uri,
                                   std::string_view path, std::string& place) {
    if (!path.empty() && path_problem(path)) {
        return {error_code::invalid_path, 0, "artifact \"" + shown(path) + "\": no relative path"};
    }
    std::string_view rest;
    const std::string_view scheme = scheme_of(artifact_uri);
    bool ours = false;
    if (scheme == "mlflow-artifacts") {
        rest = artifact_uri.substr(scheme.size() + 1);
        ours = rest.substr(0, 2) != "//";
        if (!ours) {
            const std::string_view host = authority_of(artifact_uri);
            ours = host.empty() || ascii_lowered(host) == ascii_lowered(authority_of(server));
            rest = rest.substr((std::min)(rest.size(), 2 + host.size()));
        }
    } else {
        const std::string proxy = std::string(server) + std::string(artifact_proxy);
        ours = artifact_uri.substr(0, proxy.size()) == proxy;
        if (ours) rest = artifact_uri.substr(proxy.size());
        ours = ours && (rest.empty() || rest[0] == '/');
    }
    if (!ours) {
        return {error_code::unsupported_uri, 0,
                "tracking server " + std::string(server) + " keeps these artifacts at \"" +
                    shown_uri(artifact_uri) +
                    "\", which it does not pass on; start it with --serve-artifacts and without "
                    "--default-artifact-root, and push to a new experiment"};
    }
    while (!rest.empty() && rest.front() == '/') rest.remove_prefix(1);
    while (!rest.empty() && rest.back() == '/') rest.remove_suffix(1);
    // Others may be behind the same address, below another prefix.
    if (!rest.empty() && path_problem(rest)) {
        return {error_code::unsupported_uri, 0,
                "tracking server " + std::string(server) + " keeps these artifacts at \"" +
                    shown_uri(artifact_uri) +
                    "\", which is no place below its artifacts; is it a "
                    "tracking server?"};
    }
    place = rest;
    if (!place.empty() && !path.empty()) place += '/';
    place += path;
    return {};
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
