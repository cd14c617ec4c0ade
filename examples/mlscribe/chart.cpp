// SPDX-License-Identifier: MIT
#include "chart.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "canvas.hpp"
#include "value_text.hpp"

namespace tool {
namespace {

/// From the lowest to the highest value of one axis.
struct span {
    double low = std::numeric_limits<double>::infinity();
    double high = -std::numeric_limits<double>::infinity();

    bool empty() const { return !(low <= high); }
    void add(double value) {
        low = (std::min)(low, value);
        high = (std::max)(high, value);
    }
    /// 0 at low, 1 at high; in halves, as the span of the largest numbers is infinite.
    double share(double value) const {
        const double width = high / 2 - low / 2;
        return width > 0 ? (value / 2 - low / 2) / width : 0.5;
    }
    double at(double share_of_it) const { return low * (1 - share_of_it) + high * share_of_it; }
};

bool can_be_drawn(const chart_point& point, bool logarithmic) {
    return std::isfinite(point.x) && std::isfinite(point.y) && (!logarithmic || point.y > 0);
}

double scaled(double y, bool logarithmic) {
    return logarithmic ? std::log10(y) : y;
}

std::size_t dot_at(double share, std::size_t dots_of_axis) {
    return static_cast<std::size_t>(share * static_cast<double>(dots_of_axis - 1) + 0.5);
}

void draw(canvas& on, const chart_series& curve, std::size_t which, const span& xs, const span& ys,
          bool logarithmic) {
    bool joined = false;
    std::size_t last_x = 0;
    std::size_t last_y = 0;
    for (const chart_point& point : curve.points) {
        if (!can_be_drawn(point, logarithmic)) {
            joined = false;
            continue;
        }
        const std::size_t x = dot_at(xs.share(point.x), on.width());
        const std::size_t y = dot_at(1 - ys.share(scaled(point.y, logarithmic)), on.height());
        on.line(joined ? last_x : x, joined ? last_y : y, x, y, which);
        joined = true;
        last_x = x;
        last_y = y;
    }
}

std::string tick(double value, bool logarithmic) {
    return short_number(logarithmic ? std::pow(10.0, value) : value);
}

/// `text` with blanks before it.
std::string right_aligned(const std::string& text, std::size_t width) {
    return std::string(width - (std::min)(width, text.size()), ' ') + text;
}

std::string x_axis(const span& xs, std::size_t columns, const std::string& title) {
    const std::string left = short_number(xs.low);
    const std::string right = short_number(xs.high);
    std::string text = left;
    const std::size_t used = left.size() + title.size() + right.size();
    const std::size_t free = columns > used ? columns - used : 0;
    if (free >= 2) {
        text += std::string(free / 2, ' ') + title + std::string(free - free / 2, ' ') + right;
    } else {
        text += std::string(
                    columns > left.size() + right.size() ? columns - left.size() - right.size() : 1,
                    ' ') +
                right;
    }
    return text;
}

std::string legend(const output& out, const chart_series& curve, std::size_t which,
                   const chart_options& options, const std::string& mark) {
    std::size_t left_out = 0;
    span values;
    for (const chart_point& point : curve.points) {
        if (can_be_drawn(point, options.logarithmic)) {
            values.add(point.y);
        } else {
            ++left_out;
        }
    }
    std::string text = out.shown(curve.label) + "  " + counted(curve.points.size(), "point");
    if (!values.empty()) {
        text += ", " + short_number(values.low) + " to " + short_number(values.high);
    }
    if (left_out > 0) text += ", " + std::to_string(left_out) + " cannot be drawn";
    return out.painted(mark, canvas::ink_of_series(which)) + ' ' +
           cut(text, options.columns > 2 ? options.columns - 2 : 1, out.letters()) + '\n';
}

}  // namespace

bool print_chart(output& out, const std::vector<chart_series>& curves,
                 const chart_options& options) {
    span xs;
    span ys;
    for (const chart_series& curve : curves) {
        for (const chart_point& point : curve.points) {
            if (!can_be_drawn(point, options.logarithmic)) continue;
            xs.add(point.x);
            ys.add(scaled(point.y, options.logarithmic));
        }
    }
    if (xs.empty()) return false;
    // Dots of several curves look alike where there is no colour.
    const bool braille = !options.ascii && (curves.size() == 1 || out.has_colours());
    const std::size_t rows = (std::max)(options.rows, std::size_t{3});
    const std::size_t middle = (rows - 1) / 2;
    std::vector<std::string> ticks(rows);
    ticks[0] = tick(ys.high, options.logarithmic);
    if (ys.low < ys.high) {
        ticks[rows - 1] = tick(ys.low, options.logarithmic);
        const double share = static_cast<double>(middle) / static_cast<double>(rows - 1);
        ticks[middle] = tick(ys.at(1 - share), options.logarithmic);
    } else {
        std::swap(ticks[0], ticks[middle]);
    }
    std::size_t margin = 0;
    for (const std::string& each : ticks) margin = (std::max)(margin, each.size());
    const std::size_t columns =
        (std::max)(options.columns > margin + 2 ? options.columns - margin - 2 : 0, std::size_t{4});
    canvas on(columns, rows, braille ? dots::braille : dots::letters);
    for (std::size_t i = 0; i < curves.size(); ++i) {
        draw(on, curves[i], i, xs, ys, options.logarithmic);
    }
    for (std::size_t i = 0; i < rows; ++i) {
        const char* const axis =
            options.ascii ? (ticks[i].empty() ? "|" : "+") : (ticks[i].empty() ? "│" : "┤");
        out.write(right_aligned(ticks[i], margin) + ' ' + axis + on.row(i, out) + '\n');
    }
    std::string line = std::string(margin + 1, ' ') + (options.ascii ? "+" : "└");
    for (std::size_t i = 0; i < columns; ++i) line += options.ascii ? "-" : "─";
    out.write(line + '\n');
    out.write(std::string(margin + 2, ' ') + x_axis(xs, columns, options.x_title) + '\n');
    for (std::size_t i = 0; i < curves.size(); ++i) {
        const std::string mark = braille ? "⣿" : std::string(1, canvas::letter_of_series(i));
        out.write(legend(out, curves[i], i, options, mark));
    }
    return true;
}

}  // namespace tool
