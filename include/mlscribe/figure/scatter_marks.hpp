// SPDX-License-Identifier: MIT
/// \file Draws points; of many that lie together, one.
#ifndef MLSCRIBE_FIGURE_SCATTER_MARKS_HPP
#define MLSCRIBE_FIGURE_SCATTER_MARKS_HPP

#include <mlscribe/figure/figure_content.hpp>
#include <mlscribe/figure/marker.hpp>
#include <mlscribe/figure/scale.hpp>
#include <mlscribe/figure/svg_elements.hpp>

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Of more points in one series some are drawn for others.
inline constexpr std::size_t most_points = 4000;

/// One of the points in each square of pixels, of the least squares that leave most_points.
inline std::vector<std::pair<double, double>> distinct_points(
    const std::vector<std::pair<double, double>>& points, const figure_box& plot) {
    for (double side = 1;; side *= 2) {
        const auto columns = static_cast<std::size_t>(plot.width() / side) + 1;
        const auto rows = static_cast<std::size_t>(plot.height() / side) + 1;
        std::vector<bool> taken(columns * rows);
        std::vector<std::pair<double, double>> distinct;
        for (const auto& point : points) {
            const auto column = static_cast<std::size_t>((point.first - plot.left) / side);
            const auto row = static_cast<std::size_t>((point.second - plot.top) / side);
            if (taken[row * columns + column]) continue;
            taken[row * columns + column] = true;
            distinct.push_back(point);
        }
        if (distinct.size() <= most_points) return distinct;
    }
}

inline void append_scatter(std::string& svg, const figure_series& series, std::size_t index,
                           const scale& x, const scale& y, const figure_box& plot) {
    std::vector<std::pair<double, double>> points;
    for (std::size_t i = 0; i < series.x.size(); ++i) {
        if (!x.shows(series.x[i]) || !y.shows(series.y[i])) continue;
        const double across = x.place(series.x[i]);
        const double down = y.place(series.y[i]);
        if (across >= plot.left && across <= plot.right && down >= plot.top &&
            down <= plot.bottom) {
            points.emplace_back(across, down);
        }
    }
    if (points.size() > most_points) points = distinct_points(points, plot);
    marker_path markers(index);
    for (const auto& point : points) markers.add(point.first, point.second);
    const bool is_dense = points.size() > 200;
    markers.append_to(svg, is_dense ? " opacity=\".6\"" : " opacity=\".85\"");
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
