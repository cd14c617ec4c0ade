// SPDX-License-Identifier: MIT
/// \file Writes what a dead process left in its journal: each point once, whenever it died.
#ifndef MLSCRIBE_JOURNAL_JOURNAL_RECOVERY_HPP
#define MLSCRIBE_JOURNAL_JOURNAL_RECOVERY_HPP

#include <mlscribe/journal/run_journal.hpp>
#include <mlscribe/journal/series_drain.hpp>
#include <mlscribe/layout/key_rules.hpp>

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

struct recovered_points {
    std::uint64_t points = 0;            ///< that were written, also before a failure
    std::int64_t last_time = INT64_MIN;  ///< of all points of the series that the journal names
    std::string failed_key;
};

/// Appends the rows of an intent that the file lacks.
inline int carry_out_intent(journal_file& journal, metric_file& file, metric_block& text,
                            std::uint64_t& appended) {
    const std::size_t count = (std::min)(std::size_t{journal.header().rows}, metric_file::max_rows);
    std::vector<point> rows(journal.rows(), journal.rows() + count);
    if (const int failed = file.drop_present(rows)) return failed;
    appended = rows.size();
    if (rows.empty()) return 0;
    descriptor open_file;
    return file.append(open_file, rows, text, [](std::uint64_t) {});
}

/// The blocks with points, by series.
inline std::map<std::uint32_t, std::vector<journal_block*>> blocks_by_series(
    const journal_file& journal) {
    std::map<std::uint32_t, std::vector<journal_block*>> found;
    for (std::size_t i = 0; i < journal.blocks(); ++i) {
        journal_block& block = journal.block(i);
        if (block.use.load(std::memory_order_acquire) != block_use::points) continue;
        found[block.series].push_back(&block);
    }
    return found;
}

inline std::uint64_t undrained_in(const std::vector<journal_block*>& blocks) noexcept {
    std::uint64_t points = 0;
    for (const journal_block* const block : blocks) {
        const std::uint32_t count = (std::min)(block->count.load(), journal_block::capacity);
        const std::uint32_t drained = block->drained.load();
        if (drained < count) points += count - drained;
    }
    return points;
}

/// What a recovery notes in a journal are stores: to a page that a full disk cannot back (a copy of
/// a journal may have holes) one would end the process. \return 0 or errno
inline int fill_holes(const descriptor& journal) noexcept {
    struct stat found {};
    if (uninterrupted::fstat(journal.get(), &found) != 0) return errno;
    if (retried([&] {
            return ::fallocate(journal.get(), FALLOC_FL_KEEP_SIZE, 0, found.st_size);
        }) == 0) {
        return 0;
    }
    return errno == ENOSPC || errno == EDQUOT ? errno : 0;
}

/// Writes the points of one series. \param thinned  its entry, if any \return 0 or errno
inline int recover_series(metric_file& file, run_journal& claimed, std::uint32_t series,
                          const std::vector<journal_block*>& blocks, thinned_series* thinned,
                          recovered_points& result) {
    metric_file_state found;
    if (const int failed = file.open_existing(found)) return failed;
    const std::uint64_t before = undrained_in(blocks);
    series_drain drain(file, filter_behind(found));
    if (thinned != nullptr && thinned->most > 0) drain.thin(thinned->most, thinned);
    std::uint64_t repeated = 0;
    int failed = drain.write(claimed.file(), series, blocks, claimed.text(), repeated);
    if (failed == 0) failed = drain.finish_thinning(claimed.file(), series, claimed.text());
    const std::uint64_t gone = before - undrained_in(blocks);
    result.points += gone - (std::min)(gone, repeated);
    if (failed != 0) return failed;
    const int unread = file.for_each_row([&result](const point& row) {
        if (row.timestamp > result.last_time) result.last_time = row.timestamp;
    });
    drain.carry_over(claimed.text());
    if (unread != 0) return unread == ENOENT ? 0 : unread;
    return file.synchronise();
}

/// Has the names of all metrics reach the disk, and those of the folders that they are in.
inline int synchronise_folders(const directory& run,
                               const std::vector<std::pair<std::uint32_t, std::string>>& keys) {
    std::set<std::string> folders;
    for (const auto& entry : keys) {
        std::string path = "metrics/" + entry.second;
        for (std::size_t slash = path.rfind('/'); slash != std::string::npos;
             slash = path.rfind('/')) {
            path.resize(slash);
            if (!folders.insert(path).second) break;
        }
    }
    for (const std::string& path : folders) {
        directory folder;
        int failed = run.open_below(path, missing::fail, folder);
        if (failed == 0) failed = folder.synchronise();
        if (failed != 0 && failed != ENOENT) return failed;
    }
    return run.synchronise();
}

/// Writes all points of a journal that this process has claimed, and has them reach the disk, as
/// the journal is about to go; a series that the disk refuses does not hold up the others. May be
/// called again after a failure, or after its own death by another process. \return 0 or the first
/// errno
inline int recover_points(const directory& run, run_journal& claimed, recovered_points& result) {
    journal_file& journal = claimed.file();
    if (const int failed = fill_holes(journal.file())) return failed;
    auto keys = journal.keys();
    // A journal that lost pages with its host's power must not make files that MLflow fails on.
    keys.erase(std::remove_if(keys.begin(), keys.end(),
                              [](const auto& entry) {
                                  return key_problem(key_kind::metric, entry.second).has_value();
                              }),
               keys.end());
    // Before any other series is written, whose intent would take the place of this one.
    for (const auto& [series, key] : keys) {
        if (journal.header().intended.load(std::memory_order_acquire) == 0) break;
        if (journal.header().series != series) continue;
        metric_file file(run, key);
        std::uint64_t written = 0;
        result.failed_key = key;
        if (const int failed = carry_out_intent(journal, file, claimed.text(), written)) {
            return failed;
        }
        journal.commit();
        result.points += written;
    }
    // Of a series whose name went with the memory of its process.
    journal.withdraw();
    const auto blocks = blocks_by_series(journal);
    const auto thinned = journal.thinned();
    const std::vector<journal_block*> none;
    int first_failure = 0;
    for (const auto& [series, key] : keys) {
        // Others see that this process lives.
        uninterrupted::futimens(journal.file().get(), nullptr);
        metric_file file(run, key);
        const auto own = blocks.find(series);
        const auto entry = thinned.find(series);
        const int failed =
            recover_series(file, claimed, series, own == blocks.end() ? none : own->second,
                           entry == thinned.end() ? nullptr : entry->second, result);
        if (failed == 0) continue;
        if (first_failure == 0) result.failed_key = key;
        if (first_failure == 0) first_failure = failed;
        // Part of the rows may stand in the file: the intent must not be overwritten.
        if (journal.header().intended.load(std::memory_order_acquire) != 0) break;
    }
    if (first_failure != 0 || keys.empty()) return first_failure;
    result.failed_key = keys.front().second;
    return synchronise_folders(run, keys);
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
