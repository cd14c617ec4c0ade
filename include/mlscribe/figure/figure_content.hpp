// SPDX-License-Identifier: MIT
/// \file What a figure shows, before it is drawn.
#ifndef MLSCRIBE_FIGURE_FIGURE_CONTENT_HPP
#define MLSCRIBE_FIGURE_FIGURE_CONTENT_HPP

#include <mlscribe/config/config.hpp>

#include <cstddef>
#include <string>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

/// Which background a figure has.
enum class figure_theme {
    automatic,  ///< the one that the reader's browser prefers, else light
    light,
    dark,
};

namespace detail {

enum class mark { line, scatter, histogram, bar };

/// What the space between the axes is made of; marks of different frames do not share a figure.
enum class figure_frame { none, numbers, categories, cells };

struct figure_series {
    mark kind = mark::line;
    std::string name;
    std::vector<double> x;  ///< of a histogram its values, of a bar the number of its category
    std::vector<double> y;
    std::size_t bins = 0;  ///< of a histogram; 0 for as many as suit
};

struct figure_axis {
    std::string label;
    bool logarithmic = false;
    bool limited = false;
    double from = 0;
    double to = 0;
};

struct figure_cells {
    std::vector<std::vector<double>> rows;  ///< none longer than there are column_labels
    std::vector<std::string> row_labels;
    std::vector<std::string> column_labels;
    bool counts = false;  ///< of a confusion matrix: each row is shown in shares of its sum
};

struct figure_content {
    std::string title;
    std::string subtitle;
    figure_axis x;
    figure_axis y;
    int width = 640;
    int height = 400;
    figure_theme theme = figure_theme::automatic;
    figure_frame frame = figure_frame::none;
    std::vector<figure_series> series;
    std::vector<std::string> categories;
    figure_cells cells;
    std::vector<std::string> misuses;  ///< what was not used as it should
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
