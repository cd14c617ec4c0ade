// SPDX-License-Identifier: MIT
/// \file A heat map or a confusion matrix, with its labels.
#ifndef MLSCRIBE_FIGURE_CELL_PLOT_HPP
#define MLSCRIBE_FIGURE_CELL_PLOT_HPP

#include <mlscribe/figure/axes.hpp>
#include <mlscribe/figure/category_labels.hpp>
#include <mlscribe/figure/cell_grid.hpp>
#include <mlscribe/figure/cell_marks.hpp>
#include <mlscribe/figure/figure_content.hpp>
#include <mlscribe/figure/page.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

class cell_plot {
  public:
    explicit cell_plot(const figure_content& content)
        : content_(content), look_(content.cells.counts) {
        grid_ = cell_grid_of(content.cells, notes_);
    }

    const figure_notes& notes() const noexcept { return notes_; }

    void append_to(std::string& svg, figure_box box) const {
        if (grid_.cells.empty()) return append_no_data(svg, box);
        const figure_cells& cells = content_.cells;
        const std::string across = label_or(content_.x.label, "predicted");
        const std::string down = label_or(content_.y.label, "true");
        const double label_x = box.left + 6;
        if (!down.empty()) box.left += label_row;
        const double row_room = (std::min)(widest_label(cells.row_labels), box.width() * 0.3);
        box.left += row_room + 8;
        const color_bar bar(grid_.range, look_, box.height() * 0.8);
        const category_labels labels(cells.column_labels,
                                     {box.left + bar.width(), box.top, box.right, box.bottom});
        box.bottom -= labels.height() + (across.empty() ? 0 : label_row);
        const bool has_bar = box.width() - bar.width() >= 80 && !(look_.counts() && has_texts(box));
        if (has_bar) box.right -= bar.width();
        if (!look_.counts()) append_rectangle(svg, " class=\"empty\"", box);
        append_cells(svg, grid_, look_, box);
        if (has_bar) bar.append_to(svg, box.right, box.top, box.bottom);
        append_row_labels(svg, box, row_room);
        labels.append_to(svg, box.left, box.right, box.bottom);
        append_svg_text(svg, (box.left + box.right) / 2,
                        box.bottom + labels.height() + label_row / 2, across,
                        {"ink", label_size, "middle"}, box.width());
        append_svg_text(svg, label_x, (box.top + box.bottom) / 2, down,
                        {"ink", label_size, "middle", false, -90}, box.height());
    }

  private:
    bool has_texts(const figure_box& plot) const {
        return has_cell_texts(grid_, plot.width() / static_cast<double>(grid_.columns),
                              plot.height() / static_cast<double>(grid_.rows));
    }

    std::string label_or(const std::string& label, const char* usual) const {
        return label.empty() && look_.counts() ? usual : label;
    }

    void append_row_labels(std::string& svg, const figure_box& plot, double room) const {
        const auto& labels = content_.cells.row_labels;
        const double row = plot.height() / static_cast<double>(labels.size());
        const auto every = static_cast<std::size_t>((std::max)(1.0, std::ceil(14 / row)));
        for (std::size_t i = 0; i < labels.size(); i += every) {
            append_svg_text(svg, plot.left - 8, plot.top + row * (static_cast<double>(i) + 0.5),
                            labels[i], {"muted", tick_size, "end", false, 0, cut::inside}, room);
        }
    }

    const figure_content& content_;
    cell_look look_;
    figure_notes notes_;
    cell_grid grid_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
