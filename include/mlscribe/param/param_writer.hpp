// SPDX-License-Identifier: MIT
/// \file Params: written once, compared ever after, cut at MLflow's limit.
#ifndef MLSCRIBE_PARAM_PARAM_WRITER_HPP
#define MLSCRIBE_PARAM_PARAM_WRITER_HPP

#include <mlscribe/error/system_error.hpp>
#include <mlscribe/file/publish.hpp>
#include <mlscribe/layout/key_rules.hpp>
#include <mlscribe/layout/sanitize.hpp>
#include <mlscribe/layout/utf8.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// MLflow's limit of a param's value, in characters.
inline constexpr std::size_t max_param_characters = 6000;

/// A text cut to 6000 characters, the last of which say where all of it is.
inline std::string cut_param_value(std::string_view text, std::size_t length,
                                   std::string_view full) {
    const std::string mark =
        "... [" + std::to_string(length) + " characters; all of them in " + std::string(full) + ']';
    const std::size_t kept = max_param_characters - utf8::length(mark);
    return std::string(utf8::prefix(text, kept)) + mark;
}

/// Why `key` cannot be a param: it would need a folder where another has its file, or a file where
/// others have their folder; or something else stands in the way.
inline error param_clash(const directory& run, std::string_view path, const std::string& key,
                         int failed) {
    struct stat found {};
    std::string other;
    if (run.status("params/" + key, found) == 0 && S_ISDIR(found.st_mode)) other = key + "/…";
    for (std::size_t slash = key.find('/'); slash != std::string::npos;
         slash = key.find('/', slash + 1)) {
        const std::string folder = key.substr(0, slash);
        if (run.status("params/" + folder, found) == 0 && S_ISREG(found.st_mode)) other = folder;
    }
    if (other.empty()) return system_error("cannot write param \"" + key + "\" in", path, failed);
    return {error_code::key_clash, 0, clash_message(key_kind::param, key, other)};
}

inline error changed_param(const std::string& key, std::string_view present,
                           std::string_view wanted) {
    return {error_code::value_changed, 0,
            "param \"" + key + "\" is \"" + std::string(utf8::prefix(present, 200)) +
                "\" and stays so; MLflow forbids changing it to \"" +
                std::string(utf8::prefix(wanted, 200)) + "\": log that under another key"};
}

/// Publishes the bytes of a param or of its full text, or compares them with what stands there.
/// \param again  set where the same bytes stood there already
inline error publish_or_compare(const directory& run, std::string_view path, const std::string& key,
                                const std::string& name, std::string_view bytes, bool& again) {
    const int failed = publish_file(run, name, bytes);
    if (failed == 0) return {};
    if (failed == ENOTDIR) return param_clash(run, path, key, failed);
    if (failed != EEXIST) {
        return system_error("cannot write param \"" + key + "\" in", path, failed);
    }
    std::string present;
    if (const int unread = run.read(name, present)) {
        if (unread == EISDIR) return param_clash(run, path, key, unread);
        return system_error("cannot read param \"" + key + "\" in", path, unread);
    }
    again = present == bytes;
    return again ? error{} : changed_param(key, present, bytes);
}

/// Writes a param unless it has a value already. A value of more than 6000 characters is cut, and
/// an artifact holds the whole. \return value_changed when it has another value, which stays;
/// value_truncated when it was cut
inline error write_param(const directory& run, std::string_view path, const std::string& key,
                         std::string_view value) {
    if (auto problem = key_problem(key_kind::param, key)) {
        return {error_code::invalid_key, 0, std::move(*problem)};
    }
    bool again = false;
    const std::string text = utf8::repaired(value);
    const std::size_t length = utf8::length(text);
    if (length <= max_param_characters) {
        return publish_or_compare(run, path, key, "params/" + key, text, again);
    }
    const std::string full = "params_full/" + text_file_of_key(key);
    error failure = publish_or_compare(run, path, key, "artifacts/" + full, text, again);
    if (failure) return failure;
    const bool known = again;
    failure = publish_or_compare(run, path, key, "params/" + key,
                                 cut_param_value(text, length, full), again);
    if (failure || (known && again)) return failure;
    return {error_code::value_truncated, 0,
            "param \"" + key +
                "\" was cut to MLflow's 6000 characters; all of it is in the artifact " + full};
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
