// SPDX-License-Identifier: MIT
/// \file What a program may choose about one metric.
#ifndef MLSCRIBE_METRIC_METRIC_OPTIONS_HPP
#define MLSCRIBE_METRIC_METRIC_OPTIONS_HPP

#include <mlscribe/metric/keep.hpp>

MLSCRIBE_NAMESPACE_BEGIN

/// Which value of a metric is its best one.
enum class best {
    none,  ///< nobody asks
    min,   ///< the lowest, as of a loss
    max,   ///< the highest, as of an accuracy
};

/// What becomes of a value that is not a number.
enum class nan_policy {
    keep,    ///< it is a value like any other; a reducer's value is NaN then
    skip,    ///< it is left out, and counted in the tag `mlscribe.nan_values.<key>`
    divert,  ///< the same, and the metric `<key>.nan` has a point: how many there were at the step
};

/// At which border a reducer writes its point.
enum class border {
    innermost,  ///< of the innermost open range
    epoch,      ///< of `epochs` (without them, of the outermost range), however many steps it has
};

/// For `run.metric(key, options)` and `run.metric<Reducer>(key, options)`.
struct metric_options {
    /// Keeps the metrics `<key>.best` and `<key>.best_step`, which get a point whenever there is a
    /// better value. Of a reducer of several values it is about the first.
    enum best best = best::none;
    nan_policy nan = nan_policy::keep;
    enum border border = border::innermost;
    keep thinning = {};  ///< in place of the run's; without points the run's
};

MLSCRIBE_NAMESPACE_END

#endif
