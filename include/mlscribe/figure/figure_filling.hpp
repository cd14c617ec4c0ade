// SPDX-License-Identifier: MIT
/// \file What may go into a figure, and what is told where it does not fit.
#ifndef MLSCRIBE_FIGURE_FIGURE_FILLING_HPP
#define MLSCRIBE_FIGURE_FIGURE_FILLING_HPP

#include <mlscribe/error/error.hpp>
#include <mlscribe/figure/figure_content.hpp>
#include <mlscribe/figure/value_range.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// More categories than any picture has room for.
inline constexpr std::size_t most_categories = 2048;
inline constexpr std::size_t most_bins = 512;
/// Told of one figure.
inline constexpr std::size_t most_misuses = 4;

inline void remember_misuse(figure_content& content, const std::string& what) {
    auto& told = content.misuses;
    const bool is_new = std::find(told.begin(), told.end(), what) == told.end();
    if (is_new && told.size() < most_misuses) told.push_back(what);
}

inline error misuse_of(const figure_content& content) {
    error misuse;
    for (const std::string& what : content.misuses) {
        misuse.code = error_code::invalid_value;
        misuse.message += (misuse.message.empty() ? "" : "; ") + what;
    }
    return misuse;
}

inline void limit_axis(figure_content& content, figure_axis& axis, double from, double to) {
    axis.limited = is_drawn(from) && is_drawn(to) && has_length({from, to, false});
    if (!axis.limited) {
        return remember_misuse(content,
                               "limits go from a number to a greater one; without such "
                               "everything is shown");
    }
    axis.from = from;
    axis.to = to;
}

inline void size_figure(figure_content& content, int width, int height) {
    content.width = (std::min)((std::max)(width, 240), 4096);
    content.height = (std::min)((std::max)(height, 180), 4096);
    if (content.width != width || content.height != height) {
        remember_misuse(content,
                        "the size " + std::to_string(width) + " x " + std::to_string(height) +
                            " is not between 240 x 180 and 4096 x 4096; it was moved there");
    }
}

/// \return whether the figure is of this kind, or has become so
inline bool take_frame(figure_content& content, figure_frame frame) {
    if (content.frame == figure_frame::none) content.frame = frame;
    if (content.frame == frame) return true;
    remember_misuse(content,
                    "lines, points and histograms share a figure; bars do with bars alone, "
                    "cells with nothing; make another figure for the others");
    return false;
}

inline std::vector<double> counted_up(std::size_t count) {
    std::vector<double> places(count);
    for (std::size_t i = 0; i < count; ++i) places[i] = static_cast<double>(i);
    return places;
}

/// \return how many both have
inline std::size_t same_length(figure_content& content, std::string_view name,
                               std::string_view first, std::size_t length, std::size_t values) {
    if (length != values) {
        remember_misuse(content, "\"" + std::string(name) + "\" has " + std::to_string(length) +
                                     " " + std::string(first) + " and " + std::to_string(values) +
                                     " values; give as many of both, what has no partner is left "
                                     "out");
    }
    return (std::min)(length, values);
}

inline void add_points(figure_content& content, mark kind, std::string_view name,
                       std::vector<double> x, std::vector<double> y) {
    if (!take_frame(content, figure_frame::numbers)) return;
    const std::size_t count = same_length(content, name, "places", x.size(), y.size());
    x.resize(count);
    y.resize(count);
    content.series.push_back({kind, std::string(name), std::move(x), std::move(y), 0});
}

inline void add_histogram(figure_content& content, std::string_view name,
                          std::vector<double> values, std::size_t bins) {
    if (!take_frame(content, figure_frame::numbers)) return;
    if (bins > most_bins) {
        remember_misuse(content, "a histogram has at most 512 bins; 0 for as many as suit");
        bins = most_bins;
    }
    content.series.push_back({mark::histogram, std::string(name), std::move(values), {}, bins});
}

inline void add_bars(figure_content& content, std::string_view name,
                     std::vector<std::string> labels, const std::vector<double>& values) {
    if (!take_frame(content, figure_frame::categories)) return;
    const std::size_t count = same_length(content, name, "labels", labels.size(), values.size());
    auto& places = content.categories;
    figure_series bars{mark::bar, std::string(name), {}, {}, 0};
    std::vector<bool> taken(places.size());
    for (std::size_t i = 0; i < count; ++i) {
        std::size_t at = i;
        if (at >= places.size() || taken[at] || places[at] != labels[i]) {
            for (at = 0; at < places.size() && (taken[at] || places[at] != labels[i]);) ++at;
        }
        if (at == places.size()) {
            if (at == most_categories) {
                remember_misuse(content,
                                "there is no room for more than 2048 labels of bars; the "
                                "others are left out");
                break;
            }
            places.push_back(std::move(labels[i]));
            taken.push_back(false);
        }
        taken[at] = true;
        bars.x.push_back(static_cast<double>(at));
        bars.y.push_back(values[i]);
    }
    content.series.push_back(std::move(bars));
}

/// Numbers that lie row by row.
template <class Number>
struct number_block {
    const Number* values;
    std::size_t height;
    std::size_t width;

    std::size_t rows() const noexcept { return height; }
    std::size_t cols() const noexcept { return width; }
    Number operator()(std::size_t row, std::size_t column) const {
        return values[row * width + column];
    }
};

inline void complete_labels(figure_content& content, std::vector<std::string>& labels,
                            std::size_t count) {
    if (!labels.empty() && labels.size() != count) {
        remember_misuse(content, "there are " + std::to_string(labels.size()) + " labels for " +
                                     std::to_string(count) +
                                     " rows or columns; give one for each, or none");
    }
    labels.resize((std::min)(labels.size(), count));
    while (labels.size() < count) labels.push_back(std::to_string(labels.size()));
}

inline void add_cells(figure_content& content, figure_cells cells) {
    if (content.frame == figure_frame::cells) {
        return remember_misuse(content,
                               "a figure shows one matrix; make another figure for the "
                               "next");
    }
    if (!take_frame(content, figure_frame::cells)) return;
    std::size_t columns = 0;
    for (const auto& row : cells.rows) columns = (std::max)(columns, row.size());
    for (const auto& row : cells.rows) {
        if (row.size() == columns) continue;
        remember_misuse(content,
                        "the rows of its matrix have different lengths; give each as many "
                        "numbers, what is missing stays empty");
    }
    complete_labels(content, cells.row_labels, cells.rows.size());
    complete_labels(content, cells.column_labels, columns);
    content.cells = std::move(cells);
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
