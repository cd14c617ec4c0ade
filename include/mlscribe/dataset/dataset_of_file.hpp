// SPDX-License-Identifier: MIT
/// \file Describes a file as a dataset.
#ifndef MLSCRIBE_DATASET_DATASET_OF_FILE_HPP
#define MLSCRIBE_DATASET_DATASET_OF_FILE_HPP

#include <mlscribe/config/environment.hpp>
#include <mlscribe/dataset/dataset.hpp>
#include <mlscribe/error/system_error.hpp>
#include <mlscribe/file/source_bytes.hpp>
#include <mlscribe/layout/md5.hpp>

#include <unistd.h>

#include <cstdint>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// The path from the root, links and `..` kept.
inline std::string absolute_path(const std::string& path) {
    if (!path.empty() && path.front() == '/') return path;
    std::string here(4096, '\0');
    if (::getcwd(&here[0], here.size()) == nullptr) return path;
    here.resize(here.find('\0'));
    return here + '/' + path;
}

inline error describe_file(const std::string& path, dataset& result) {
    source_file file;
    md5 hash;
    std::uint64_t size = 0;
    int failed = open_source(AT_FDCWD, path, file);
    if (failed == 0) {
        failed = read_source(file.opened, [&](std::string_view piece) {
            hash.update(piece);
            size += piece.size();
        });
    }
    if (failed != 0) return system_error("cannot read dataset", path, failed);
    result.digest = hash.finish().substr(0, 8);
    result.profile = "{\"size_in_bytes\": " + std::to_string(size) + '}';
    return {};
}

}  // namespace detail

/// Describes a file: its place, its size, and as digest the first 8 digits of its MD5 (as `md5sum`
/// shows them). With MLSCRIBE_MODE=disabled the file is not read.
///
///     run.log_input(mlscribe::dataset_of_file("data/train.csv"), "training");
///
/// \param name  empty: the file's own
/// \onfailure system: kept in the dataset, told by `run.log_input`
/// \threadsafety any thread \cost reads the file once: some 2 ns a byte
inline dataset dataset_of_file(const std::string& path, std::string_view name = {}) {
    dataset result;
    detail::describe(result, "dataset_of_file", [&] {
        result.name = name.empty() ? path.substr(path.rfind('/') + 1) : std::string(name);
        result.set_source(detail::absolute_path(path));
        const bool off = !MLSCRIBE_ENABLED || detail::is_disabled();
        if (!off) result.failure = detail::describe_file(path, result);
    });
    return result;
}

MLSCRIBE_NAMESPACE_END

#endif
