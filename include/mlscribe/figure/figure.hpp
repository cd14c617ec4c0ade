// SPDX-License-Identifier: MIT
/// \file A chart that is put together call by call and becomes SVG.
#ifndef MLSCRIBE_FIGURE_FIGURE_HPP
#define MLSCRIBE_FIGURE_FIGURE_HPP

#include <mlscribe/figure/figure_content.hpp>
#include <mlscribe/figure/figure_filling.hpp>
#include <mlscribe/figure/figure_text.hpp>
#include <mlscribe/figure/number_list.hpp>

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

/// A chart: lines, points, histograms and any mix of them; or bars; or a heat map; or a confusion
/// matrix. Numbers are any range of arithmetic values, or in braces. A value that is not finite (or
/// beyond 1e300) is a gap, one that a logarithmic axis cannot show is left out, and a note in the
/// picture counts them. A picture of a million points stays small and keeps its peaks.
///
/// Wrong use never costs the picture: what fits is drawn, a note tells the rest, and misuse() holds
/// it, which `run.log_figure` reports. Where memory is out the calls here throw std::bad_alloc,
/// which `run.log_figure` does not.
/// \threadsafety an object is one thread's at a time
class figure {
  public:
    explicit figure(std::string_view title = {}) { content_.title = title; }

    /// A smaller line below the title.
    figure& subtitle(std::string_view text) { return content_.subtitle = text, *this; }
    /// What stands along the axis.
    figure& x_label(std::string_view text) { return content_.x.label = text, *this; }
    figure& y_label(std::string_view text) { return content_.y.label = text, *this; }
    /// A logarithmic axis. Bars and cells have none along their categories.
    figure& log_x() { return content_.x.logarithmic = true, *this; }
    figure& log_y() { return content_.y.logarithmic = true, *this; }
    /// Shows this part only; without, all there is. \onfailure invalid_value unless from < to
    figure& x_limits(double from, double to) {
        return detail::limit_axis(content_, content_.x, from, to), *this;
    }
    figure& y_limits(double from, double to) {
        return detail::limit_axis(content_, content_.y, from, to), *this;
    }
    /// In CSS pixels; the picture scales. \onfailure invalid_value unless 240..4096 × 180..4096
    figure& size(int width, int height) {
        return detail::size_figure(content_, width, height), *this;
    }
    /// Colours for a light or a dark background; without, those that the reader's browser prefers.
    figure& theme(figure_theme background) { return content_.theme = background, *this; }

    /// A line through (xs[i], ys[i]), in this order. \param name  for the legend
    /// \onfailure invalid_value: the lengths differ
    template <class Xs = std::initializer_list<double>, class Ys = std::initializer_list<double>,
              detail::if_number_list<Xs> = 0, detail::if_number_list<Ys> = 0>
    figure& line(const Xs& xs, const Ys& ys, std::string_view name = {}) {
        return add(detail::mark::line, name, detail::number_list(xs), detail::number_list(ys));
    }
    /// The same over 0, 1, 2, …
    template <class Ys = std::initializer_list<double>, detail::if_number_list<Ys> = 0>
    figure& line(const Ys& ys, std::string_view name = {}) {
        auto values = detail::number_list(ys);
        auto places = detail::counted_up(values.size());
        return add(detail::mark::line, name, std::move(places), std::move(values));
    }
    /// A point at each (xs[i], ys[i]). \onfailure invalid_value: the lengths differ
    template <class Xs = std::initializer_list<double>, class Ys = std::initializer_list<double>,
              detail::if_number_list<Xs> = 0, detail::if_number_list<Ys> = 0>
    figure& scatter(const Xs& xs, const Ys& ys, std::string_view name = {}) {
        return add(detail::mark::scatter, name, detail::number_list(xs), detail::number_list(ys));
    }
    /// How many values lie in each of `bins` steps between the least and the greatest; several
    /// histograms share their steps. \param bins  1..512; 0 for as many as suit the values
    template <class Values = std::initializer_list<double>, detail::if_number_list<Values> = 0>
    figure& histogram(const Values& values, std::size_t bins, std::string_view name = {}) {
        return detail::add_histogram(content_, name, detail::number_list(values), bins), *this;
    }
    template <class Values = std::initializer_list<double>, detail::if_number_list<Values> = 0>
    figure& histogram(const Values& values, std::string_view name = {}) {
        return histogram(values, 0, name);
    }
    /// A bar for each label; several series stand side by side, value by label.
    /// \onfailure invalid_value: the lengths differ
    template <class Labels = std::initializer_list<std::string_view>,
              class Values = std::initializer_list<double>, detail::if_text_list<Labels> = 0,
              detail::if_number_list<Values> = 0>
    figure& bar(const Labels& labels, const Values& values, std::string_view name = {}) {
        detail::add_bars(content_, name, detail::text_list(labels), detail::number_list(values));
        return *this;
    }

    /// A coloured cell for each number of a matrix, its first row on top: rows nested in each
    /// other, a matrix of Eigen, mlscribe::array or array_view. A figure has one.
    /// \param row_labels, column_labels  texts; none for numbers from 0
    /// \onfailure invalid_value: rows of different lengths, not as many labels as rows or columns
    template <class Matrix = std::initializer_list<std::initializer_list<double>>,
              class Rows = std::initializer_list<std::string_view>,
              class Columns = std::initializer_list<std::string_view>,
              detail::if_text_list<Rows> = 0, detail::if_text_list<Columns> = 0>
    figure& heat_map(const Matrix& matrix, const Rows& row_labels = {},
                     const Columns& column_labels = {}) {
        return add_cells(matrix, row_labels, column_labels, false);
    }
    /// The same of rows × columns numbers that lie row by row at `values`.
    template <class Number, class Rows = std::initializer_list<std::string_view>,
              class Columns = std::initializer_list<std::string_view>,
              detail::if_text_list<Rows> = 0, detail::if_text_list<Columns> = 0>
    figure& heat_map(const Number* values, std::size_t rows, std::size_t columns,
                     const Rows& row_labels = {}, const Columns& column_labels = {}) {
        const detail::number_block<Number> matrix{values, rows, columns};
        return add_cells(matrix, row_labels, column_labels, false);
    }
    /// How often each class (row) was taken for each (column): the count, and its share of the row.
    template <class Matrix = std::initializer_list<std::initializer_list<double>>,
              class Labels = std::initializer_list<std::string_view>,
              detail::if_text_list<Labels> = 0>
    figure& confusion_matrix(const Matrix& counts, const Labels& labels = {}) {
        return add_cells(counts, labels, labels, true);
    }

    /// The picture: one `<svg>` element, UTF-8, without scripts, ids or links, so that it can also
    /// stand inside an HTML page. The same calls give the same bytes.
    /// \cost linear in the points; 1e6 of them take some 20 ms and become a few 10 KB
    std::string svg() const { return detail::figure_text(content_); }

    /// The calls that were not used as they should; code ok where all were.
    error misuse() const { return detail::misuse_of(content_); }

  private:
    figure& add(detail::mark kind, std::string_view name, std::vector<double> x,
                std::vector<double> y) {
        return detail::add_points(content_, kind, name, std::move(x), std::move(y)), *this;
    }
    template <class Matrix, class Rows, class Columns>
    figure& add_cells(const Matrix& matrix, const Rows& rows, const Columns& columns, bool counts) {
        detail::figure_cells cells{detail::number_rows(matrix), detail::text_list(rows),
                                   detail::text_list(columns), counts};
        return detail::add_cells(content_, std::move(cells)), *this;
    }

    detail::figure_content content_;
};

MLSCRIBE_NAMESPACE_END

#endif
