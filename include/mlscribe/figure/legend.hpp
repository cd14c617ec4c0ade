// SPDX-License-Identifier: MIT
/// \file Which series is which: rows of names above the plot, where they cover nothing.
#ifndef MLSCRIBE_FIGURE_LEGEND_HPP
#define MLSCRIBE_FIGURE_LEGEND_HPP

#include <mlscribe/figure/figure_content.hpp>
#include <mlscribe/figure/marker.hpp>
#include <mlscribe/figure/svg_elements.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

inline constexpr double legend_row = 19;

inline void append_swatch(std::string& svg, const figure_series& series, std::size_t index,
                          double x, double y) {
    if (series.kind == mark::line) {
        svg_path path;
        path.move_to(x, y);
        path.line_to(x + 18, y);
        std::string attributes =
            color_attribute(index) + " fill=\"none\" stroke=\"currentColor\" stroke-width=\"2.5\"";
        if (!dash_of(index).empty()) {
            (attributes += " stroke-dasharray=\"").append(dash_of(index)) += '"';
        }
        append_path(svg, attributes, path.text());
    } else if (series.kind == mark::scatter) {
        marker_path marker(index);
        marker.add(x + 9, y);
        marker.append_to(svg);
    } else {
        append_rectangle(svg, color_attribute(index) + " fill=\"currentColor\" rx=\"2\"",
                         {x + 4, y - 5, x + 14, y + 5});
    }
}

/// Draws the names into rows from `box.top` on, as many as a fifth of the picture holds.
/// \return how high the rows are together; 0 where no series has a name
inline double append_legend(std::string& svg, const std::vector<figure_series>& all,
                            const figure_box& box, double picture_height) {
    constexpr double swatch = 24;
    constexpr double distance = 16;
    constexpr double more = 70;
    const double widest = (std::min)(box.width() - swatch - distance - more, 220.0);
    const auto most_rows = static_cast<int>((std::max)(1.0, picture_height / 5 / legend_row));
    double x = box.left;
    int row = 0;
    std::size_t named = 0;
    std::size_t shown = 0;
    for (const figure_series& series : all) named += series.name.empty() ? 0u : 1u;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (all[i].name.empty()) continue;
        const double width =
            swatch + (std::min)(text_width(svg_line(all[i].name), label_size), widest);
        // The last row keeps room for how many are left.
        const bool is_last_row = row + 1 == most_rows && shown + 1 < named;
        if (x > box.left && x + width > box.right - (is_last_row ? more : 0)) {
            if (row + 1 == most_rows) break;
            ++row;
            x = box.left;
        }
        const double y = box.top + row * legend_row + legend_row / 2;
        append_swatch(svg, all[i], i, x, y);
        append_svg_text(svg, x + swatch, y, all[i].name,
                        {"ink", label_size, "start", false, 0, cut::inside}, widest);
        x += width + distance;
        ++shown;
    }
    if (shown < named) {
        append_svg_text(svg, x, box.top + row * legend_row + legend_row / 2,
                        "+" + std::to_string(named - shown) + " more", {}, box.right - x);
    }
    return named == 0 ? 0 : (row + 1) * legend_row;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
