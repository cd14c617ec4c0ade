// SPDX-License-Identifier: MIT
/// \file Params: written once, compared ever after, cut at MLflow's limit.
#ifndef MLSCRIBE_PARAM_PARAM_WRITER_HPP
#define MLSCRIBE_PARAM_PARAM_WRITER_HPP

#include <mlscribe/error/system_error.hpp>
#include <mlscribe/file/publish.hpp>
#include <mlscribe/layout/key_rules.hpp>
#include <mlscribe/layout/utf8.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// MLflow's limit of a param's value, in characters.
inline constexpr std::size_t max_param_characters = 6000;

/// The text that is stored for a value: valid UTF-8 of at most 6000 characters. A longer one ends
/// in a mark; `full` then names the artifact that holds the whole.
inline std::string stored_param_value(std::string_view value, std::string_view full) {
    std::string text = utf8::repaired(value);
    const std::size_t length = utf8::length(text);
    if (length <= max_param_characters) return text;
    const std::string mark =
        "... [" + std::to_string(length) + " characters; all of them in " + std::string(full) + ']';
    const std::size_t kept = max_param_characters - utf8::length(mark);
    return std::string(utf8::prefix(text, kept)) + mark;
}

/// Why `key` cannot be a param: it would need a folder where another has its file, or a file where
/// others have their folder.
inline error param_clash(const directory& run, const std::string& key) {
    std::string other = key + "/…";
    for (std::size_t slash = key.find('/'); slash != std::string::npos;
         slash = key.find('/', slash + 1)) {
        struct stat found {};
        const std::string folder = key.substr(0, slash);
        if (run.status("params/" + folder, found) == 0 && !S_ISDIR(found.st_mode)) other = folder;
    }
    return {error_code::key_clash, 0, clash_message(key_kind::param, key, other)};
}

/// Writes a param unless it has a value already.
/// \return value_changed when it has another one, which stays
inline error write_param(const directory& run, std::string_view path, const std::string& key,
                         std::string_view stored) {
    const std::string name = "params/" + key;
    const int failed = publish_file(run, name, stored);
    if (failed == 0) return {};
    if (failed == ENOTDIR) return param_clash(run, key);
    if (failed != EEXIST) {
        return system_error("cannot write param \"" + key + "\" in", path, failed);
    }
    std::string present;
    if (const int unread = run.read(name, present)) {
        if (unread == EISDIR) return param_clash(run, key);
        return system_error("cannot read param \"" + key + "\" in", path, unread);
    }
    if (present == stored) return {};
    return {error_code::value_changed, 0,
            "param \"" + key + "\" is \"" + std::string(utf8::prefix(present, 200)) +
                "\" and stays so; MLflow forbids changing it to \"" +
                std::string(utf8::prefix(stored, 200)) + "\": log that under another key"};
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
