// SPDX-License-Identifier: MIT
/// \file Takes rows out of a metric's file and keeps them in an artifact.
#ifndef MLSCRIBE_JOURNAL_METRIC_CUT_HPP
#define MLSCRIBE_JOURNAL_METRIC_CUT_HPP

#include <mlscribe/file/staged_file.hpp>
#include <mlscribe/journal/metric_file.hpp>
#include <mlscribe/journal/row_cut.hpp>
#include <mlscribe/layout/packed_lines.hpp>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// The rows that a cut takes.
struct cut_rows {
    std::uint64_t count = 0;
    std::int64_t earliest_time = INT64_MAX;  ///< of those that are not older than the run
};

/// Looks at what a cut would take. \param start  the run's: some programs log a time of their own
/// \return 0 or errno
inline int find_cut_rows(const directory& run, const std::string& key, const row_cut& cut,
                         std::int64_t start, cut_rows& found) {
    row_cutter cutter(cut);
    const int failed = metric_file(run, key).for_each_row([&](const point& row) {
        if (!cutter.cuts(row)) return;
        ++found.count;
        if (row.timestamp < start) return;
        found.earliest_time = (std::min)(found.earliest_time, row.timestamp);
    });
    return failed == ENOENT ? 0 : failed;
}

/// Where below the folder `place` the cut rows of a metric lie. \param flat  where that path is
/// taken: another metric's file stands where it needs a folder, or the other way round
inline std::string place_of_cut_rows(const std::string& place, const std::string& key, bool flat) {
    return place + '/' + text_file_of_key(flat ? unnested_key(key) : key);
}

inline int publish_cut_rows(staged_file& rows, const std::string& place, const std::string& key) {
    const int failed = rows.rename_to(place_of_cut_rows(place, key, false));
    if (failed != ENOTDIR && failed != EISDIR && failed != EEXIST && failed != ENOTEMPTY) {
        return failed;
    }
    return rows.rename_to(place_of_cut_rows(place, key, true));
}

/// Cuts rows of a metric. First they stand in an artifact, then the file without them is renamed
/// into its place, or removed when nothing is left: MLflow reads the old file or the new one, and a
/// death in between leaves a row in both places, never in none. What stays keeps its bytes.
/// \param place  the folder of the artifact, `artifacts/…` \return 0 or errno
/// \cost  three passes over a file that loses rows, one over others
inline int cut_metric(const directory& run, const std::string& key, const row_cut& cut,
                      const std::string& place, durability wish, std::uint64_t& count) {
    cut_rows found;
    if (const int failed = find_cut_rows(run, key, cut, 0, found)) return failed;
    if (found.count == 0) return 0;
    metric_file file(run, key);
    metric_file_state state;  // cuts a torn line off
    if (const int failed = file.open_existing(state)) return failed;
    descriptor before;
    if (const int failed = run.open_file(file.path(), O_RDONLY, before)) return failed;
    staged_file rest(run);
    staged_file gone(run);
    if (const int failed = rest.open()) return failed;
    if (const int failed = gone.open()) return failed;
    const auto writes_to = [](const staged_file& staged) {
        return [&staged](std::string_view bytes) {
            std::size_t written = 0;
            return write_all(staged.get(), bytes, written);
        };
    };
    packed_lines rest_lines(writes_to(rest));
    packed_lines gone_lines(writes_to(gone));
    row_cutter cutter(cut);
    int failed = 0;
    const auto sort_line = [&](const metric_file_line& line) {
        if (failed != 0) return;
        const bool is_row = line.what == metric_file_line::state::row;
        failed = is_row && cutter.cuts(line.line.row) ? gone_lines.add(line.text)
                                                      : rest_lines.add(line.text);
    };
    std::string torn;
    std::uint64_t length = 0;
    const int unread = read_whole_lines(
        before.get(), [&](std::string_view lines) { for_each_metric_line(lines, sort_line); }, torn,
        length);
    if (unread != 0) return unread;
    if (failed == 0) failed = rest_lines.finish();
    if (failed == 0) failed = gone_lines.finish();
    if (failed != 0) return failed;
    if (wish == durability::synced) {
        if (uninterrupted::fsync(gone.get()) != 0 || uninterrupted::fsync(rest.get()) != 0)
            return errno;
    }
    failed = publish_cut_rows(gone, place, key);
    if (failed == 0)
        failed = rest_lines.length() == 0 ? run.remove(file.path()) : rest.rename_to(file.path());
    if (failed == 0) count += found.count;
    return failed;
}

/// Removes the artifact of a cut whose process died before the metric's file lost the rows. Each of
/// them stands in that file. \return 0 or errno
inline int withdraw_cut_rows(const directory& run, const std::string& key,
                             const std::string& place) {
    for (const bool flat : {false, true}) {
        const std::string path = place_of_cut_rows(place, key, flat);
        std::string text;
        const int unread = run.read(path, text, max_data_bytes);
        if (unread == ENOENT || unread == ENOTDIR || unread == EISDIR) continue;
        if (unread != 0) return unread;
        row_set rows;
        std::size_t count = 0;
        for_each_metric_line(text, [&](const metric_file_line& line) {
            if (rows.insert(row_key(line.line.row))) ++count;
        });
        row_set present;
        const int failed = metric_file(run, key).for_each_row([&](const point& row) {
            if (rows.contains(row_key(row))) present.insert(row_key(row));
        });
        if (failed != 0 && failed != ENOENT) return failed;
        if (present.size() != count) continue;
        if (const int kept = run.remove(path)) return kept;
    }
    return 0;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
