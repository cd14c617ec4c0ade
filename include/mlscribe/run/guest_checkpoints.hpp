// SPDX-License-Identifier: MIT
/// \file What the other ranks of a shared run keep beside a checkpoint: where their series stood.
#ifndef MLSCRIBE_RUN_GUEST_CHECKPOINTS_HPP
#define MLSCRIBE_RUN_GUEST_CHECKPOINTS_HPP

#include <mlscribe/file/file_list.hpp>
#include <mlscribe/file/publish.hpp>
#include <mlscribe/run/checkpoint_text.hpp>

#include <cerrno>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// What those of one place in the loop may have in all; each of some thousand ranks has some KiB.
inline constexpr std::size_t max_guests_bytes = 4 * max_checkpoint_bytes;

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

/// Calls `visit(path, text)` for each; the path is relative to the run. \return 0 or errno
template <class Visit>
int for_each_guest_checkpoint(const directory& run, Visit&& visit) {
    std::vector<std::string> paths;
    const int failed = list_files(run, guest_checkpoint_shelf, paths);
    for (const std::string& below : paths) {
        std::string text;
        const std::string path = std::string(guest_checkpoint_shelf) + '/' + below;
        if (run.read(path, text, max_checkpoint_bytes) == 0) visit(path, text);
    }
    return failed;
}

/// Adds to a checkpoint what its guests kept at the same place of the loop.
/// \return 0 or errno; EFBIG where these are more than max_guests_bytes
inline int load_guests(const directory& run, checkpoint_record& record) {
    std::size_t room = max_guests_bytes;
    bool is_full = false;
    const int failed =
        for_each_guest_checkpoint(run, [&](const std::string&, const std::string& text) {
            if (is_full) return;
            std::optional<checkpoint_record> guest = parse_checkpoint(text);
            if (!guest || !guest->own_prefix || !guest->is_at(record)) return;
            is_full = text.size() > room;
            if (is_full) return;
            room -= text.size();
            record.guests.push_back(std::move(*guest));
        });
    return is_full ? EFBIG : failed;
}

/// Removes what guests kept elsewhere in the loop: those passes are done again.
/// \param kept  null where none stays
inline int remove_other_guests(const directory& run, const checkpoint_record* kept) {
    int failed = 0;
    const int unlisted =
        for_each_guest_checkpoint(run, [&](const std::string& path, const std::string& text) {
            const std::optional<checkpoint_record> guest = parse_checkpoint(text);
            if (kept != nullptr && guest && guest->is_at(*kept)) return;
            const int refused = run.remove(path);
            if (refused != ENOENT && failed == 0) failed = refused;
        });
    return failed != 0 ? failed : unlisted;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
