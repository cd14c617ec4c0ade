// SPDX-License-Identifier: MIT
/// \file Brings files, trees and texts below `artifacts/`; each appears whole.
#ifndef MLSCRIBE_ARTIFACT_ARTIFACT_WRITER_HPP
#define MLSCRIBE_ARTIFACT_ARTIFACT_WRITER_HPP

#include <mlscribe/artifact/artifact_path.hpp>
#include <mlscribe/error/system_error.hpp>
#include <mlscribe/file/copy.hpp>
#include <mlscribe/file/filesystem.hpp>
#include <mlscribe/file/publish.hpp>

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
    if (failed == 0) return {};
    error failure = system_error("cannot write artifact", path, failed);
    if (failed == EISDIR || failed == ENOTDIR) failure.message += "; use another path";
    return failure;
}

/// Copies `source` to `artifacts/<path>/<its name>`.
inline error copy_artifact(const directory& run, const std::string& source, std::string_view path) {
    if (error failure = check_artifact_path(path, true)) return failure;
    const std::string name = filesystem::path(source).filename().string();
    if (error failure = check_artifact_path(name, false)) return failure;
    descriptor file;
    if (const int failed = open_source(source, file)) {
        return system_error("cannot read artifact", source, failed);
    }
    const int failed = copy_file(file, run, below_artifacts(path, name));
    if (failed == 0) return {};
    error failure = system_error("cannot log artifact", source, failed);
    if (failed == EISDIR) failure.message += "; name the directory itself in log_artifacts";
    if (failed == EINVAL) failure.message += ": only regular files can be logged";
    return failure;
}

/// Copies the tree below `source` to `artifacts/<path>/`; `report(const error&)` hears of every
/// entry that could not be copied, and the others are. Links to files are followed, links to
/// directories are not.
template <class Report>
void copy_artifact_tree(const directory& run, std::string source, std::string_view path,
                        Report&& report) {
    if (error failure = check_artifact_path(path, true)) return report(failure);
    while (source.size() > 1 && source.back() == '/') source.pop_back();
    boost::system::error_code failed;
    filesystem::directory_iterator entry(source, failed);
    const filesystem::directory_iterator end;
    for (; !failed && entry != end; entry.increment(failed)) {
        const std::string here = entry->path().string();
        const std::string name = entry->path().filename().string();
        boost::system::error_code unknown;
        if (entry->symlink_status(unknown).type() == filesystem::directory_file) {
            copy_artifact_tree(run, here,
                               path.empty() ? name : std::string(path).append("/").append(name),
                               report);
        } else if (error failure = copy_artifact(run, here, path)) {
            report(failure);
        }
    }
    if (failed) report(system_error("cannot list artifacts in", source, failed.value()));
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
