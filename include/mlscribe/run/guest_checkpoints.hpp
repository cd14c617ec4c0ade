// SPDX-License-Identifier: MIT
/// \file What the other ranks of a shared run keep beside a checkpoint: where their series stood.
#ifndef MLSCRIBE_RUN_GUEST_CHECKPOINTS_HPP
#define MLSCRIBE_RUN_GUEST_CHECKPOINTS_HPP

#include <mlscribe/file/file_list.hpp>
#include <mlscribe/file/publish.hpp>
#include <mlscribe/run/checkpoint_text.hpp>

#include <cerrno>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

inline constexpr const char* guest_checkpoint_shelf = "artifacts/rank_checkpoints";

inline std::string guest_checkpoint_path(std::string_view prefix, std::string_view name) {
    return std::string(guest_checkpoint_shelf) + '/' + std::string(prefix) + std::string(name) +
           ".json";
}

/// A guest may be the first at a checkpoint. Until the owner of the run has made it, the one before
/// counts. \return 0 or errno
inline int keep_previous_checkpoint(const directory& run, const std::string& path) {
    std::string text;
    const int failed = run.read(path, text, max_checkpoint_bytes);
    if (failed == ENOENT || failed == ENOTDIR) return 0;
    return failed != 0 ? failed : replace_file(run, path + ".previous", text);
}

/// Calls `visit(path, record)` for each; the path is relative to the run. \return 0 or errno
template <class Visit>
int for_each_guest_checkpoint(const directory& run, Visit&& visit) {
    std::vector<std::string> paths;
    const int failed = list_files(run, guest_checkpoint_shelf, paths);
    for (const std::string& below : paths) {
        std::string text;
        const std::string path = std::string(guest_checkpoint_shelf) + '/' + below;
        if (run.read(path, text, max_checkpoint_bytes) == 0) visit(path, parse_checkpoint(text));
    }
    return failed;
}

/// Adds to a checkpoint what its guests kept at the same place of the loop.
inline int load_guests(const directory& run, checkpoint_record& record) {
    return for_each_guest_checkpoint(
        run, [&record](const std::string&, std::optional<checkpoint_record> guest) {
            if (!guest || !guest->own_prefix || !guest->is_at(record)) return;
            record.guests.push_back(std::move(*guest));
        });
}

/// Removes what guests kept elsewhere in the loop: those passes are done again.
/// \param kept  null where none stays
inline int remove_other_guests(const directory& run, const checkpoint_record* kept) {
    int failed = 0;
    const int unlisted = for_each_guest_checkpoint(
        run, [&](const std::string& path, const std::optional<checkpoint_record>& guest) {
            if (kept != nullptr && guest && guest->is_at(*kept)) return;
            const int refused = run.remove(path);
            if (refused != ENOENT && failed == 0) failed = refused;
        });
    return failed != 0 ? failed : unlisted;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
