// SPDX-License-Identifier: MIT
/// \file Axes of numbers: their room, grid, ticks and labels.
#ifndef MLSCRIBE_FIGURE_AXES_HPP
#define MLSCRIBE_FIGURE_AXES_HPP

#include <mlscribe/figure/axis_values.hpp>
#include <mlscribe/figure/scale.hpp>
#include <mlscribe/figure/svg_elements.hpp>
#include <mlscribe/figure/svg_path.hpp>
#include <mlscribe/figure/ticks.hpp>

#include <algorithm>
#include <string>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

inline constexpr double label_row = 19;
inline constexpr double tick_row = 17;

inline double widest_text(const std::vector<tick>& ticks) {
    double width = 0;
    for (const tick& each : ticks) width = (std::max)(width, text_width(each.text, tick_size));
    return width;
}

/// The axis at the left. Takes its room from `box`, whose top and bottom are those of the plot.
class left_axis {
  public:
    left_axis(const axis_values& values, figure_box& box)
        : scale_(values.range(), values.logarithmic(), box.bottom, box.top),
          ticks_(values.ticks((std::max)(3, static_cast<int>(box.height() / 42)))),
          label_(values.label()),
          label_x_(box.left + 6) {
        if (!label_.empty()) box.left += label_row;
        box.left += widest_text(ticks_) + 8;
    }

    const scale& places() const noexcept { return scale_; }

    void append_to(std::string& svg, const figure_box& plot) const {
        svg_path grid;
        for (const tick& each : ticks_) {
            if (each.text.empty()) continue;
            const double y = scale_.place(each.value);
            grid.move_to(plot.left, y);
            grid.line_to(plot.right, y);
        }
        append_path(svg, " class=\"grid\" fill=\"none\"", grid.text());
        for (const tick& each : ticks_) {
            if (each.text.empty()) continue;
            append_svg_text(svg, plot.left - 8, scale_.place(each.value), each.text,
                            {"muted", tick_size, "end"}, plot.left);
        }
        if (label_.empty()) return;
        append_svg_text(svg, label_x_, (plot.top + plot.bottom) / 2, label_,
                        {"ink", label_size, "middle", false, -90}, plot.height());
    }

  private:
    scale scale_;
    std::vector<tick> ticks_;
    std::string label_;
    double label_x_;
};

/// The axis at the bottom; its ticks are as many as their texts leave room for.
class bottom_axis {
  public:
    /// \param plot  what is left after the room of this axis was taken
    bottom_axis(const axis_values& values, const figure_box& plot)
        : scale_(values.range(), values.logarithmic(), plot.left, plot.right),
          label_(values.label()) {
        for (int most = (std::max)(3, static_cast<int>(plot.width() / 64)); most > 0; --most) {
            ticks_ = values.ticks(most);
            if (has_room()) return;
        }
        ticks_.resize((std::min)(ticks_.size(), std::size_t(1)));
    }

    const scale& places() const noexcept { return scale_; }

    void append_to(std::string& svg, const figure_box& plot) const {
        svg_path marks;
        marks.move_to(plot.left, plot.bottom);
        marks.line_to(plot.right, plot.bottom);
        for (const tick& each : ticks_) {
            const double x = scale_.place(each.value);
            marks.move_to(x, plot.bottom);
            marks.line_to(x, plot.bottom + (each.text.empty() ? 3 : 5));
        }
        append_path(svg, " class=\"axis\" fill=\"none\"", marks.text());
        for (const tick& each : ticks_) {
            if (each.text.empty()) continue;
            append_svg_text(svg, scale_.place(each.value), plot.bottom + 13, each.text,
                            {"muted", tick_size, "middle"}, plot.right);
        }
        if (label_.empty()) return;
        append_svg_text(svg, (plot.left + plot.right) / 2, plot.bottom + 13 + label_row, label_,
                        {"ink", label_size, "middle"}, plot.width());
    }

  private:
    bool has_room() const {
        double end = -1e9;
        for (const tick& each : ticks_) {
            if (each.text.empty()) continue;
            const double half = text_width(each.text, tick_size) / 2;
            const double x = scale_.place(each.value);
            if (x - half < end + 8) return false;
            end = x + half;
        }
        return true;
    }

    scale scale_;
    std::vector<tick> ticks_;
    std::string label_;
};

/// Begins a part that shows nothing beyond its border.
inline void open_cut(std::string& svg, const figure_box& box) {
    svg += "<svg";
    append_attribute(svg, "x", box.left);
    append_attribute(svg, "y", box.top);
    append_attribute(svg, "width", box.width());
    append_attribute(svg, "height", box.height());
    svg += " viewBox=\"";
    for (const double pixels : {box.left, box.top, box.width(), box.height()}) {
        append_pixels(svg, pixels);
        svg += ' ';
    }
    svg.back() = '"';
    svg += ">\n";
}

/// The room that the bottom axis needs.
inline double bottom_room(std::string_view label) noexcept {
    return tick_row + (label.empty() ? 2 : label_row + 2);
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
