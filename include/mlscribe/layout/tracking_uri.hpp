// SPDX-License-Identifier: MIT
/// \file Where MLFLOW_TRACKING_URI leads: a folder, a server, or nowhere.
#ifndef MLSCRIBE_LAYOUT_TRACKING_URI_HPP
#define MLSCRIBE_LAYOUT_TRACKING_URI_HPP

#include <mlscribe/layout/uri.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

/// Where a tracking URI sends the runs.
struct tracking_location {
    enum class kind {
        local,    ///< a folder on this machine
        server,   ///< a server or database; runs go to `<working directory>/mlruns` meanwhile
        refused,  ///< MLflow rejects the spelling, or sends it to a folder that nobody meant
    };
    kind where = kind::local;
    std::string path;     ///< absolute and normal; empty where refused
    std::string message;  ///< empty where local; else the URI, the rule and the way out
};

namespace detail {

inline tracking_location refused_tracking(std::string_view uri, std::string_view why) {
    return {tracking_location::kind::refused,
            {},
            "tracking URI \"" + shown_uri(uri) + "\": " + std::string(why)};
}

/// Whether MLflow takes `lower_scheme` for a database: `mysql`, `postgresql+psycopg2`.
inline bool is_database_scheme(std::string_view lower_scheme) noexcept {
    const std::string_view engine = lower_scheme.substr(0, lower_scheme.find('+'));
    return engine == "sqlite" || engine == "postgresql" || engine == "mysql" || engine == "mssql";
}

enum class server_kind { http, database, databricks };

inline tracking_location server_tracking(std::string_view uri, std::string_view working_directory,
                                         server_kind kind) {
    std::string path = resolved_path(working_directory, "mlruns");
    const bool is_database = kind == server_kind::database;
    std::string message = "tracking URI \"" + shown_uri(uri) + "\" is a " +
                          (is_database ? "database" : "server") + ": logging to " + shown(path) +
                          "; push it later to " + shown_uri(uri) + " with `";
    if (kind == server_kind::http) {
        message += "mlscribe sync " + shown(path) + ' ' + shown_uri(uri) + '`';
        return {tracking_location::kind::server, std::move(path), std::move(message)};
    }
    // The tool writes SQLite only, and replaces a database that is already there.
    message += "mlflow migrate-filestore --source " + shown(path) +
               " --target sqlite:///NEW.db`, which makes a new SQLite database";
    message += is_database ? " beside the one that is in use"
                           : ", or copy the folder to the server's machine and migrate it there";
    return {tracking_location::kind::server, std::move(path), std::move(message)};
}

/// The folder of a local spelling; `path` is still percent-encoded.
inline tracking_location local_tracking(std::string_view uri, std::string_view path,
                                        std::string_view working_directory) {
    const std::string decoded = percent_decoded(path);
    if (decoded.find('\0') != std::string::npos) {
        return refused_tracking(uri, "a path holds no NUL; write the folder without it");
    }
    if (!decoded.empty() && decoded.front() == '~') {
        return refused_tracking(uri,
                                "MLflow does not expand '~' but makes a folder of that name; write "
                                "the home folder out, or ./~ for the folder called so");
    }
    return {tracking_location::kind::local, resolved_path(working_directory, decoded), {}};
}

}  // namespace detail

/// Decides as MLflow does where a tracking URI leads. Refuses the spellings that MLflow
/// rejects or silently sends to another folder (`file://./rel`, `FILE:///p`, `~/p`).
///
/// \param uri                empty means `<working_directory>/mlruns`
/// \param working_directory  absolute
/// \threadsafety any thread; asks neither the environment nor the disk
inline tracking_location parse_tracking_uri(std::string_view uri,
                                            std::string_view working_directory) {
    using detail::refused_tracking;
    if (uri.empty()) return detail::local_tracking(uri, "mlruns", working_directory);
    if (!utf8::is_valid(uri)) {
        return refused_tracking(uri,
                                "MLflow cannot use a path that is not UTF-8; rename the folder");
    }
    if (detail::is_blank_or_control(uri.front())) {
        return refused_tracking(uri,
                                "MLflow keeps the blank at the beginning as part of a relative "
                                "folder's name; remove it, or write ./ before it");
    }
    if (uri == "databricks" || uri == "databricks-uc") {
        return detail::server_tracking(uri, working_directory, detail::server_kind::databricks);
    }
    if (uri == "uc") {
        return refused_tracking(uri, "MLflow takes it for Unity Catalog; write ./uc for a folder");
    }
    // A URI parser drops tabs and line ends first, so that "fi<tab>le:/p" has a scheme, too.
    std::string visible(uri);
    std::size_t kept = 0;
    for (const char c : uri) {
        if (c != '\t' && c != '\n' && c != '\r') visible[kept++] = c;
    }
    visible.resize(kept);
    const std::string_view written_scheme = detail::scheme_of(visible);
    if (written_scheme.empty()) {
        const std::string_view host = std::string_view(visible).substr(0, visible.find('/', 2));
        if (host.substr(0, 2) == "//" && host.find_first_of("[]") != std::string_view::npos) {
            return refused_tracking(uri,
                                    "MLflow takes what follows '//' for a host, which has no "
                                    "brackets; write one slash");
        }
        return detail::local_tracking(uri, uri, working_directory);
    }
    if (visible.size() != uri.size()) {
        return refused_tracking(uri,
                                "MLflow drops tabs and line ends from a URI; write a plain path "
                                "or %09, %0A, %0D");
    }
    const std::string scheme = detail::ascii_lowered(written_scheme);
    if (scheme == "http" || scheme == "https") {
        return detail::server_tracking(uri, working_directory, detail::server_kind::http);
    }
    if (scheme.compare(0, 10, "databricks") == 0) {
        return detail::server_tracking(uri, working_directory, detail::server_kind::databricks);
    }
    if (detail::is_database_scheme(scheme)) {
        return detail::server_tracking(uri, working_directory, detail::server_kind::database);
    }
    if (scheme != "file") {
        return refused_tracking(uri,
                                "MLflow has no tracking store for \"" + scheme +
                                    ":\"; give a folder or file:///folder, and write ./ before "
                                    "a relative folder with a ':' in its name");
    }
    if (written_scheme != "file") {
        return refused_tracking(uri,
                                "MLflow knows \"file:\" only in lower case and takes this for a "
                                "relative folder; write file:");
    }
    const auto parts = detail::split_file_uri(uri.substr(5));
    if (!detail::is_this_machine(parts.host)) {
        return refused_tracking(
            uri,
            "what follows file:// up to the next slash is a host, not a folder; "
            "write file:///folder, or file:folder for a relative one");
    }
    if (parts.path.empty()) {
        return refused_tracking(uri,
                                "it names no folder; write file:///folder, or nothing at all "
                                "for ./mlruns");
    }
    return detail::local_tracking(uri, parts.path, working_directory);
}

MLSCRIBE_NAMESPACE_END

#endif
