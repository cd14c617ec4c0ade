// SPDX-License-Identifier: MIT
/// \file File URIs both ways, and which folder a tracking URI means to MLflow.
#ifndef MLSCRIBE_LAYOUT_URI_HPP
#define MLSCRIBE_LAYOUT_URI_HPP

#include <cstddef>
#include <mlscribe/config/config.hpp>
#include <mlscribe/layout/hex_digits.hpp>
#include <mlscribe/layout/key_rules.hpp>
#include <mlscribe/layout/utf8.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

constexpr bool is_ascii_letter(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

constexpr bool is_ascii_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

constexpr char ascii_lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

inline std::string ascii_lowered(std::string_view text) {
    std::string out(text);
    for (char& c : out) c = ascii_lower(c);
    return out;
}

/// Whether a URI parser drops this character in front of a URI.
constexpr bool is_blank_or_control(char c) noexcept {
    return static_cast<unsigned char>(c) <= 0x20;
}

constexpr bool is_control(char c) noexcept {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

/// The part before the first ':' where that is a scheme, as written; else empty.
constexpr std::string_view scheme_of(std::string_view uri) noexcept {
    const std::size_t colon = uri.find(':');
    if (colon == std::string_view::npos || colon == 0 || !is_ascii_letter(uri[0])) return {};
    for (const char c : uri.substr(0, colon)) {
        if (!is_ascii_letter(c) && !is_ascii_digit(c) && c != '+' && c != '-' && c != '.') {
            return {};
        }
    }
    return uri.substr(0, colon);
}

/// A URI behind `file:`, still percent-encoded and without `?query` and `#fragment`.
struct file_uri_parts {
    std::string_view host;
    std::string_view path;
};

constexpr file_uri_parts split_file_uri(std::string_view behind_scheme) noexcept {
    file_uri_parts parts{{}, behind_scheme.substr(0, behind_scheme.find_first_of("?#"))};
    if (parts.path.substr(0, 2) == "//") {
        const std::size_t slash = parts.path.find('/', 2);
        const std::size_t end = slash == std::string_view::npos ? parts.path.size() : slash;
        parts.host = parts.path.substr(2, end - 2);
        parts.path = parts.path.substr(end);
    }
    return parts;
}

inline bool is_this_machine(std::string_view host) {
    return host.empty() || host == "127.0.0.1" || ascii_lowered(host) == "localhost";
}

}  // namespace detail

/// Everything outside `A-Za-z0-9/._~-` as `%HH`. MLflow reads every spelling of a path back right
/// that is encoded so; a raw '#', '?' or '%' it does not.
inline std::string percent_encoded_path(std::string_view path) {
    std::string out;
    out.reserve(path.size());
    for (const char c : path) {
        if (detail::is_ascii_letter(c) || detail::is_ascii_digit(c) || c == '/' || c == '.' ||
            c == '_' || c == '~' || c == '-') {
            out += c;
        } else {
            out += '%';
            detail::append_upper_hex(out, static_cast<unsigned char>(c), 2);
        }
    }
    return out;
}

/// Decodes each `%HH`, and leaves other '%' as they are. Bytes that are not UTF-8 once decoded
/// become U+FFFD, since MLflow decodes so.
inline std::string percent_decoded(std::string_view text) {
    std::string out;
    std::string ascii;  // only ASCII runs are decoded: "%C3" before a raw byte stays broken
    for (std::size_t at = 0; at <= text.size(); ++at) {
        if (at == text.size() || static_cast<unsigned char>(text[at]) >= 0x80) {
            out += utf8::repaired(ascii);
            ascii.clear();
            if (at != text.size()) out += text[at];
            continue;
        }
        const int high = at + 2 < text.size() ? detail::hex_value(text[at + 1]) : -1;
        const int low = at + 2 < text.size() ? detail::hex_value(text[at + 2]) : -1;
        if (text[at] == '%' && high >= 0 && low >= 0) {
            ascii += static_cast<char>(static_cast<unsigned char>(high * 16 + low));
            at += 2;
        } else {
            ascii += text[at];
        }
    }
    return out;
}

/// `/data/run 1` as `file:///data/run%201`.
inline std::string file_uri(std::string_view absolute_path) {
    return "file://" + percent_encoded_path(absolute_path);
}

/// The path that MLflow opens for an artifact URI: `file:///p`, `file:/p`, `file://localhost/p` or
/// a plain path, percent-decoded (a plain one too). Behind `file:` also `?…` and `#…` are cut off.
///
/// \return a relative path stays relative (MLflow takes it from the reader's working directory);
///         nullopt for another scheme or host, for `FILE:`, and where there is no path
inline std::optional<std::string> path_of_uri(std::string_view uri) {
    std::string_view path = uri;
    const std::string_view scheme = detail::scheme_of(uri);
    if (!scheme.empty()) {
        if (scheme != "file") return std::nullopt;
        const auto parts = detail::split_file_uri(uri.substr(scheme.size() + 1));
        if (!detail::is_this_machine(parts.host)) return std::nullopt;
        path = parts.path;
    }
    if (path.empty()) return std::nullopt;
    return percent_decoded(path);
}

/// `path`, taken from `working_directory` where it is relative. Without `.`, `..`, double and
/// trailing slashes. Pure text: `link/..` is the folder that `link` stands in.
inline std::string resolved_path(std::string_view working_directory, std::string_view path) {
    std::string out;
    const auto append = [&out](std::string_view text) {
        for (std::size_t at = 0; at < text.size();) {
            const std::string_view part = text.substr(at, text.find('/', at) - at);
            at += part.size() + 1;
            if (part.empty() || part == ".") continue;
            if (part == "..") {
                if (!out.empty()) out.resize(out.rfind('/'));
                continue;
            }
            out += '/';
            out += part;
        }
    };
    if (path.empty() || path.front() != '/') append(working_directory);
    append(path);
    if (out.empty()) out = "/";
    return out;
}

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

/// What stands in the place of a secret.
inline constexpr std::string_view hidden_text = "***";

/// A text with a URI in it, whose user, password and query are hidden: drivers of databases and
/// signed addresses have secrets there.
inline std::string without_credentials(std::string_view text) {
    constexpr std::size_t none = std::string_view::npos;
    const std::size_t slashes = text.find("://");
    if (slashes == none) return std::string(text);
    std::string_view behind = text.substr(slashes + 3);
    std::string seen(text.substr(0, slashes + 3));
    std::size_t at = behind.substr(0, behind.find_first_of("/?#")).rfind('@');
    // A password that was not encoded ends the host early.
    if (at == none && behind.find(':') < behind.rfind('@')) at = behind.rfind('@');
    if (at != none && at != 0) {
        seen += hidden_text;
        behind.remove_prefix(at);
    }
    const std::size_t query = behind.find('?');
    seen += behind.substr(0, query);
    if (query != none) seen.append("?").append(hidden_text);
    return seen;
}

/// A URI for messages, with the password out of sight.
inline std::string shown_uri(std::string_view uri) {
    return shown(without_credentials(uri));
}

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
