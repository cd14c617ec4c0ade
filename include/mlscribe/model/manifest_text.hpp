// SPDX-License-Identifier: MIT
/// \file The text of a list of files with sizes and checksums, which `sha256sum -c` reads, too.
#ifndef MLSCRIBE_MODEL_MANIFEST_TEXT_HPP
#define MLSCRIBE_MODEL_MANIFEST_TEXT_HPP

#include <mlscribe/config/config.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// One file of a manifest.
struct manifest_entry {
    std::string path;
    std::uint64_t size = 0;
    std::string sha256;  ///< 64 hex digits; empty where only the size is kept
};

/// A name as sha256sum writes it: `\\`, `\n` and `\r` for what would break its lines.
inline std::string escaped_name(std::string_view name) {
    std::string out;
    for (const char c : name) {
        const std::size_t which = std::string_view("\\\n\r").find(c);
        if (which == std::string_view::npos) {
            out += c;
        } else {
            (out += '\\') += "\\nr"[which];
        }
    }
    return out;
}

/// \return nullopt for an escape that escaped_name() does not write
inline std::optional<std::string> unescaped_name(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\') {
            out += text[i];
            continue;
        }
        const std::size_t which =
            ++i < text.size() ? std::string_view("\\nr").find(text[i]) : std::string_view::npos;
        if (which == std::string_view::npos) return std::nullopt;
        out += "\\\n\r"[which];
    }
    return out;
}

inline constexpr std::string_view manifest_size_mark = "# size ";

/// For each file a comment with its size, and behind it the line of sha256sum where it is hashed.
inline std::string manifest_text(const std::vector<manifest_entry>& entries) {
    std::string out = "# To verify: sha256sum -c mlscribe/manifest.sha256\n";
    for (const manifest_entry& entry : entries) {
        const std::string name = escaped_name(entry.path);
        out += manifest_size_mark;
        out += std::to_string(entry.size) + "  " + name + '\n';
        if (entry.sha256.empty()) continue;
        if (name != entry.path) out += '\\';
        out += entry.sha256 + "  " + name + '\n';
    }
    return out;
}

/// Reads what manifest_text() wrote. \return the number of a line that is damaged, from 1, or 0
inline std::size_t parse_manifest(std::string_view text, std::vector<manifest_entry>& entries) {
    std::string name_before;
    std::size_t files = 0;
    for (std::size_t at = text.find(manifest_size_mark); at != std::string_view::npos;
         at = text.find(manifest_size_mark, at + 1)) {
        ++files;
    }
    constexpr std::size_t shortest = 12;
    // A list that grows would take thrice as much.
    entries.reserve((std::min)(files, text.size() / shortest));
    for (std::size_t number = 1; !text.empty(); ++number) {
        const std::size_t end = text.find('\n');
        if (end == std::string_view::npos) return number;
        std::string_view line = text.substr(0, end);
        text.remove_prefix(end + 1);
        if (line.substr(0, manifest_size_mark.size()) == manifest_size_mark) {
            line.remove_prefix(manifest_size_mark.size());
            manifest_entry entry;
            const auto size = std::from_chars(line.data(), line.data() + line.size(), entry.size);
            line.remove_prefix(static_cast<std::size_t>(size.ptr - line.data()));
            if (size.ec != std::errc() || line.substr(0, 2) != "  ") return number;
            name_before = line.substr(2);
            auto name = unescaped_name(name_before);
            if (!name || name->empty()) return number;
            entry.path = std::move(*name);
            entries.push_back(std::move(entry));
        } else if (line.substr(0, 1) != "#") {
            if (line.substr(0, 1) == "\\") line.remove_prefix(1);
            constexpr std::size_t digits = 64;
            if (entries.empty() || line.size() < digits || line.substr(digits, 2) != "  " ||
                line.substr(digits + 2) != name_before) {
                return number;
            }
            entries.back().sha256 = line.substr(0, digits);
        }
    }
    return 0;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
