// SPDX-License-Identifier: MIT
/// \file The numbers of a matrix as coloured cells: of a large one the means of blocks.
#ifndef MLSCRIBE_FIGURE_CELL_GRID_HPP
#define MLSCRIBE_FIGURE_CELL_GRID_HPP

#include <mlscribe/figure/figure_content.hpp>
#include <mlscribe/figure/figure_notes.hpp>
#include <mlscribe/figure/value_range.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

struct figure_cell {
    std::size_t row = 0;
    std::size_t column = 0;
    double value = 0;  ///< of a confusion matrix a count
    double share = 0;  ///< of the range of all values; of a confusion matrix of the row's sum
};

struct cell_grid {
    std::size_t rows = 0;
    std::size_t columns = 0;
    std::vector<figure_cell> cells;  ///< without those that have no number
    value_range range;               ///< of their values
    bool whole = true;               ///< whether these are whole numbers
};

/// More in a direction could not be told apart, and would make a large file.
inline constexpr std::size_t most_grid_rows = 64;
inline constexpr std::size_t most_grid_columns = 96;

inline double row_sum(const std::vector<double>& row) noexcept {
    double sum = 0;
    for (const double value : row) sum += is_drawn(value) ? value : 0;
    return sum;
}

inline double share_of(double value, double whole) noexcept {
    if (!(whole > 0)) return 0;
    return (std::min)((std::max)(value / whole, 0.0), 1.0);
}

inline cell_grid cell_grid_of(const figure_cells& all, figure_notes& notes) {
    const std::size_t high = (all.rows.size() + most_grid_rows - 1) / most_grid_rows;
    const std::size_t wide = (all.column_labels.size() + most_grid_columns - 1) / most_grid_columns;
    cell_grid grid;
    if (high == 0 || wide == 0) return grid;
    grid.rows = (all.rows.size() + high - 1) / high;
    grid.columns = (all.column_labels.size() + wide - 1) / wide;
    std::vector<double> sums(grid.rows * grid.columns);
    std::vector<double> shares(sums.size());
    std::vector<double> counts(sums.size());
    for (std::size_t row = 0; row < all.rows.size(); ++row) {
        const double whole = all.counts ? row_sum(all.rows[row]) : 0;
        for (std::size_t column = 0; column < all.rows[row].size(); ++column) {
            const double value = all.rows[row][column];
            if (!notes.admits(value, false)) continue;
            const std::size_t at = row / high * grid.columns + column / wide;
            sums[at] += value / static_cast<double>(high * wide);
            shares[at] += share_of(value, whole);
            counts[at] += 1;
        }
    }
    for (std::size_t at = 0; at < sums.size(); ++at) {
        if (counts[at] < 1) continue;
        const double value = sums[at] * (static_cast<double>(high * wide) / counts[at]);
        grid.range.add(value);
        grid.whole = grid.whole && value == std::floor(value);
        grid.cells.push_back(
            {at / grid.columns, at % grid.columns, value, shares[at] / counts[at]});
    }
    if (high * wide != 1) {
        notes.tell("Each cell shows the mean of " + std::to_string(high) + " x " +
                   std::to_string(wide) + " numbers");
    }
    if (all.counts) return grid;
    grid.range = widened(grid.range, false, 0);
    for (figure_cell& cell : grid.cells) {
        cell.share = share_of(cell.value - grid.range.low, grid.range.high - grid.range.low);
    }
    return grid;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
