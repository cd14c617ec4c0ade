// SPDX-License-Identifier: MIT
/// \file Which point of a metric is its latest, by MLflow's rule.
#ifndef MLSCRIBE_QUERY_LATEST_POINT_HPP
#define MLSCRIBE_QUERY_LATEST_POINT_HPP

#include <mlscribe/layout/point.hpp>
#include <mlscribe/layout/value_extremes.hpp>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Looks at points in the order of the file and keeps the one that MLflow shows: of the highest
/// step, of these the latest, of these the largest. Nothing is larger than a NaN, nor is a NaN
/// larger than anything: of these the first stays.
class latest_point {
  public:
    void look(const point& row) noexcept {
        if (!has_value_ || is_behind(row)) latest_ = row;
        has_value_ = true;
    }

    bool has_value() const noexcept { return has_value_; }
    const point& value() const noexcept { return latest_; }

  private:
    bool is_behind(const point& row) const noexcept {
        if (row.step != latest_.step) return row.step > latest_.step;
        if (row.timestamp != latest_.timestamp) return row.timestamp > latest_.timestamp;
        return !is_nan(row.value) && !is_nan(latest_.value) && row.value > latest_.value;
    }

    point latest_{};
    bool has_value_ = false;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
