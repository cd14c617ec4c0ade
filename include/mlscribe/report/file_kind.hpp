// SPDX-License-Identifier: MIT
/// \file What a file among the artifacts is, told by its name and its first bytes.
#ifndef MLSCRIBE_REPORT_FILE_KIND_HPP
#define MLSCRIBE_REPORT_FILE_KIND_HPP

#include <mlscribe/config/config.hpp>

#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

enum class file_kind {
    image,
    table_or_text,  ///< JSON: a table of MLflow, or a text
    text,           ///< shown from its beginning
    log,            ///< shown to its end
    other,
};

inline bool is_one_of(std::string_view word, std::string_view words) {
    return !word.empty() && words.find(' ' + std::string(word) + ' ') != std::string_view::npos;
}

/// By the name alone; nothing is opened that is not shown.
inline file_kind kind_of(std::string_view path) {
    const std::string_view name = path.substr(path.rfind('/') + 1);
    const std::size_t dot = name.rfind('.');
    std::string end(dot == std::string_view::npos ? std::string_view() : name.substr(dot + 1));
    for (char& c : end) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    if (is_one_of(end, " png jpg jpeg gif webp svg ")) return file_kind::image;
    if (end == "json") return file_kind::table_or_text;
    if (is_one_of(end, " txt log out err stdout stderr md rst ")) return file_kind::log;
    if (is_one_of(
            end,
            " csv tsv yaml yml jsonl toml ini cfg conf sh py cpp hpp c h cu diff patch sha256 ") ||
        is_one_of(name, " MLmodel README LICENSE Makefile Dockerfile ")) {
        return file_kind::text;
    }
    return file_kind::other;
}

/// The media type of an image that browsers show; empty for anything else, whatever its name.
inline std::string_view image_type(std::string_view bytes) {
    const auto begins = [bytes](std::string_view front, std::size_t at = 0) {
        return bytes.size() >= at && bytes.substr(at, front.size()) == front;
    };
    if (begins("\x89PNG\r\n\x1a\n")) return "image/png";
    if (begins("\xFF\xD8\xFF")) return "image/jpeg";
    if (begins("GIF87a") || begins("GIF89a")) return "image/gif";
    if (begins("RIFF") && begins("WEBP", 8)) return "image/webp";
    constexpr std::size_t prologue = 4096;
    const bool is_svg = bytes.substr(0, prologue).find("<svg") != std::string_view::npos;
    return is_svg && bytes.find('\0') == std::string_view::npos ? "image/svg+xml" : "";
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
