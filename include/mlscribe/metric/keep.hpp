// SPDX-License-Identifier: MIT
/// \file How many points of a metric stay in its file.
#ifndef MLSCRIBE_METRIC_KEEP_HPP
#define MLSCRIBE_METRIC_KEEP_HPP

#include <mlscribe/config/config.hpp>

#include <cstdint>

MLSCRIBE_NAMESPACE_BEGIN

/// Keeps at most `points` points of a metric, so that MLflow, which reads whole files, shows a
/// series of any length at once. A metric that never has more keeps all. Of a longer one stay the
/// first point, the last, the lowest and the highest value, and between them one point of every
/// 2, 4, 8 … steps, so that at least three eighths of `points` are left of steps that follow one
/// another. Which ones depends on what was logged and on `points` alone. The others are no lost
/// points: the tag `mlscribe.thinned_points.<key>` counts them.
///
/// A metric that another process writes as well is not thinned any more, which is reported once.
/// \cost 24 bytes of memory a kept point; the file is written anew after every `points / 4` points
///       that were appended to it
struct keep {
    std::int64_t points = 0;  ///< 0: all; 1 to 15 count as 16; negative: invalid_value
};

MLSCRIBE_NAMESPACE_END

#endif
