// SPDX-License-Identifier: MIT
/// \file A line through any number of points, in a path that is no larger than the eye can tell.
#ifndef MLSCRIBE_FIGURE_LINE_PATH_HPP
#define MLSCRIBE_FIGURE_LINE_PATH_HPP

#include <mlscribe/figure/svg_path.hpp>

#include <cmath>
#include <cstddef>
#include <string>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Of the points that follow each other within one column of pixels it keeps the first, the lowest,
/// the highest and the last: every peak stays. A gap within a column is none.
class line_path {
  public:
    void add(double x, double y) {
        const double column = std::floor(x);
        const vertex point{x, y, count_++};
        if (!is_open_ || column != column_) {
            put_column();
            if (is_interrupted_) end_part();
            is_open_ = true;
            column_ = column;
            first_ = lowest_ = highest_ = point;
        } else if (y < highest_.y) {
            highest_ = point;
        } else if (y > lowest_.y) {
            lowest_ = point;
        }
        is_interrupted_ = false;
        last_ = point;
    }

    /// The next point starts anew.
    void interrupt() noexcept { is_interrupted_ = true; }

    void finish() {
        put_column();
        end_part();
    }

    /// Of the `d` attribute, after finish().
    const std::string& text() const noexcept { return path_.text(); }

  private:
    struct vertex {
        double x = 0;
        double y = 0;
        std::size_t index = 0;
    };

    void put_column() {
        if (!is_open_) return;
        is_open_ = false;
        put(first_);
        put(lowest_.index < highest_.index ? lowest_ : highest_);
        put(lowest_.index < highest_.index ? highest_ : lowest_);
        put(last_);
    }
    void put(const vertex& point) {
        if (drawn_ != 0 && point.index == put_index_) return;
        put_index_ = point.index;
        if (drawn_++ == 0) {
            path_.move_to(point.x, point.y);
        } else {
            path_.line_to(point.x, point.y);
        }
    }
    /// A point that stands alone becomes a dot.
    void end_part() {
        if (drawn_ == 1) path_.dot(first_.x, first_.y);
        drawn_ = 0;
    }

    svg_path path_;
    bool is_open_ = false;
    bool is_interrupted_ = false;
    double column_ = 0;
    std::size_t count_ = 0;
    std::size_t drawn_ = 0;
    std::size_t put_index_ = 0;
    vertex first_;
    vertex lowest_;
    vertex highest_;
    vertex last_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
