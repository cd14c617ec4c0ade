// SPDX-License-Identifier: MIT
/// \file Sizes and checksums of a model's files: written when it is logged, verified when it is
/// loaded.
#ifndef MLSCRIBE_MODEL_MANIFEST_HPP
#define MLSCRIBE_MODEL_MANIFEST_HPP

#include <mlscribe/error/system_error.hpp>
#include <mlscribe/file/file_list.hpp>
#include <mlscribe/file/publish.hpp>
#include <mlscribe/file/source_bytes.hpp>
#include <mlscribe/file/unread_file.hpp>
#include <mlscribe/layout/key_rules.hpp>
#include <mlscribe/layout/sha256.hpp>
#include <mlscribe/model/manifest_text.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

inline constexpr std::string_view manifest_path = "mlscribe/manifest.sha256";
/// A hundred thousand files.
inline constexpr std::size_t max_manifest_bytes = max_text_bytes;

/// Whether a missing manifest is a failure: it is for a model that this library wrote.
enum class manifest_absence { refused, allowed };

/// What is no part of a model: the manifest itself; what MLflow writes into a model's directory
/// when it loads it by a `models:/` URI (docs/format.md, "The file MLmodel"); what Python compiled.
inline bool is_outside_manifest(std::string_view path) noexcept {
    constexpr std::string_view compiled = "__pycache__/";
    const std::size_t found = path.find(compiled);
    return path == manifest_path || path == "registered_model_meta" || found == 0 ||
           (found != std::string_view::npos && path[found - 1] == '/');
}

inline error about_file(std::string_view path, const char* what) {
    return {error_code::damaged, 0, "file \"" + shown(path) + "\" " + what};
}

/// The files below `model` that a manifest lists, sorted. \return 0 or errno
inline int list_model_files(const directory& model, std::vector<std::string>& paths) {
    const int failed = list_files(model, ".", paths);
    paths.erase(std::remove_if(paths.begin(), paths.end(), is_outside_manifest), paths.end());
    return failed;
}

/// Opens a file that is no link, device or FIFO. \return 0 or errno; ELOOP for a link
inline int open_model_file(const directory& model, const std::string& path, descriptor& file,
                           std::uint64_t& size) {
    if (const int failed = model.open_file(path, O_RDONLY, file)) return failed;
    struct stat found {};
    if (uninterrupted::fstat(file.get(), &found) != 0) return errno;
    size = static_cast<std::uint64_t>(found.st_size);
    return S_ISREG(found.st_mode) ? 0 : EINVAL;
}

/// Reads an opened file to its end, piece by piece. \return 0 or errno
inline int hash_file(const descriptor& file, std::string& digest, std::uint64_t& size) {
    sha256 hash;
    size = 0;
    const int failed = read_source(file, [&](std::string_view piece) {
        hash.update(piece);
        size += piece.size();
    });
    digest = hash.finish();
    return failed;
}

/// Lists every file below `model` in `mlscribe/manifest.sha256`; `sha256sum -c` run in `model`
/// verifies it. The files are on the disk (fsync) before their list is.
/// \param checksum_up_to  of a larger file only the size is kept, in a comment
/// \onfailure damaged: a link, device or FIFO among the files; system
inline error write_manifest(
    const directory& model,
    std::uint64_t checksum_up_to = (std::numeric_limits<std::uint64_t>::max)()) {
    std::vector<std::string> paths;
    if (const int failed = list_model_files(model, paths)) {
        return system_error("cannot list the files of a model for", manifest_path, failed);
    }
    std::vector<manifest_entry> entries(paths.size());
    for (std::size_t i = 0; i < paths.size(); ++i) {
        manifest_entry& entry = entries[i];
        entry.path = std::move(paths[i]);
        descriptor file;
        int failed = open_model_file(model, entry.path, file, entry.size);
        if (failed == ELOOP || failed == EINVAL) {
            return about_file(entry.path,
                              "of a model is a link or no plain file; save what it leads to");
        }
        if (failed == 0 && uninterrupted::fsync(file.get()) != 0) failed = errno;
        if (failed == 0 && entry.size <= checksum_up_to) {
            failed = hash_file(file, entry.sha256, entry.size);
        }
        if (failed != 0) return system_error("cannot read", entry.path, failed);
    }
    const std::string text = manifest_text(entries);
    if (text.size() > max_manifest_bytes) {
        return {error_code::invalid_value, 0,
                "a model of " + std::to_string(entries.size()) +
                    " files: their list would have more than 16 MiB; put them into one archive"};
    }
    const int failed = replace_file(model, manifest_path, text, durability::synced);
    return failed == 0 ? error{} : system_error("cannot write", manifest_path, failed);
}

/// Reads the manifest of `model`, sorted by path. \onfailure not_found, damaged, system
inline error read_manifest(const directory& model, std::vector<manifest_entry>& entries) {
    std::string text;
    const int unread = model.read(manifest_path, text, max_manifest_bytes);
    if (unread == ENOENT) {
        return {error_code::not_found, 0,
                "file \"" + std::string(manifest_path) +
                    "\" is missing: nothing tells whether the model is whole"};
    }
    if (unread != 0) return unread_file(manifest_path, unread, max_manifest_bytes);
    if (const std::size_t line = parse_manifest(text, entries)) {
        const std::string what = "is damaged in line " + std::to_string(line);
        return about_file(manifest_path, what.c_str());
    }
    std::sort(entries.begin(), entries.end(),
              [](const auto& a, const auto& b) { return a.path < b.path; });
    return {};
}

/// Finds a file below `model` that its manifest does not list. \param stranger  empty for none
inline error find_stranger(const directory& model, std::string& stranger) {
    std::vector<manifest_entry> entries;
    std::vector<std::string> paths;
    if (error failure = read_manifest(model, entries)) return failure;
    if (const int failed = list_model_files(model, paths)) {
        return system_error("cannot list the files beside", manifest_path, failed);
    }
    for (std::string& path : paths) {
        const auto found = std::lower_bound(
            entries.begin(), entries.end(), path,
            [](const manifest_entry& entry, const std::string& name) { return entry.path < name; });
        if (found == entries.end() || found->path != path) {
            stranger = std::move(path);
            return {};
        }
    }
    return {};
}

/// Names the first file that is missing, extra, or has another size. What manifests leave out may
/// be there or not.
inline error compare_sizes(const directory& model, const std::vector<manifest_entry>& entries) {
    std::vector<std::string> paths;
    if (const int failed = list_model_files(model, paths)) {
        return system_error("cannot list the files beside", manifest_path, failed);
    }
    for (std::size_t i = 0; i < entries.size() || i < paths.size(); ++i) {
        if (i == entries.size() || (i < paths.size() && paths[i] < entries[i].path)) {
            return about_file(paths[i], "was not there when the model was logged; remove it");
        }
        const manifest_entry& entry = entries[i];
        if (i == paths.size() || entry.path < paths[i]) {
            return about_file(entry.path, "is missing; copy the model again");
        }
        descriptor file;
        std::uint64_t size = 0;
        const int failed = open_model_file(model, entry.path, file, size);
        if (failed == ELOOP || failed == EINVAL) {
            return about_file(entry.path, "has become a link or no plain file");
        }
        if (failed != 0) return system_error("cannot read", entry.path, failed);
        if (size < entry.size) return about_file(entry.path, "is cut short; copy the model again");
        if (size > entry.size) return about_file(entry.path, "has become longer");
    }
    return {};
}

/// Compares the files below `model` with its manifest: first names and sizes, then contents. Files
/// named `registered_model_meta` and below `__pycache__` are no damage: MLflow and Python leave
/// them behind when they load a model.
/// \onfailure damaged: the first file that is missing, cut short, changed or extra; system
/// \cost reads every file that has a checksum
inline error verify_manifest(const directory& model,
                             manifest_absence absence = manifest_absence::refused) {
    std::vector<manifest_entry> entries;
    if (error failure = read_manifest(model, entries)) {
        const bool allowed = absence == manifest_absence::allowed;
        return allowed && failure.code == error_code::not_found ? error{} : failure;
    }
    if (error failure = compare_sizes(model, entries)) return failure;
    for (const manifest_entry& entry : entries) {
        if (entry.sha256.empty()) continue;
        descriptor file;
        std::uint64_t size = 0;
        std::string found;
        int failed = open_model_file(model, entry.path, file, size);
        if (failed == 0) failed = hash_file(file, found, size);
        if (failed != 0) return system_error("cannot read", entry.path, failed);
        if (found != entry.sha256) {
            return about_file(entry.path, "has changed since the model was logged");
        }
    }
    return {};
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
