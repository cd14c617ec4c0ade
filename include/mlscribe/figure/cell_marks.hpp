// SPDX-License-Identifier: MIT
/// \file Draws cells, the bar that explains their colours, and their numbers where they fit.
#ifndef MLSCRIBE_FIGURE_CELL_MARKS_HPP
#define MLSCRIBE_FIGURE_CELL_MARKS_HPP

#include <mlscribe/figure/cell_grid.hpp>
#include <mlscribe/figure/color_map.hpp>
#include <mlscribe/figure/svg_elements.hpp>
#include <mlscribe/figure/svg_path.hpp>
#include <mlscribe/figure/ticks.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// How cells look: of the map of colours, or one colour that is the stronger the greater the share.
class cell_look {
  public:
    explicit cell_look(bool counts) noexcept : counts_(counts) {}

    std::string fill(std::size_t level) const {
        if (!counts_) return " fill=\"" + map_color(level) + "\"";
        std::string attributes = " class=\"c0\" fill=\"currentColor\" fill-opacity=\"";
        attributes += decimal_text(
            0.06 + 0.94 * static_cast<double>(level) / static_cast<double>(color_levels - 1),
            std::chars_format::fixed, 2);
        return attributes + "\"";
    }
    /// The class of a text that is read on it.
    const char* ink(std::size_t level) const noexcept {
        if (counts_) return level >= color_levels * 4 / 5 ? "back" : "ink";
        return level >= color_levels * 4 / 9 ? "on-light" : "on-dark";
    }
    bool counts() const noexcept { return counts_; }

  private:
    bool counts_;
};

inline std::string cell_text(const figure_cell& cell, bool whole) {
    const bool in_full = whole && std::fabs(cell.value) < 1e6;
    return in_full ? decimal_text(cell.value, std::chars_format::fixed, 0)
                   : short_number(cell.value);
}
inline std::string share_text(double share) {
    return decimal_text(share * 100, std::chars_format::fixed, 0) + "%";
}

/// Whether every number has room in its cell.
inline bool has_cell_texts(const cell_grid& grid, double width, double height) {
    if (height < 16 || width < 20) return false;
    for (const figure_cell& cell : grid.cells) {
        if (text_width(cell_text(cell, grid.whole), label_size) > width - 6) return false;
    }
    return true;
}

inline void append_cells(std::string& svg, const cell_grid& grid, const cell_look& look,
                         const figure_box& plot) {
    const double width = plot.width() / static_cast<double>(grid.columns);
    const double height = plot.height() / static_cast<double>(grid.rows);
    const bool has_gaps = (std::min)(width, height) > 14;
    // A seam would show between neighbours that only meet.
    const double gap = has_gaps ? 0.5 : look.counts() ? 0 : -1;
    const double inset = has_gaps ? gap : 0;
    const auto left = [&](std::size_t column) {
        return plot.left + width * static_cast<double>(column);
    };
    const auto top = [&](std::size_t row) { return plot.top + height * static_cast<double>(row); };
    std::vector<svg_path> levels(color_levels);
    for (std::size_t i = 0; i < grid.cells.size(); ++i) {
        const figure_cell& cell = grid.cells[i];
        const std::size_t level = level_of(cell.share);
        // Without gaps, neighbours of one colour are one rectangle.
        std::size_t end = cell.column + 1;
        while (!has_gaps && i + 1 < grid.cells.size() && grid.cells[i + 1].row == cell.row &&
               grid.cells[i + 1].column == end && level_of(grid.cells[i + 1].share) == level) {
            ++end;
            ++i;
        }
        levels[level].rectangle(left(cell.column) + inset, top(cell.row) + inset,
                                (std::min)(left(end) - gap, plot.right),
                                (std::min)(top(cell.row + 1) - gap, plot.bottom));
    }
    for (std::size_t level = 0; level < color_levels; ++level) {
        append_path(svg, look.fill(level), levels[level].text());
    }
    if (!has_cell_texts(grid, width, height)) return;
    const bool has_shares = look.counts() && height >= 36 && width >= 36;
    for (const figure_cell& cell : grid.cells) {
        const char* const ink = look.ink(level_of(cell.share));
        const double x = left(cell.column) + width / 2;
        const double y = top(cell.row) + height / 2;
        append_svg_text(svg, x, has_shares ? y - 8 : y, cell_text(cell, grid.whole),
                        {ink, label_size, "middle", look.counts()}, width);
        if (!has_shares) continue;
        append_svg_text(svg, x, y + 8, share_text(cell.share), {ink, tick_size, "middle"}, width);
    }
}

/// What the colours mean, from the least at the bottom to the greatest.
class color_bar {
  public:
    color_bar(const value_range& range, const cell_look& look, double height) : look_(look) {
        const int most = (std::max)(3, static_cast<int>(height / 42));
        range_ = look.counts() ? value_range{0, 100, false} : range;
        ticks_ = linear_ticks(range_, most);
        if (!look.counts()) return;
        for (tick& each : ticks_) each.text += '%';
    }

    double width() const {
        double widest = 0;
        for (const tick& each : ticks_) {
            widest = (std::max)(widest, text_width(each.text, tick_size));
        }
        return 16 + bar + 6 + widest;
    }

    /// \param left  where the plot ends
    void append_to(std::string& svg, double left, double top, double bottom) const {
        const double step = (bottom - top) / static_cast<double>(color_levels);
        for (std::size_t level = 0; level < color_levels; ++level) {
            svg_path part;
            const double foot = bottom - step * static_cast<double>(level);
            part.rectangle(left + 16, foot - step, left + 16 + bar, foot);
            append_path(svg, look_.fill(level) + " shape-rendering=\"crispEdges\"", part.text());
        }
        for (const tick& each : ticks_) {
            const double share = (each.value - range_.low) / (range_.high - range_.low);
            append_svg_text(svg, left + 16 + bar + 6, bottom - share * (bottom - top), each.text,
                            {"muted", tick_size}, 200);
        }
    }

  private:
    static constexpr double bar = 12;

    const cell_look& look_;
    value_range range_;
    std::vector<tick> ticks_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
