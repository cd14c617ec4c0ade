// SPDX-License-Identifier: MIT
/// \file Curves with axes, in text.
#ifndef MLSCRIBE_TOOL_CHART_HPP
#define MLSCRIBE_TOOL_CHART_HPP

#include <cstddef>
#include <string>
#include <vector>

#include "output.hpp"

namespace tool {

struct chart_point {
    double x;
    double y;
};

/// A curve; a NaN or an infinity interrupts it.
struct chart_series {
    std::string label;  ///< any bytes
    std::vector<chart_point> points;
};

struct chart_options {
    std::size_t columns = 80;
    std::size_t rows = 24;
    bool ascii = false;
    bool logarithmic = false;  ///< y; values that have no logarithm interrupt the curve
    std::string x_title;
};

/// Draws curves and a line for each that says what it is.
/// \return false where no curve has a point that can be drawn
bool print_chart(output& out, const std::vector<chart_series>& curves,
                 const chart_options& options);

}  // namespace tool

#endif
