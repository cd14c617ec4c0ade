// SPDX-License-Identifier: MIT
/// \file A curve of any number of points in bounded memory, its peaks kept.
#ifndef MLSCRIBE_REPORT_CURVE_HPP
#define MLSCRIBE_REPORT_CURVE_HPP

#include <mlscribe/layout/point.hpp>
#include <mlscribe/layout/value_extremes.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

struct curve_point {
    std::int64_t step = 0;
    double value = 0;  ///< not finite: the curve is interrupted
};

/// Takes points in any order and keeps the lowest and the highest of each column of steps: all of
/// them while there are few, since columns are one step wide at first, and grow by twos.
class curve {
  public:
    /// \param columns  at least this many where there are as many steps, at most twice
    explicit curve(std::size_t columns) : most_(2 * columns) {}

    void add(const point& row) {
        const std::int64_t index = row.step >> shift_;
        auto at = columns_.end();
        if (!columns_.empty() && columns_.back().index >= index) {
            at = std::lower_bound(
                columns_.begin(), columns_.end(), index,
                [](const column& each, std::int64_t wanted) { return each.index < wanted; });
        }
        const curve_point added{row.step, row.value};
        if (at == columns_.end() || at->index != index) {
            columns_.insert(at, {index, added, added});
        } else {
            join(*at, {index, added, added});
        }
        while (columns_.size() > most_) widen();
    }

    /// How many columns there are.
    std::size_t size() const noexcept { return columns_.size(); }
    /// As if it had been made with so few columns.
    void narrow(std::size_t columns) {
        most_ = 2 * columns;
        while (columns_.size() > most_) widen();
    }

    /// By their steps.
    std::vector<curve_point> points() const {
        std::vector<curve_point> found;
        for (const column& each : columns_) {
            const bool rises = each.lowest.step <= each.highest.step;
            found.push_back(rises ? each.lowest : each.highest);
            const bool is_one =
                each.lowest.step == each.highest.step && !(each.lowest.value < each.highest.value);
            if (!is_one) found.push_back(rises ? each.highest : each.lowest);
        }
        return found;
    }

  private:
    struct column {
        std::int64_t index = 0;
        curve_point lowest;
        curve_point highest;
    };

    /// Numbers take the place of what cannot be drawn.
    static void join(column& kept, const column& other) noexcept {
        if (!is_finite(other.lowest.value)) {
            if (!is_finite(kept.lowest.value)) kept = {kept.index, other.lowest, other.highest};
            return;
        }
        const bool is_first = !is_finite(kept.lowest.value);
        if (is_first || other.lowest.value < kept.lowest.value) kept.lowest = other.lowest;
        if (is_first || other.highest.value > kept.highest.value) kept.highest = other.highest;
    }

    void widen() {
        ++shift_;
        std::size_t kept = 0;
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            column each = columns_[i];
            each.index >>= 1;
            if (kept != 0 && columns_[kept - 1].index == each.index) {
                join(columns_[kept - 1], each);
            } else {
                columns_[kept++] = each;
            }
        }
        columns_.resize(kept);
    }

    std::size_t most_;
    unsigned shift_ = 0;
    std::vector<column> columns_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
