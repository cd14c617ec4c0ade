// SPDX-License-Identifier: MIT
/// \file The `d` of a path, in relative steps of a tenth of a pixel, which take the least room.
#ifndef MLSCRIBE_FIGURE_SVG_PATH_HPP
#define MLSCRIBE_FIGURE_SVG_PATH_HPP

#include <mlscribe/figure/svg_text.hpp>

#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

class svg_path {
  public:
    void move_to(double x, double y) { step_to('m', x, y); }
    void line_to(double x, double y) { step_to('l', x, y); }
    /// A dot, where the ends of strokes are round (or square).
    void dot(double x, double y) {
        move_to(x, y);
        text_ += "h0";
        last_ = 'h';
    }
    /// A shape drawn from (x, y) and back to it. \param steps  relative, closed
    void shape(double x, double y, std::string_view steps) {
        move_to(x, y);
        text_ += steps;
        last_ = 'z';
    }
    /// Rounds the edges, so that neighbours neither overlap nor leave a gap.
    void rectangle(double left, double top, double right, double bottom) {
        move_to(left, top);
        append("h", tenths(right) - x_);
        append("v", tenths(bottom) - y_);
        append("h", x_ - tenths(right));
        text_ += 'z';
        last_ = 'z';
    }

    const std::string& text() const noexcept { return text_; }

  private:
    void step_to(char command, double x, double y) {
        const long to_x = tenths(x);
        const long to_y = tenths(y);
        if (command == 'l' && to_x == x_ && to_y == y_) return;
        const bool repeats = command == last_ && command == 'l';
        if (!repeats) text_ += command;
        if (repeats && to_x >= x_) text_ += ' ';
        append_tenths(text_, to_x - x_);
        if (to_y >= y_) text_ += ' ';
        append_tenths(text_, to_y - y_);
        x_ = to_x;
        y_ = to_y;
        last_ = command;
    }
    void append(const char* command, long step) {
        text_ += command;
        append_tenths(text_, step);
    }

    std::string text_;
    char last_ = 0;
    long x_ = 0;
    long y_ = 0;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
