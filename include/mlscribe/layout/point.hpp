// SPDX-License-Identifier: MIT
/// \file One row of a metric: when, what, and at which step.
#ifndef MLSCRIBE_LAYOUT_POINT_HPP
#define MLSCRIBE_LAYOUT_POINT_HPP

#include <mlscribe/config/config.hpp>

#include <cstdint>
#include <type_traits>

MLSCRIBE_NAMESPACE_BEGIN

/// One row of a metric. Trivially copyable: it is stored as it is in buffers and journals.
struct point {
    std::int64_t timestamp;  ///< milliseconds since 1970-01-01 UTC
    double value;            ///< any double; NaN and the infinities are kept
    std::int64_t step;       ///< any step; MLflow accepts negative ones
};

static_assert(std::is_trivially_copyable<point>::value && sizeof(point) == 24,
              "a point is stored byte by byte");

MLSCRIBE_NAMESPACE_END

#endif
