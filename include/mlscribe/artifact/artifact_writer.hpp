// SPDX-License-Identifier: MIT
/// \file Brings single files and texts below `artifacts/`; each appears whole.
#ifndef MLSCRIBE_ARTIFACT_ARTIFACT_WRITER_HPP
#define MLSCRIBE_ARTIFACT_ARTIFACT_WRITER_HPP

#include <mlscribe/artifact/artifact_options.hpp>
#include <mlscribe/artifact/artifact_path.hpp>
#include <mlscribe/error/plain_text.hpp>
#include <mlscribe/error/system_error.hpp>
#include <mlscribe/file/copy.hpp>
#include <mlscribe/file/publish.hpp>

#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

inline std::string below_artifacts(std::string_view path, std::string_view name) {
    std::string relative = "artifacts";
    if (!path.empty()) relative.append("/").append(path);
    if (!name.empty()) relative.append("/").append(name);
    return relative;
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

/// Brings the file `name`, found in `folder` and shown to the user as `source`, to
/// `artifacts/<path>/<its name>`.
inline error transfer_artifact(const directory& run, int folder, const std::string& name,
                               std::string_view source, std::string_view path, transfer mode) {
    const std::string leaf = name.substr(name.rfind('/') + 1);
    error failure = check_artifact_path(leaf, false);
    if (failure) {
        failure.message.append(" (\"").append(source).append("\")");
        return failure;
    }
    source_file file;
    int failed = open_source(folder, name, file);
    if (failed != 0) {
        failure = system_error("cannot read artifact", source, failed);
        if (failed == EINVAL) failure.message += ": only regular files can be logged";
        if (failed == EISDIR) failure.message += "; name the directory itself in log_artifacts";
        if (failed == ENOENT && file.linked) failure.message += ": the link leads nowhere";
        return failure;
    }
    const std::string target = below_artifacts(path, leaf);
    int kept = 0;
    failed = mode == transfer::copy        ? copy_file(file, run, target)
             : mode == transfer::hard_link ? link_file(file, run, target)
                                           : move_file(file, run, target, kept);
    if (failed != 0) {
        const std::string what = "cannot log artifact \"" + plain_text(source) + "\" as";
        failure = system_error(what, target, failed);
        if (failed == EISDIR || failed == ENOTDIR) failure.message += "; use another path";
    } else if (kept == EBUSY) {
        failure = {error_code::system, kept, ""};
        failure.message.append("artifact \"")
            .append(source)
            .append("\" is logged and stays: it changed while it was moved");
    } else if (kept != 0) {
        failure = system_error("artifact is logged, but cannot be removed from", source, kept);
    }
    return failure;
}

/// Brings `source` to `artifacts/<path>/<its name>`.
inline error copy_artifact(const directory& run, std::string source, std::string_view path,
                           const artifact_options& options = {}) {
    if (error failure = check_artifact_path(path, true)) return failure;
    while (source.size() > 1 && source.back() == '/') source.pop_back();
    return transfer_artifact(run, AT_FDCWD, source, source, path, options.mode);
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
