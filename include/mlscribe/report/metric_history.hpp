// SPDX-License-Identifier: MIT
/// \file What a report tells of one metric of one run.
#ifndef MLSCRIBE_REPORT_METRIC_HISTORY_HPP
#define MLSCRIBE_REPORT_METRIC_HISTORY_HPP

#include <mlscribe/layout/value_extremes.hpp>
#include <mlscribe/query/latest_point.hpp>
#include <mlscribe/report/curve.hpp>

#include <cstddef>
#include <cstdint>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// The latest, lowest and highest value come from all points, the curve from as many as can be
/// seen.
struct metric_history {
    latest_point latest = {};
    value_extremes extremes = {};
    std::uint64_t points = 0;
    std::uint64_t undrawn = 0;  ///< of these, not finite
    curve way;

    explicit metric_history(std::size_t columns) : way(columns) {}

    void add(const point& row) {
        latest.look(row);
        extremes.look(row);
        ++points;
        if (!is_finite(row.value)) ++undrawn;
        way.add(row);
    }
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
