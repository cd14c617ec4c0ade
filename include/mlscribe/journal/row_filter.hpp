// SPDX-License-Identifier: MIT
/// \file Keeps the rows of one metric unique, as MLflow's migration to a database needs them.
#ifndef MLSCRIBE_JOURNAL_ROW_FILTER_HPP
#define MLSCRIBE_JOURNAL_ROW_FILTER_HPP

#include <mlscribe/journal/row_set.hpp>
#include <mlscribe/journal/series.hpp>
#include <mlscribe/journal/step_window.hpp>
#include <mlscribe/layout/point.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Turns stored points into rows whose (time stamp, step, value) is unique: one doubled row makes
/// `mlflow migrate-filestore` abort the whole store. A library time stamp is never below the last
/// one written and moves on by 1 ms on a repeat, and behind so many rows that memory holds; a time
/// stamp that the user gave stays as it is, and an exact repeat of such a row is dropped, for which
/// all rows of the time stamp are held, and all of the metric once one is older than another before
/// it. \threadsafety one thread at a time
class row_filter {
  public:
    /// Of the library's time stamps.
    static constexpr std::size_t most_rows_of_a_time = std::size_t{1} << 20;

    row_filter() = default;

    /// Begins behind a file that has rows up to `last` (in milliseconds).
    explicit row_filter(std::int64_t last)
        : time_(last == INT64_MAX ? last : last + 1), at_the_end_(last == INT64_MAX) {}

    /// Makes `stored` a row.
    /// \param load_history  called (with a sink for rows) before the first row that is older than
    ///                      one written before: it must deliver every row written so far
    /// \return false when the row would repeat one
    template <class LoadHistory>
    bool admit(point& stored, LoadHistory&& load_history) {
        const bool given = is_given_time(stored.timestamp);
        if (given) {
            stored.timestamp = ~stored.timestamp;
        } else if (stored.timestamp < time_) {
            stored.timestamp = time_;
        }
        if (!history_known_ && (stored.timestamp < time_ || at_the_end_)) {
            load_history([this](const point& row) { history_.insert(row_key(row)); });
            history_known_ = true;
        }
        if (history_known_) {
            while (!history_.insert(row_key(stored))) {
                if (given || stored.timestamp == INT64_MAX) return false;
                ++stored.timestamp;
            }
            note(stored);
            return true;
        }
        const bool has_later = !given && stored.timestamp != INT64_MAX;
        if (stored.timestamp == time_) {
            if (has_later && rows_.size() >= most_rows_of_a_time) {
                ++stored.timestamp;
            } else if (stored.step <= highest_step_ && repeats(stored)) {
                if (!has_later) return false;
                ++stored.timestamp;
            }
        }
        note(stored);
        return true;
    }

    /// The library's time stamps are not below `time` from now on.
    void move_on(std::int64_t time) noexcept {
        if (time <= time_) return;
        time_ = time;
        highest_step_ = INT64_MIN;
        rows_.clear();
        index_.clear();
        indexed_ = 0;
        steps_.clear();
        seen_ = 0;
    }

    /// The rows before could not be delivered whole: they are asked for again.
    void forget_history() noexcept {
        history_.clear();
        history_known_ = false;
    }

  private:
    bool repeats(const point& row) {
        for (; seen_ < rows_.size(); ++seen_) steps_.add(rows_[seen_].step);
        if (steps_.add(row.step)) return false;
        for (; indexed_ < rows_.size(); ++indexed_) index_.insert(row_key(rows_[indexed_]));
        return index_.contains(row_key(row));
    }

    void note(const point& row) {
        if (row.timestamp < time_) return;
        move_on(row.timestamp);
        highest_step_ = row.step > highest_step_ ? row.step : highest_step_;
        if (!history_known_) rows_.push_back(row);
    }

    // No row is later than time_, and rows_ holds all rows of this millisecond.
    std::int64_t time_ = INT64_MIN;
    bool at_the_end_ = false;  // the file has rows of the last millisecond that there is
    std::int64_t highest_step_ = INT64_MIN;
    std::vector<point> rows_;
    row_set index_;
    std::size_t indexed_ = 0;
    step_window steps_;
    std::size_t seen_ = 0;  // of rows_, in steps_
    bool history_known_ = false;
    row_set history_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
