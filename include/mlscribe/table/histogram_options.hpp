// SPDX-License-Identifier: MIT
/// \file What run.log_histogram() may be told.
#ifndef MLSCRIBE_TABLE_HISTOGRAM_OPTIONS_HPP
#define MLSCRIBE_TABLE_HISTOGRAM_OPTIONS_HPP

#include <mlscribe/config/config.hpp>

MLSCRIBE_NAMESPACE_BEGIN

/// The bins of a histogram.
struct histogram_options {
    /// From 1 to 10 000.
    int bins = 30;
    /// The range of the bins, so that those of different steps compare; where both are the same,
    /// it is the values' own.
    double low = 0;
    double high = 0;
};

MLSCRIBE_NAMESPACE_END

#endif
