// SPDX-License-Identifier: MIT
/// \file Draws a histogram; several shine through each other.
#ifndef MLSCRIBE_FIGURE_HISTOGRAM_MARKS_HPP
#define MLSCRIBE_FIGURE_HISTOGRAM_MARKS_HPP

#include <mlscribe/figure/histogram_bins.hpp>
#include <mlscribe/figure/marker.hpp>
#include <mlscribe/figure/scale.hpp>
#include <mlscribe/figure/svg_elements.hpp>
#include <mlscribe/figure/svg_path.hpp>

#include <cstddef>
#include <string>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// \param counts  of each bin
inline void append_histogram(std::string& svg, const histogram_bins& bins,
                             const std::vector<std::size_t>& counts, std::size_t index, bool alone,
                             const scale& x, const scale& y) {
    svg_path areas;
    svg_path outline;
    outline.move_to(x.place(bins.edge(0)), y.first());
    for (std::size_t bin = 0; bin < counts.size(); ++bin) {
        const double left = x.place(bins.edge(bin));
        const double right = x.place(bins.edge(bin + 1));
        const double top = counts[bin] == 0 ? y.first() : y.place(static_cast<double>(counts[bin]));
        // A line of background between bars that are wide enough for it.
        const double gap = alone && right - left > 3 ? 0.5 : 0;
        if (counts[bin] != 0) areas.rectangle(left + gap, top, right - gap, y.first());
        outline.line_to(left, top);
        outline.line_to(right, top);
    }
    outline.line_to(x.place(bins.edge(counts.size())), y.first());
    const std::string color = color_attribute(index);
    append_path(svg, color + " fill=\"currentColor\"" + (alone ? "" : " fill-opacity=\".35\""),
                areas.text());
    if (alone) return;
    append_path(svg, color + " fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.5\"",
                outline.text());
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
