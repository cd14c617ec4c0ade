// SPDX-License-Identifier: MIT
/// \file MLflow's file of names and passwords, `~/.mlflow/credentials`.
#ifndef MLSCRIBE_SYNC_CREDENTIALS_FILE_HPP
#define MLSCRIBE_SYNC_CREDENTIALS_FILE_HPP

#include <mlscribe/config/environment.hpp>
#include <mlscribe/error/system_error.hpp>
#include <mlscribe/file/system_file.hpp>
#include <mlscribe/layout/python_number.hpp>
#include <mlscribe/layout/uri.hpp>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Who asks.
struct credentials {
    std::string username;
    std::string password;
};

/// A value as Python's configparser reads it: `%%` is a '%'.
inline std::string configured_value(std::string_view written) {
    std::string out;
    for (std::size_t at = 0; at != written.size(); ++at) {
        out += written[at];
        if (written.substr(at, 2) == "%%") ++at;
    }
    return out;
}

/// Reads `mlflow_tracking_username` and `mlflow_tracking_password` of the section `[mlflow]`; what
/// is not there stays empty.
inline credentials parse_credentials(std::string_view text) {
    credentials found;
    bool ours = false;
    while (!text.empty()) {
        const std::string_view line = python_stripped(text.substr(0, text.find('\n')));
        text.remove_prefix((std::min)(text.find('\n'), text.size() - 1) + 1);
        if (line.empty() || line[0] == '#' || line[0] == ';') continue;
        if (line[0] == '[') {
            ours = line.substr(0, line.find(']')) == "[mlflow";
            continue;
        }
        const std::size_t mark = line.find_first_of("=:");
        if (!ours || mark == line.npos) continue;
        const std::string key = ascii_lowered(python_stripped(line.substr(0, mark)));
        const std::string value = configured_value(python_stripped(line.substr(mark + 1)));
        if (key == "mlflow_tracking_username") found.username = value;
        if (key == "mlflow_tracking_password") found.password = value;
    }
    return found;
}

/// Reads the file in $HOME. \onfailure system, where there is one that cannot be read
inline error read_credentials(credentials& found) {
    const std::string home = environment("HOME");
    if (home.empty()) return {};
    constexpr std::size_t most_bytes = 65536;
    const std::string path = home + "/.mlflow/credentials";
    std::string text;
    const int failed = read_system_file(path, text, most_bytes);
    if (failed == ENOENT || failed == ENOTDIR) return {};
    if (failed != 0) return system_error("cannot read", path, failed);
    found = parse_credentials(text);
    return {};
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
