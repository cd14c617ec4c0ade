// SPDX-License-Identifier: MIT
/// \file A plot between two axes of numbers: lines, points and histograms.
#ifndef MLSCRIBE_FIGURE_NUMBER_PLOT_HPP
#define MLSCRIBE_FIGURE_NUMBER_PLOT_HPP

#include <mlscribe/figure/axes.hpp>
#include <mlscribe/figure/figure_content.hpp>
#include <mlscribe/figure/figure_notes.hpp>
#include <mlscribe/figure/histogram_marks.hpp>
#include <mlscribe/figure/line_marks.hpp>
#include <mlscribe/figure/page.hpp>
#include <mlscribe/figure/scatter_marks.hpp>

#include <cstddef>
#include <string>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

class number_plot {
  public:
    explicit number_plot(const figure_content& content)
        : content_(content), x_(content.x, 0.02), y_(content.y, 0.05) {
        for (const figure_series& series : content.series) {
            if (series.kind != mark::histogram) see(series);
        }
        count_histograms();
    }

    const figure_notes& notes() const noexcept { return notes_; }

    void append_to(std::string& svg, figure_box box) const {
        if (x_.empty() || y_.empty()) return append_no_data(svg, box);
        box.bottom -= bottom_room(content_.x.label);
        box.right -= 14;
        const left_axis left(y_, box);
        const bottom_axis bottom(x_, box);
        left.append_to(svg, box);
        const bool is_cut = content_.x.limited || content_.y.limited;
        if (is_cut) open_cut(svg, box);
        append_marks(svg, bottom.places(), left.places(), box);
        if (is_cut) svg += "</svg>\n";
        bottom.append_to(svg, box);
    }

  private:
    void see(const figure_series& series) {
        for (std::size_t i = 0; i < series.x.size(); ++i) {
            if (!notes_.admits(series.x[i], content_.x.logarithmic) ||
                !notes_.admits(series.y[i], content_.y.logarithmic)) {
                continue;
            }
            x_.see(series.x[i]);
            y_.see(series.y[i]);
        }
        if (series.kind == mark::scatter && series.x.size() > most_points) {
            notes_.tell("Points that lie together are drawn once");
        }
        const std::size_t stride = series.kind == mark::line ? line_stride(series) : 1;
        if (stride != 1) {
            notes_.tell("Drawn of \"" + series.name + "\": one point of " + std::to_string(stride));
        }
    }

    void count_histograms() {
        std::vector<double> shown;
        std::size_t asked = 0;
        std::size_t histograms = 0;
        for (const figure_series& series : content_.series) {
            if (series.kind != mark::histogram) continue;
            ++histograms;
            asked = (std::max)(asked, series.bins);
            for (const double value : series.x) {
                if (notes_.admits(value, content_.x.logarithmic)) shown.push_back(value);
            }
        }
        has_one_histogram_ = histograms == 1;
        if (shown.empty()) return;
        bins_ = histogram_bins(std::move(shown), content_.x.logarithmic, asked);
        x_.see(bins_.edge(0));
        x_.see(bins_.edge(bins_.count()));
        y_.see(content_.y.logarithmic ? 0.5 : 0);
        for (const figure_series& series : content_.series) {
            if (series.kind != mark::histogram) continue;
            for (const std::size_t count : counts_of(series)) {
                if (count != 0) y_.see(static_cast<double>(count));
            }
        }
    }

    std::vector<std::size_t> counts_of(const figure_series& series) const {
        std::vector<std::size_t> counts(bins_.count());
        figure_notes counted_before;
        for (const double value : series.x) {
            if (counted_before.admits(value, content_.x.logarithmic)) ++counts[bins_.bin_of(value)];
        }
        return counts;
    }

    void append_marks(std::string& svg, const scale& x, const scale& y,
                      const figure_box& plot) const {
        for (std::size_t i = 0; i < content_.series.size(); ++i) {
            const figure_series& series = content_.series[i];
            switch (series.kind) {
                case mark::histogram:
                    if (bins_.count() == 0) break;
                    append_histogram(svg, bins_, counts_of(series), i, has_one_histogram_, x, y);
                    break;
                case mark::scatter:
                    append_scatter(svg, series, i, x, y, plot);
                    break;
                default:
                    append_line(svg, series, i, x, y);
            }
        }
    }

    const figure_content& content_;
    figure_notes notes_;
    axis_values x_;
    axis_values y_;
    histogram_bins bins_;
    bool has_one_histogram_ = false;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
