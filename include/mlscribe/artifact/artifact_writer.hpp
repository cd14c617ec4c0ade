// SPDX-License-Identifier: MIT
/// \file Brings files, trees and texts below `artifacts/`; each appears whole.
#ifndef MLSCRIBE_ARTIFACT_ARTIFACT_WRITER_HPP
#define MLSCRIBE_ARTIFACT_ARTIFACT_WRITER_HPP

#include <mlscribe/artifact/artifact_path.hpp>
#include <mlscribe/error/system_error.hpp>
#include <mlscribe/file/filesystem.hpp>
#include <mlscribe/file/publish.hpp>

#include <array>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

inline std::string below_artifacts(std::string_view path, std::string_view name) {
    std::string relative = "artifacts/";
    if (!path.empty()) relative.append(path).append("/");
    return relative.append(name);
}

/// Writes `text` to `artifacts/<path>`, replacing what stands there.
inline error write_text_artifact(const directory& run, std::string_view path,
                                 std::string_view text) {
    if (error failure = check_artifact_path(path, false)) return failure;
    const int failed = replace_file(run, "artifacts/" + std::string(path), text);
    return failed == 0 ? error{} : system_error("cannot write artifact", path, failed);
}

/// Copies one regular file's bytes into place. A source that already is its destination stays.
inline int copy_into(const directory& run, int source, const std::string& relative) {
    struct stat from {};
    struct stat to {};
    if (::fstat(source, &from) != 0) return errno;
    if (S_ISDIR(from.st_mode)) return EISDIR;
    if (!S_ISREG(from.st_mode)) return EINVAL;
    if (run.status(relative, to) == 0 && to.st_dev == from.st_dev && to.st_ino == from.st_ino) {
        return 0;
    }
    staged_file staged(run);
    if (const int failed = staged.open()) return failed;
    std::array<char, 65536> block;
    while (true) {
        const ssize_t count = ::read(source, block.data(), block.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return errno;
        if (count == 0) break;
        std::size_t written = 0;
        const std::string_view bytes(block.data(), static_cast<std::size_t>(count));
        if (const int failed = write_all(staged.get(), bytes, written)) return failed;
    }
    return staged.rename_to(relative);
}

/// Copies `source` to `artifacts/<path>/<its name>`.
inline error copy_artifact(const directory& run, const std::string& source, std::string_view path) {
    if (error failure = check_artifact_path(path, true)) return failure;
    const std::string name = filesystem::path(source).filename().string();
    if (error failure = check_artifact_path(name, false)) return failure;
    // O_NONBLOCK: a FIFO must be refused, not waited for.
    const descriptor file(::open(source.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!file) return system_error("cannot read artifact", source, errno);
    const int failed = copy_into(run, file.get(), below_artifacts(path, name));
    if (failed == 0) return {};
    error failure = system_error("cannot log artifact", source, failed);
    if (failed == EISDIR) failure.message += "; use log_artifacts for a directory";
    if (failed == EINVAL) failure.message += ": only regular files can be logged";
    return failure;
}

/// Copies the tree below `source` to `artifacts/<path>/`; `report(const error&)` hears of every
/// entry that could not be copied, and the others are.
template <class Report>
void copy_artifact_tree(const directory& run, std::string source, std::string_view path,
                        Report&& report) {
    if (error failure = check_artifact_path(path, true)) return report(failure);
    while (source.size() > 1 && source.back() == '/') source.pop_back();
    boost::system::error_code failed;
    filesystem::recursive_directory_iterator entry(source, failed);
    if (failed) return report(system_error("cannot list artifacts in", source, failed.value()));
    const filesystem::recursive_directory_iterator end;
    while (entry != end) {
        const std::string here = entry->path().string();
        const filesystem::file_status status = entry->symlink_status(failed);
        if (!failed && status.type() != filesystem::directory_file) {
            const std::size_t name = here.find_first_not_of('/', source.size());
            const std::size_t slash = here.rfind('/');
            std::string target(path);
            if (slash != std::string::npos && slash > name) {
                if (!target.empty()) target += '/';
                target += here.substr(name, slash - name);
            }
            if (error failure = copy_artifact(run, here, target)) report(failure);
        }
        entry.increment(failed);
        if (failed) return report(system_error("cannot list artifacts in", source, failed.value()));
    }
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
