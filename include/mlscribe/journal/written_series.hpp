// SPDX-License-Identifier: MIT
/// \file A series with its way to the disk: stored points become unique rows of its file.
#ifndef MLSCRIBE_JOURNAL_WRITTEN_SERIES_HPP
#define MLSCRIBE_JOURNAL_WRITTEN_SERIES_HPP

#include <mlscribe/journal/metric_file.hpp>
#include <mlscribe/journal/row_filter.hpp>
#include <mlscribe/journal/series.hpp>

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Why a drain is asked for: by the clock or a full buffer, by the user, or for the last time.
enum class drain_reason { due, flush, end };

/// The filter for rows that follow those of a file.
inline row_filter filter_behind(const metric_file_state& found) {
    return found.exists ? row_filter(found.highest_timestamp) : row_filter();
}

/// Drained by one thread at a time. What the disk refuses is kept, up to two buffers, and tried
/// again once a second. \threadsafety any thread
class written_series : public series {
  public:
    /// \param file    the metric's file, or none for a key that was refused: all points are lost
    /// \param filter  made from what the file holds, or none where it could not be opened yet
    written_series(reference<ledger> owner, std::string key, std::int64_t next_step,
                   std::optional<metric_file> file, std::optional<row_filter> filter)
        : series(std::move(owner), std::move(key), next_step),
          file_(std::move(file)),
          filter_(std::move(filter)) {}

    /// Writes what is stored. \return 0 or errno; EAGAIN while a refusing disk is left alone
    int drain(drain_reason reason) {
        const std::lock_guard<std::mutex> lock(draining_);
        if (!file_) {
            discard(reason);
            return 0;
        }
        const std::int64_t now = milliseconds_now();
        if (reason == drain_reason::due && now < retry_at_ && now > retry_at_ - 2000) return EAGAIN;
        int failed = filter_ ? 0 : open();
        // Twice: what a refusing disk left from before, then what came since.
        for (int round = 0; round < 2 && failed == 0; ++round) {
            if (rows_.empty()) take_rows(reason);
            if (!rows_.empty()) failed = write_rows();
        }
        if (failed != 0) retry_at_ = now + 1000;
        if (reason == drain_reason::end) {
            owner().lose(rows_.size());
            rows_.clear();
            discard(reason);
        }
        return failed;
    }

  private:
    int open() {
        metric_file_state found;
        const int failed = file_->open_existing(found);
        if (failed == 0) filter_ = filter_behind(found);
        return failed;
    }

    void take_rows(drain_reason reason) {
        take(rows_, reason == drain_reason::end);
        std::size_t kept = 0;
        for (std::size_t i = 0; i < rows_.size(); ++i) {
            point row = rows_[i];
            const bool unique = filter_->admit(row, [this, kept](auto&& sink) {
                file_->for_each_row(sink);
                for (std::size_t k = 0; k < kept; ++k) sink(rows_[k]);
            });
            if (unique) rows_[kept++] = row;
        }
        owner().repeat(rows_.size() - kept);
        rows_.resize(kept);
    }

    int write_rows() {
        std::size_t written = 0;
        const int failed = file_->append(rows_.data(), rows_.size(), written);
        rows_.erase(rows_.begin(), rows_.begin() + static_cast<std::ptrdiff_t>(written));
        return failed;
    }

    void discard(drain_reason reason) {
        std::vector<point> lost;
        take(lost, reason == drain_reason::end);
        owner().lose(lost.size());
    }

    std::mutex draining_;
    std::optional<metric_file> file_;
    std::optional<row_filter> filter_;
    std::vector<point> rows_;
    std::int64_t retry_at_ = 0;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
