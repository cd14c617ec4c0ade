// SPDX-License-Identifier: MIT
/// \file Which rows of a series stay when it may have so many and no more. No I/O.
#ifndef MLSCRIBE_JOURNAL_THINNED_ROWS_HPP
#define MLSCRIBE_JOURNAL_THINNED_ROWS_HPP

#include <mlscribe/journal/row_set.hpp>
#include <mlscribe/layout/point.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// The rows that stay of all that were ever taken.
///
/// A row is a number of 192 bits, its step before its time before its value, and a bucket is all
/// rows that are equal above the lowest `level` bits; so level 130 is one of every four steps.
/// While there are at most `most` rows, all stay. Else the level is the lowest at which at most
/// three quarters of `most` buckets are not empty, and there stay the lowest row of each bucket,
/// the highest row of all, the lowest value and the highest one (NaN is none; of equal ones the
/// lowest row). A bucket is a part of one of the next level, and to take more rows never makes
/// buckets fewer: so it does not matter in which order and in how many parts rows are taken, nor
/// whether those that do not stay are taken again or forgotten in between. \threadsafety one at a
/// time
class thinned_rows {
  public:
    static constexpr std::int64_t fewest = 16;  ///< of `most`; fewer count as that
    static constexpr int highest_level = 192;

    /// \param level  that rows taken before have led to
    explicit thinned_rows(std::int64_t most, int level = 0)
        : most_(static_cast<std::size_t>((std::max)(most, fewest))),
          level_((std::min)((std::max)(level, 0), highest_level)) {}

    /// Takes rows. After an exception they may be taken again. \cost of rows in order: nothing that
    /// grows with those that stay
    void take(const std::vector<point>& rows) {
        bool in_order = sorted_ == rows_.size();
        for (const point& row : rows) {
            note(row);
            const bool later = rows_.empty() || comes_before(rows_.back(), row);
            if (!rows_.empty() && later && share_bucket(rows_.back(), row)) continue;
            in_order = in_order && later;
            rows_.push_back(row);
        }
        if (!in_order) {
            const auto middle = rows_.begin() + static_cast<std::ptrdiff_t>(sorted_);
            std::sort(middle, rows_.end(), comes_before);
            std::inplace_merge(rows_.begin(), middle, rows_.end(), comes_before);
            leave_lowest();
        }
        raise_level();
        sorted_ = rows_.size();
    }

    /// Whether a row that was taken stays.
    bool keeps(const point& row) const noexcept {
        return is_lowest(row) || is(last_, row) || is(lowest_, row) || is(highest_, row);
    }

    /// How many stay.
    std::size_t size() const noexcept {
        std::size_t count = rows_.size();
        if (last_ && !is_lowest(*last_)) ++count;
        if (lowest_ && !is_lowest(*lowest_) && !is(last_, *lowest_)) ++count;
        if (highest_ && !is_lowest(*highest_) && !is(last_, *highest_) && !is(lowest_, *highest_)) {
            ++count;
        }
        return count;
    }

    /// The most that may stay.
    std::size_t most() const noexcept { return most_; }
    /// 0 while all rows stay.
    int level() const noexcept { return level_; }

  private:
    static bool comes_before(const point& a, const point& b) noexcept {
        if (a.step != b.step) return a.step < b.step;
        if (a.timestamp != b.timestamp) return a.timestamp < b.timestamp;
        return identity_bits(a.value) < identity_bits(b.value);
    }
    static bool is(const std::optional<point>& one, const point& other) noexcept {
        return one && row_key(*one) == row_key(other);
    }

    /// The lowest level at which two rows share a bucket; 0 for a row with itself.
    static int meeting_level(const point& a, const point& b) noexcept {
        const auto differing = [](std::uint64_t x, std::uint64_t y) {
            int bits = 0;
            for (std::uint64_t left = x ^ y; left != 0; left >>= 1) ++bits;
            return bits;
        };
        const auto pattern = [](std::int64_t number) { return static_cast<std::uint64_t>(number); };
        if (a.step != b.step) return 128 + differing(pattern(a.step), pattern(b.step));
        if (a.timestamp != b.timestamp) {
            return 64 + differing(pattern(a.timestamp), pattern(b.timestamp));
        }
        return differing(identity_bits(a.value), identity_bits(b.value));
    }
    bool share_bucket(const point& a, const point& b) const noexcept {
        if (level_ < 128 && a.step != b.step) return false;
        return meeting_level(a, b) <= level_;
    }

    /// On the bits, so that it stays right under -ffast-math.
    static bool is_nan(double value) noexcept {
        return identity_bits(value) == 0x7FF8000000000000u;
    }

    void note(const point& row) noexcept {
        if (!last_ || comes_before(*last_, row)) last_ = row;
        if (is_nan(row.value)) return;
        const auto replaces = [&row](const std::optional<point>& known, bool beyond) {
            return beyond || (known->value == row.value && comes_before(row, *known));
        };
        if (!lowest_ || replaces(lowest_, row.value < lowest_->value)) lowest_ = row;
        if (!highest_ || replaces(highest_, row.value > highest_->value)) highest_ = row;
    }

    bool is_lowest(const point& row) const noexcept {
        const auto found = std::lower_bound(rows_.begin(), rows_.end(), row, comes_before);
        return found != rows_.end() && row_key(*found) == row_key(row);
    }

    void leave_lowest() noexcept {
        const auto same = [this](const point& a, const point& b) { return share_bucket(a, b); };
        rows_.erase(std::unique(rows_.begin(), rows_.end(), same), rows_.end());
    }

    void raise_level() noexcept {
        const std::size_t wanted = most_ - most_ / 4;
        if (rows_.size() <= (level_ == 0 ? most_ : wanted)) return;
        // Buckets lie one behind the other: how many borders between two vanish at each level.
        std::size_t vanish[highest_level + 1] = {};
        for (std::size_t i = 1; i < rows_.size(); ++i) {
            ++vanish[meeting_level(rows_[i - 1], rows_[i])];
        }
        std::size_t buckets = rows_.size();
        while (buckets > wanted) buckets -= vanish[++level_];
        leave_lowest();
    }

    std::size_t most_;
    int level_;
    std::vector<point> rows_;  // the lowest one of each bucket, in their order
    std::size_t sorted_ = 0;   // of these, but for what an exception left behind them
    std::optional<point> last_;
    std::optional<point> lowest_;
    std::optional<point> highest_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
