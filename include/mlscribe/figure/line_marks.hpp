// SPDX-License-Identifier: MIT
/// \file Draws a line, and its points where they are few.
#ifndef MLSCRIBE_FIGURE_LINE_MARKS_HPP
#define MLSCRIBE_FIGURE_LINE_MARKS_HPP

#include <mlscribe/figure/figure_content.hpp>
#include <mlscribe/figure/line_path.hpp>
#include <mlscribe/figure/marker.hpp>
#include <mlscribe/figure/scale.hpp>
#include <mlscribe/figure/svg_elements.hpp>

#include <cstddef>
#include <string>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Of how many points one is drawn: 1, but for a line of many points whose places go to and fro, so
/// that no column of pixels can stand for those that follow each other.
inline std::size_t line_stride(const figure_series& line) {
    constexpr std::size_t most_vertices = 8000;
    constexpr int most_turns = 4;
    const std::size_t stride = line.x.size() / most_vertices + 1;
    int turns = 0;
    bool is_rising = true;
    for (std::size_t i = 1; stride != 1 && i < line.x.size(); ++i) {
        if (!is_drawn(line.x[i]) || !is_drawn(line.x[i - 1])) continue;
        if (is_rising ? line.x[i] < line.x[i - 1] : line.x[i] > line.x[i - 1]) {
            is_rising = !is_rising;
            if (++turns > most_turns) return stride;
        }
    }
    return 1;
}

/// Beside which end of a scale a place is: −1, 0 (between) or 1.
inline int side_of(const scale& places, double place) noexcept {
    return place < places.first() ? -1 : place > places.last() ? 1 : 0;
}

/// The points that the plot shows, and those beside it to which lines lead.
inline std::string path_of_line(const figure_series& line, const scale& x, const scale& y) {
    const std::size_t stride = line_stride(line);
    line_path path;
    int before = 0;
    bool is_waiting = false;
    double waiting_x = 0;
    double waiting_y = 0;
    for (std::size_t i = 0; i < line.x.size(); ++i) {
        if (!x.shows(line.x[i]) || !y.shows(line.y[i])) {
            path.interrupt();
            before = 0;
            is_waiting = false;
            continue;
        }
        if (i % stride != 0) continue;
        const double across = x.place(line.x[i]);
        const double down = y.place(line.y[i]);
        const int side = side_of(x, across);
        if (side == 0 || side != before) {
            if (is_waiting) path.add(waiting_x, waiting_y);
            path.add(across, down);
            is_waiting = false;
        } else {
            is_waiting = true;
            waiting_x = across;
            waiting_y = down;
        }
        before = side;
    }
    path.finish();
    return path.text();
}

inline void append_line(std::string& svg, const figure_series& line, std::size_t index,
                        const scale& x, const scale& y) {
    constexpr std::size_t few_points = 24;
    std::string attributes = color_attribute(index) +
                             " fill=\"none\" stroke=\"currentColor\" stroke-width=\"2\""
                             " stroke-linejoin=\"round\" stroke-linecap=\"round\"";
    if (!dash_of(index).empty()) {
        (attributes += " stroke-dasharray=\"").append(dash_of(index)) += '"';
    }
    append_path(svg, attributes, path_of_line(line, x, y));
    if (line.x.size() > few_points) return;
    marker_path markers(index);
    for (std::size_t i = 0; i < line.x.size(); ++i) {
        if (!x.shows(line.x[i]) || !y.shows(line.y[i])) continue;
        markers.add(x.place(line.x[i]), y.place(line.y[i]));
    }
    markers.append_to(svg);
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
