// SPDX-License-Identifier: MIT
/// \file Reads meta.yaml, and changes single keys of it while everything else stays.
#ifndef MLSCRIBE_STORE_META_FILE_HPP
#define MLSCRIBE_STORE_META_FILE_HPP

#include <mlscribe/error/plain_text.hpp>
#include <mlscribe/error/system_error.hpp>
#include <mlscribe/file/publish.hpp>
#include <mlscribe/file/unread_file.hpp>
#include <mlscribe/layout/meta_document.hpp>
#include <mlscribe/layout/meta_yaml.hpp>

#include <time.h>

#include <cerrno>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

inline constexpr std::string_view meta_name = "meta.yaml";
/// MLflow writes some hundred bytes.
inline constexpr std::size_t max_meta_bytes = std::size_t{1} << 20;
/// One of a dataset holds its schema and profile, for which MLflow takes 1 and 16 MiB.
inline constexpr std::size_t max_dataset_meta_bytes = std::size_t{18} << 20;

/// A YAML file that may be sound, and is not read.
inline error beyond_limit(std::string_view path, const yaml_error& why) {
    return {error_code::system, EFBIG,
            '"' + plain_text(path) + "\" line " + std::to_string(why.line) + ": " + why.message +
                "; MLflow writes no such file: restore or remove it"};
}

/// What was read of a meta.yaml, or why it was not. \param path what messages call its folder
inline error parse_meta(int failed, const std::string& text, std::string_view path,
                        meta_document& document, std::size_t limit = max_meta_bytes) {
    if (failed == ENOENT || failed == ENOTDIR) {
        return {error_code::not_found, 0, "no meta.yaml in \"" + std::string(path) + '"'};
    }
    if (failed == EFBIG) return unread_file(std::string(path) + "/meta.yaml", failed, limit);
    if (failed != 0) return system_error("cannot read meta.yaml in", path, failed);
    yaml_error why{};
    std::optional<meta_document> parsed = meta_document::parse(text, &why);
    if (why.is_limit) return beyond_limit(std::string(path) + "/meta.yaml", why);
    if (!parsed) {
        return {error_code::damaged, 0,
                "\"" + std::string(path) + "/meta.yaml\" line " + std::to_string(why.line) + ": " +
                    why.message + "; MLflow cannot read it either: restore or remove it"};
    }
    document = std::move(*parsed);
    return {};
}

/// MLflow's names of experiments have 500 characters, its locations 2048.
inline constexpr std::size_t max_experiment_text_bytes = 32768;

/// Refuses longer ones: who looks at a store keeps those of all its experiments.
inline error check_lengths(const experiment_meta& meta, std::string_view path) {
    const bool is_name = meta.name.size() > max_experiment_text_bytes;
    if (!is_name && meta.artifact_location.size() <= max_experiment_text_bytes) return {};
    return {error_code::system, EFBIG,
            '"' + plain_text(path) + "/meta.yaml\": the text of \"" +
                (is_name ? "name" : "artifact_location") +
                "\" is longer than 32 KiB; MLflow writes no such file: restore or remove it"};
}

/// The text of a scalar; "" where there is no such key.
inline std::string text_of(const meta_document& document, std::string_view key) {
    const yaml_value* const value = document.find(key);
    return value == nullptr ? std::string() : value->text;
}

/// Reads `<folder>/meta.yaml`. \return not_found, damaged (with the line) or system
inline error read_meta(const directory& folder, std::string_view path, meta_document& document,
                       std::size_t limit = max_meta_bytes) {
    std::string text;
    const int failed = folder.read(meta_name, text, limit);
    return parse_meta(failed, text, path, document, limit);
}

/// As read_meta(), but waits for a writer in between: MLflow itself empties the file before it
/// writes it, and its own reader looks again after 0.1 and 0.2 s.
inline error read_settled_meta(const directory& folder, std::string_view path,
                               meta_document& document, std::size_t limit = max_meta_bytes) {
    error failure = read_meta(folder, path, document, limit);
    for (const long milliseconds : {20, 100, 200}) {
        if (failure.code != error_code::damaged && failure.code != error_code::not_found) break;
        const timespec pause{0, milliseconds * 1000000};
        ::nanosleep(&pause, nullptr);
        failure = read_meta(folder, path, document, limit);
    }
    return failure;
}

/// Reads meta.yaml again, lets `change(meta_document&)` set its own keys, and has `replace(text)`
/// replace the file: what another program wrote meanwhile (a rename in the UI, a key of a later
/// MLflow) stays.
template <class Change, class Replace>
error update_meta(const directory& folder, std::string_view path, Change&& change,
                  Replace&& replace) {
    meta_document document;
    if (error failure = read_settled_meta(folder, path, document)) return failure;
    change(document);
    const int failed = replace(document.text());
    return failed == 0 ? error{} : system_error("cannot replace meta.yaml in", path, failed);
}
template <class Change>
error update_meta(const directory& folder, std::string_view path, Change&& change) {
    return update_meta(folder, path, change, [&folder](const std::string& text) {
        return replace_file(folder, meta_name, text, durability::synced);
    });
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
