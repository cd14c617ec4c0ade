// SPDX-License-Identifier: MIT
/// \file Where the journals of a run lie, and taking over one whose writer is dead.
#ifndef MLSCRIBE_JOURNAL_JOURNAL_CLAIM_HPP
#define MLSCRIBE_JOURNAL_JOURNAL_CLAIM_HPP

#include <mlscribe/file/staged_file.hpp>
#include <mlscribe/journal/journal_file.hpp>
#include <mlscribe/journal/writer.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// A journal's name in the directory that it lies in.
struct placed_journal {
    std::string name;
    liveness writer_is = liveness::unknown;
};

/// Finds the journals in `place` whose names begin with `prefix` (the run's id where runs share a
/// place). \return 0 or errno
inline int list_journals(const directory& place, std::string_view prefix,
                         std::vector<placed_journal>& found) {
    std::vector<std::string> names;
    if (const int failed = place.list(names)) return failed;
    const writer& self = writer::current();
    for (std::string& name : names) {
        writer other;
        const std::string_view rest = std::string_view(name).substr(0, prefix.size());
        if (rest != prefix || name.find(writer::mark) != prefix.size()) continue;
        if (!writer::read_name(name, other)) continue;
        const liveness writer_is = writer::judge(other, self, place, name);
        found.push_back({std::move(name), writer_is});
    }
    return 0;
}

/// The same for who does not mind that a place cannot be read.
inline std::vector<placed_journal> find_journals(const directory& place, std::string_view prefix) {
    std::vector<placed_journal> found;
    list_journals(place, prefix, found);
    return found;
}

/// Milliseconds since somebody last touched a file, by the clock of the machine that has the disk.
inline std::int64_t age_of(const directory& place, const std::string& name) {
    staged_file probe(place);
    struct stat now {};
    struct stat then {};
    if (probe.open() != 0 || uninterrupted::fstat(probe.get(), &now) != 0) return 0;
    if (place.status(name, then) != 0) return 0;
    return (static_cast<std::int64_t>(now.st_mtim.tv_sec) - then.st_mtim.tv_sec) * 1000;
}

/// Whether no point was ever written into a journal: its process died while it made it. One with
/// bytes behind a first page without a beginning lost that page with its host's power.
inline bool is_unborn(const directory& place, const std::string& name) {
    descriptor file;
    if (place.open_file(name, O_RDONLY, file) != 0) return false;
    std::string bytes(journal_file::page, '\0');
    for (std::size_t at = 0;; at += bytes.size()) {
        const ssize_t count = ::pread(file.get(), &bytes[0], bytes.size(), static_cast<off_t>(at));
        if (count < 0 || at > journal_file::first_block * journal_file::page) return false;
        const auto read = static_cast<std::size_t>(count);
        const std::size_t checked = at == 0 ? (std::min)(read, journal_file::magic.size()) : read;
        const std::string_view zeros(bytes.data(), checked);
        if (zeros.find_first_not_of('\0') != std::string_view::npos) return false;
        if (read < bytes.size()) return true;
    }
}

/// Makes a journal this process' own by giving it a name of this process: of several that try one
/// wins. \return 0 or errno; ENOENT for who comes too late
inline int claim(const directory& place, std::string_view prefix, std::string& name) {
    std::string mine = std::string(prefix) + writer::current().new_name();
    // The silence of the dead process must not pass for the new owner's.
    uninterrupted::utimensat(place.get(), name.c_str(), nullptr, AT_SYMLINK_NOFOLLOW);
    if (uninterrupted::renameat(place.get(), name.c_str(), place.get(), mine.c_str()) != 0)
        return errno;
    name = std::move(mine);
    return 0;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
