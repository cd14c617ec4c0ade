// SPDX-License-Identifier: MIT
/// \file File URIs both ways.
#ifndef MLSCRIBE_LAYOUT_URI_HPP
#define MLSCRIBE_LAYOUT_URI_HPP

#include <mlscribe/config/config.hpp>
#include <mlscribe/layout/hex_digits.hpp>
#include <mlscribe/layout/key_rules.hpp>
#include <mlscribe/layout/utf8.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

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

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
