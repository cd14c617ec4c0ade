// SPDX-License-Identifier: MIT
/// \file The metrics of one run as they are now: what stands in the files, and what still waits in
/// its journals, each point once.
#ifndef MLSCRIBE_QUERY_RUN_METRICS_HPP
#define MLSCRIBE_QUERY_RUN_METRICS_HPP

#include <mlscribe/error/system_error.hpp>
#include <mlscribe/journal/row_set.hpp>
#include <mlscribe/query/latest_row.hpp>
#include <mlscribe/query/metric_keys.hpp>
#include <mlscribe/query/metric_text_file.hpp>
#include <mlscribe/query/run_journals.hpp>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Reads the metrics of a run and writes nothing, not even into a journal: a tree may be read-only.
/// Sees every point that was logged before it was made, each once; points that the drain moves
/// meanwhile are taken from where they are. \threadsafety one thread at a time
class run_metrics {
  public:
    /// \param run   its folder; outlives the object
    /// \param path  of that, for messages
    /// \param text  may serve many runs in turn; outlives the object
    run_metrics(const directory& run, const std::string& run_id, std::string path,
                metric_text_file& text)
        : path_(std::move(path)), text_(text) {
        journals_.open(run, run_id, path_);
        const int failed = run.open_below("metrics", missing::fail, metrics_);
        if (failed != 0 && failed != ENOENT) {
            problem_ = system_error("cannot read", path_ + "/metrics", failed);
        }
    }

    /// A line without an end is not read, as in a run with a journal: somebody is writing or
    /// copying the file.
    void leave_torn_ends() noexcept { leaves_torn_ends_ = true; }

    const run_journals& journals() const noexcept { return journals_; }

    /// The keys of all metrics, sorted. \onfailure damaged for a file whose name MLflow refuses;
    ///                                             the others are there
    error keys(std::vector<std::string>& found) const {
        if (problem_) return problem_;
        // First the journals: what they have now may be in a new file in a moment.
        journals_.add_keys(found);
        error failure;
        if (metrics_) {
            const int unread = list_metric_files(metrics_, found);
            if (unread != 0) return system_error("cannot read", path_ + "/metrics", unread);
        }
        std::sort(found.begin(), found.end());
        found.erase(std::unique(found.begin(), found.end()), found.end());
        const auto is_illegal = [&](const std::string& key) {
            const auto problem = read_key_problem(key);
            if (problem && !failure) failure = illegal(key, *problem);
            return problem.has_value();
        };
        found.erase(std::remove_if(found.begin(), found.end(), is_illegal), found.end());
        return failure;
    }

    /// Hands each row to `sink(const point&)`, those of the file in its order, then those that wait
    /// as they will be written. A metric that is not there has none.
    /// \onfailure damaged for an empty file and for lines that MLflow refuses; the rows that can be
    ///            read are handed over
    /// \cost the file streams through 128 KiB; what waits in a journal is held in memory
    template <class Sink>
    error for_each_row(std::string_view key, Sink&& sink) {
        std::uint64_t seen = 0;
        return for_each_row_behind(key, seen,
                                   [&sink](const point& row, std::uint64_t) { sink(row); });
    }

    /// The same without the rows in the first `seen` bytes of the file, which the caller has had;
    /// `sink(const point&, where its line begins)`, UINT64_MAX for a row that waits.
    /// \param seen  becomes the length of what was read; a file that is shorter begins anew
    template <class Sink>
    error for_each_row_behind(std::string_view key, std::uint64_t& seen, Sink&& sink) {
        return read(
            key, seen,
            [&sink](const read_row& row, std::uint64_t begin) { sink(row.row(), begin); }, [] {});
    }

    /// The point that MLflow shows; none where the metric has none. \onfailure as for_each_row()
    error latest(std::string_view key, std::optional<point>& result) {
        result.reset();
        latest_row rows;
        std::uint64_t seen = 0;
        error failure = read(
            key, seen, [&rows](const read_row& row, std::uint64_t) { rows.look(row); },
            [&rows] { rows.settle(); });
        rows.settle();
        if (rows.found().has_value()) result = rows.found().value();
        return failure;
    }

  private:
    static constexpr int most_looks = 100;

    /// A metric at one instant.
    struct instant {
        descriptor file;           ///< none without a file
        std::uint64_t length = 0;  ///< of it, that counts
        waiting_points waiting;
        bool settled = true;  ///< false where the drain never held still
    };

    template <class Sink, class Settle>
    error read(std::string_view key, std::uint64_t& seen, Sink&& sink, Settle&& settle) {
        if (problem_) return problem_;
        if (const auto problem = read_key_problem(key)) {
            return {
                error_code::invalid_key, 0,
                "metric key \"" + shown(key) + "\": " + *problem + "; no run has such a metric"};
        }
        instant now;
        if (error failure = take(key, now)) return failure;
        waiting_points& waiting = now.waiting;
        const std::uint64_t begin = seen <= now.length ? seen : 0;
        metric_text_place place;
        const bool is_alone = waiting.stored.empty() && waiting.intended.empty();
        if (is_alone) {
            place.offset = begin;
            error failure = read_file(key, now, place, sink, settle);
            seen = place.offset;
            return failure;
        }
        row_set doubtful;
        row_set present;
        const std::uint64_t doubtful_from = note_doubtful(now, doubtful);
        std::int64_t highest_time = INT64_MIN;
        const auto look_at = [&](const read_row& row, std::uint64_t offset) {
            highest_time = (std::max)(highest_time, row.timestamp);
            if (offset >= doubtful_from) {
                const row_key same(row.row());
                if (doubtful.contains(same)) present.insert(same);
            }
            if (offset >= begin) sink(row, offset);
        };
        error failure = read_file(key, now, place, look_at, settle);
        seen = place.offset;
        const auto sink_waiting = [&sink](const read_row& row) { sink(row, UINT64_MAX); };
        for (const point& row : waiting.intended) {
            highest_time = (std::max)(highest_time, row.timestamp);
            if (present.insert(row_key(row))) sink_waiting(read_row(row));
        }
        hand_over_stored(waiting.stored, now.settled, highest_time, present, sink_waiting);
        return failure;
    }

    /// Takes what waits and the file's length so that no point is in both, or in neither.
    error take(std::string_view key, instant& now) {
        for (int looks = 1;; ++looks) {
            now.waiting = {};
            if (const int failed = journals_.read(key, now.waiting)) {
                return system_error("cannot read a journal of", path_, failed);
            }
            if (error failure = open_file(key, now)) return failure;
            if (journals_.empty() || !journals_.has_moved(key)) return {};
            if (looks == most_looks) break;
            journals_.look();
        }
        now.settled = false;
        return {};
    }

    error open_file(std::string_view key, instant& now) const {
        now.file = descriptor();
        now.length = 0;
        if (!metrics_) return {};
        int failed = metrics_.open_file_within(key, O_RDONLY, now.file);
        struct stat status {};
        // Also below a link to a directory, where MLflow does not look.
        if (failed == ENOTDIR || failed == ENAMETOOLONG) return {};
        if (failed == ENOENT && metrics_.status(std::string(key), status) != 0) return {};
        if (failed == ENOENT) return damaged(key, "is a link that leads nowhere");
        if (failed == EXDEV || failed == ELOOP) {
            return damaged(key, "is a link that leads out of its folder, and is not followed");
        }
        if (failed == 0 && uninterrupted::fstat(now.file.get(), &status) != 0) failed = errno;
        if (failed != 0) return system_error("cannot read", name_of_file(key), failed);
        if (S_ISDIR(status.st_mode)) {
            now.file = descriptor();
            return {};
        }
        if (!S_ISREG(status.st_mode)) return damaged(key, "is no regular file");
        now.length = static_cast<std::uint64_t>(status.st_size);
        return {};
    }

    template <class Sink, class Settle>
    error read_file(std::string_view key, const instant& now, metric_text_place& place, Sink&& sink,
                    Settle&& settle) {
        if (!now.file) return {};
        if (now.length == 0) return damaged(key, "is empty");
        const bool skips = leaves_torn_ends_ || journals_.is_live();
        const torn_end end = skips ? torn_end::skip : torn_end::read;
        const int failed = text_.for_each_row(now.file, now.length, end, place, sink, settle);
        if (failed != 0) return system_error("cannot read", name_of_file(key), failed);
        if (place.damaged_line == 0) return {};
        return damaged(key, "has line " + std::to_string(place.damaged_line) + ", \"" +
                                shown(place.damaged_text) + '"');
    }

    /// Which of the waiting rows the file may have all the same. \return from where on it may
    static std::uint64_t note_doubtful(const instant& now, row_set& doubtful) {
        for (const point& row : now.waiting.intended) doubtful.insert(row_key(row));
        std::uint64_t from = now.waiting.file_length;
        for (const point& row : now.waiting.stored) {
            const bool given = is_given_time(row.timestamp);
            // Who gives the time may repeat a row, which is then not written again.
            if (!given && now.settled) continue;
            doubtful.insert(row_key({time_of(row), row.value, row.step}));
            from = 0;
        }
        return now.settled ? from : 0;
    }

    static std::int64_t time_of(const point& stored) noexcept {
        return is_given_time(stored.timestamp) ? ~stored.timestamp : stored.timestamp;
    }

    /// In the order and with the times that the drain gives them.
    template <class Sink>
    static void hand_over_stored(std::vector<point>& stored, bool settled,
                                 std::int64_t highest_time, row_set& present, Sink&& sink) {
        std::stable_sort(stored.begin(), stored.end(), [](const point& a, const point& b) {
            return time_of(a) != time_of(b) ? time_of(a) < time_of(b) : a.step < b.step;
        });
        for (const point& each : stored) {
            point row{time_of(each), each.value, each.step};
            const bool given = is_given_time(each.timestamp);
            if ((given || !settled) && present.contains(row_key(row))) continue;
            if (!given) row.timestamp = (std::max)(row.timestamp, highest_time);
            while (!present.insert(row_key(row)) && row.timestamp != INT64_MAX) ++row.timestamp;
            highest_time = (std::max)(highest_time, row.timestamp);
            sink(read_row(row));
        }
    }

    std::string name_of_file(std::string_view key) const {
        return path_ + "/metrics/" + std::string(key);
    }
    error damaged(std::string_view key, const std::string& how) const {
        return {error_code::damaged, 0,
                "metric file \"" + path_ + "/metrics/" + shown(key) + "\" " + how +
                    ": MLflow refuses it, and with it the run and every search of its experiment; "
                    "mend it or move it out of metrics/"};
    }
    error illegal(const std::string& key, const std::string& problem) const {
        error failure = damaged(key, "has a name that is no key");
        failure.message += " (" + problem + ')';
        return failure;
    }

    std::string path_;
    metric_text_file& text_;
    run_journals journals_;
    directory metrics_;
    error problem_;
    bool leaves_torn_ends_ = false;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
