// SPDX-License-Identifier: MIT
/// \file A plot of bars over categories.
#ifndef MLSCRIBE_FIGURE_BAR_PLOT_HPP
#define MLSCRIBE_FIGURE_BAR_PLOT_HPP

#include <mlscribe/figure/axes.hpp>
#include <mlscribe/figure/category_labels.hpp>
#include <mlscribe/figure/figure_content.hpp>
#include <mlscribe/figure/figure_notes.hpp>
#include <mlscribe/figure/marker.hpp>
#include <mlscribe/figure/page.hpp>
#include <mlscribe/figure/svg_path.hpp>

#include <algorithm>
#include <cstddef>
#include <string>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

class bar_plot {
  public:
    explicit bar_plot(const figure_content& content) : content_(content), y_(content.y, 0.05) {
        for (const figure_series& series : content.series) {
            for (const double value : series.y) {
                if (notes_.admits(value, content.y.logarithmic)) y_.see(value);
            }
        }
        if (y_.empty()) return;
        y_.see(content.y.logarithmic ? y_.seen().low / 2 : 0);
    }

    const figure_notes& notes() const noexcept { return notes_; }

    void append_to(std::string& svg, figure_box box) const {
        if (y_.empty()) return append_no_data(svg, box);
        const category_labels labels(content_.categories,
                                     {box.left + 50, box.top, box.right, box.bottom});
        box.bottom -= labels.height() + (content_.x.label.empty() ? 0 : label_row);
        const left_axis left(y_, box);
        left.append_to(svg, box);
        if (content_.y.limited) open_cut(svg, box);
        append_bars(svg, left.places(), box);
        if (content_.y.limited) svg += "</svg>\n";
        labels.append_to(svg, box.left, box.right, box.bottom);
        if (content_.x.label.empty()) return;
        append_svg_text(svg, (box.left + box.right) / 2,
                        box.bottom + labels.height() + label_row / 2, content_.x.label,
                        {"ink", label_size, "middle"}, box.width());
    }

  private:
    void append_bars(std::string& svg, const scale& y, const figure_box& plot) const {
        const double column = plot.width() / static_cast<double>(content_.categories.size());
        const double series = static_cast<double>(content_.series.size());
        const double bar = (std::min)(column * 0.76 / series, 72.0);
        const double gap = bar > 6 ? 0.5 : 0;
        const double floor =
            y.shows(0) ? (std::min)((std::max)(y.place(0), y.last()), y.first()) : y.first();
        for (std::size_t i = 0; i < content_.series.size(); ++i) {
            svg_path bars;
            const figure_series& each = content_.series[i];
            for (std::size_t at = 0; at < each.x.size(); ++at) {
                if (!y.shows(each.y[at])) continue;
                const double left = plot.left + column * (each.x[at] + 0.5) +
                                    bar * (static_cast<double>(i) - series / 2);
                bars.rectangle(left + gap, y.place(each.y[at]), left + bar - gap, floor);
            }
            append_path(svg, color_attribute(i) + " fill=\"currentColor\"", bars.text());
        }
        svg_path line;
        line.move_to(plot.left, floor);
        line.line_to(plot.right, floor);
        append_path(svg, " class=\"axis\" fill=\"none\"", line.text());
    }

    const figure_content& content_;
    figure_notes notes_;
    axis_values y_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
