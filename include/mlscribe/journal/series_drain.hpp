// SPDX-License-Identifier: MIT
/// \file Moves the points of one series from the journal to its file, each exactly once.
#ifndef MLSCRIBE_JOURNAL_SERIES_DRAIN_HPP
#define MLSCRIBE_JOURNAL_SERIES_DRAIN_HPP

#include <mlscribe/journal/journal_file.hpp>
#include <mlscribe/journal/metric_file.hpp>
#include <mlscribe/journal/row_filter.hpp>
#include <mlscribe/journal/rows_tail.hpp>
#include <mlscribe/journal/series.hpp>
#include <mlscribe/journal/series_thinning.hpp>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// The filter for rows that follow those of a file.
inline row_filter filter_behind(const metric_file_state& found) {
    return found.exists ? row_filter(found.highest_timestamp) : row_filter();
}

/// Takes points from blocks in the order of their time, makes them unique rows and appends these:
/// intent, write, commit. \threadsafety one drain of a journal at a time
class series_drain {
  public:
    /// \param filter made from what the file holds, or none where it could not be read yet
    /// \param tail   of the file
    series_drain(metric_file file, std::optional<row_filter> filter, rows_tail tail = {})
        : file_(std::move(file)), filter_(std::move(filter)), tail_(tail) {}

    const metric_file& file() const noexcept { return file_; }

    /// From now on at most `points` rows stay in the file; 0: all.
    /// \param entry  that a journal has for the series, if any
    void thin(std::int64_t points, thinned_series* entry = nullptr) {
        const std::int64_t most = points == 0 ? 0 : (std::max)(points, thinned_rows::fewest);
        if (most == most_ || !sources_.empty()) return;
        std::uint64_t given = thinning_ ? thinning_->given() : 0;
        if (entry != nullptr) given = entry->given;
        thinning_.reset();
        if (most != 0) thinning_.emplace(file_, most, given);
        if (entry != nullptr) entry_ = entry;
        if (entry_ != nullptr) entry_->most = most;
        most_ = most;
    }

    /// Behind the last write: leaves no row in a thinned file that need not be there.
    /// \return 0 or errno
    int finish_thinning(journal_file& journal, std::uint32_t series, metric_block& text) {
        if (!thinning_ || !sources_.empty()) return 0;
        prepare_thinning(journal, series, text);
        return thinning_->hold_bound(journal, text, true);
    }
    /// A last look at a file that was replaced. \return 0 or errno
    int carry_over(metric_block& text) { return thinning_ ? thinning_->carry_over(text) : 0; }

    /// What the user should hear of the thinning, once.
    error take_problem() noexcept { return thinning_ ? thinning_->take_problem() : error{}; }

    /// Writes what the blocks hold. \param repeated counts exact repeats, which are dropped
    /// \return 0 or errno: what is not written stays in the blocks
    int write(journal_file& journal, std::uint32_t series,
              const std::vector<journal_block*>& blocks, metric_block& text,
              std::uint64_t& repeated) {
        if (const int failed = look_at_file()) return failed;
        descriptor open_file;
        while (true) {
            if (sources_.empty()) {
                gather(journal, blocks);
                if (sources_.empty()) return 0;
                if (thinning_) prepare_thinning(journal, series, text);
            }
            if (const int failed = filter_rows()) return failed;
            if (thinning_ && !selected_) {
                thinning_->select(rows_, journal);
                filtered_ = kept_ = rows_.size();
                selected_ = rows_.size();
            }
            const bool was_doubtful = doubtful_;
            if (doubtful_) {
                // A part of them may stand in front of what another writer has appended.
                if (const int failed = file_.drop_present(rows_)) return failed;
                filtered_ = kept_ = rows_.size();
                doubtful_ = false;
            }
            const journal_header& head = journal.header();
            // Of another series: what stands in its file must be known first.
            if (head.intended != 0 && head.series != series) return EAGAIN;
            bool intended = false;
            bool left_behind = false;
            std::uint64_t length = 0;
            const auto intend = [&](std::uint64_t present) {
                const std::uint64_t given = thinning_ ? thinning_->given() : 0;
                journal.intend(series, present, rows_, sources_, entry_, given);
                length = present;
                intended = true;
            };
            doubtful_ = true;  // also after an exception
            if (rows_.empty()) {
                intend(0);
            } else if (const int failed =
                           file_.append(open_file, rows_, text, intend, left_behind)) {
                // Where nothing was written the others need not wait until it can be read.
                doubtful_ = left_behind;
                if (intended && !doubtful_) journal.withdraw();
                return failed;
            }
            journal.commit();
            doubtful_ = false;
            repeated += std::exchange(repeats_, 0);
            const std::size_t appended = rows_.size();
            const std::size_t selected = selected_.value_or(0);
            rows_.clear();
            filtered_ = kept_ = 0;
            selected_.reset();
            sources_.clear();
            if (!thinning_) continue;
            if (was_doubtful) {
                thinning_->note_doubtful_append(selected);
            } else if (appended != 0) {
                thinning_->note_append(appended, length, length + text.bytes().size());
            }
            thinning_->hold_bound(journal, text, false);
            open_file = descriptor();
        }
    }

    /// Tells where the rows end, after a write() that nothing refused; later ones have later time
    /// stamps than these, but for those that the user gives. \return 0 or errno
    int mark(rows_tail& tail) {
        if (const int failed = look_at_file()) return failed;
        if (!tail_.empty() && tail_.highest_time != INT64_MAX) {
            filter_->move_on(tail_.highest_time + 1);
        }
        tail = tail_;
        return 0;
    }

    /// Whether rows of a block wait for the disk to take them: the block must stay.
    bool holds(std::uint32_t block) const noexcept {
        return std::any_of(sources_.begin(), sources_.end(),
                           [block](const drained_block& source) { return source.block == block; });
    }

  private:
    int look_at_file() {
        if (filter_) return 0;
        metric_file_state found;
        if (const int failed = file_.open_existing(found)) return failed;
        filter_ = filter_behind(found);
        tail_ = found.tail;
        return 0;
    }

    struct span {
        journal_block* block;
        std::uint32_t begin;
        std::uint32_t end;
        std::int64_t time;
        std::uint64_t order;
    };

    static std::int64_t time_of(const point& stored) noexcept {
        return is_given_time(stored.timestamp) ? ~stored.timestamp : stored.timestamp;
    }

    void prepare_thinning(journal_file& journal, std::uint32_t series, metric_block& text) {
        thinning_->prepare(text);
        // Without an entry the thinned points of a process that is killed are not counted.
        if (entry_ == nullptr) journal.add_thinned(series, most_, entry_);
        if (entry_ == nullptr) return;
        entry_->most = thinning_->is_stopped() ? 0 : most_;
        entry_->given = thinning_->given();
    }

    /// Fills rows_ and sources_, which stay until they are written: a filter sees a point once.
    void gather(journal_file& journal, const std::vector<journal_block*>& blocks) {
        spans_.clear();
        for (journal_block* const each : blocks) {
            const std::uint32_t begin = each->drained.load(std::memory_order_relaxed);
            const std::uint32_t end =
                (std::min)(each->count.load(std::memory_order_acquire), journal_block::capacity);
            if (begin < end)
                spans_.push_back({each, begin, end, time_of(each->points[begin]),
                                  each->order.load(std::memory_order_relaxed)});
        }
        // The blocks of a lane may begin in the same millisecond.
        std::sort(spans_.begin(), spans_.end(), [](const span& a, const span& b) {
            return a.time != b.time ? a.time < b.time : a.order < b.order;
        });
        // Before anything is noted: memory may be out.
        rows_.reserve(metric_file::max_rows);
        sources_.reserve((std::min)(spans_.size(), std::size_t{journal_header::max_sources}));
        for (const span& each : spans_) {
            const std::size_t room = metric_file::max_rows - rows_.size();
            if (room == 0 || sources_.size() == journal_header::max_sources) break;
            const auto count =
                static_cast<std::uint32_t>((std::min)(room, std::size_t{each.end - each.begin}));
            const point* const first = each.block->points + each.begin;
            rows_.insert(rows_.end(), first, first + count);
            sources_.push_back({journal.index_of(*each.block), each.begin + count});
        }
        // Within a clock's tick the steps tell in which order several lanes logged.
        const auto earlier = [](const point& a, const point& b) {
            const std::int64_t a_time = time_of(a);
            const std::int64_t b_time = time_of(b);
            return a_time != b_time ? a_time < b_time : a.step < b.step;
        };
        if (sources_.size() == 1 || std::is_sorted(rows_.begin(), rows_.end(), earlier)) return;
        std::stable_sort(rows_.begin(), rows_.end(), earlier);
    }

    /// Makes rows_ unique. Goes on where it left off when memory was out or the file could not be
    /// read. \return 0 or errno
    int filter_rows() {
        for (; filtered_ != rows_.size(); ++filtered_) {
            point row = rows_[filtered_];
            int failed = 0;
            const bool unique = filter_->admit(row, [&](auto&& sink) {
                failed = file_.for_each_row(sink);
                for (std::size_t k = 0; k < kept_; ++k) sink(rows_[k]);
            });
            if (failed != 0 && failed != ENOENT) {
                filter_->forget_history();
                return failed;
            }
            if (!unique) continue;
            rows_[kept_++] = row;
            tail_.note(row);
        }
        repeats_ += rows_.size() - kept_;
        rows_.resize(kept_);
        filtered_ = kept_;
        return 0;
    }

    metric_file file_;
    std::optional<row_filter> filter_;
    rows_tail tail_;  // of the file and rows_
    std::vector<span> spans_;
    std::vector<point> rows_;  // of these:
    std::size_t filtered_ = 0;
    std::size_t kept_ = 0;
    std::optional<std::size_t> selected_;  // rows that thinning left
    std::vector<drained_block> sources_;
    std::uint64_t repeats_ = 0;
    bool doubtful_ = false;  // a write failed and left something behind
    std::int64_t most_ = 0;
    std::optional<series_thinning> thinning_;
    thinned_series* entry_ = nullptr;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
