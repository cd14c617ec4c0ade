// SPDX-License-Identifier: MIT
/// \file From where to where an axis goes, and which ticks it has.
#ifndef MLSCRIBE_FIGURE_AXIS_VALUES_HPP
#define MLSCRIBE_FIGURE_AXIS_VALUES_HPP

#include <mlscribe/figure/figure_content.hpp>
#include <mlscribe/figure/ticks.hpp>
#include <mlscribe/figure/value_range.hpp>

#include <cmath>
#include <string>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

class axis_values {
  public:
    /// \param room  at both ends, as a share of the length
    axis_values(const figure_axis& axis, double room) noexcept : axis_(axis), room_(room) {}

    /// \param value  one that this axis can show
    void see(double value) noexcept {
        seen_.add(value);
        is_whole_ = is_whole_ && value == std::floor(value);
    }

    bool empty() const noexcept { return seen_.empty; }
    bool logarithmic() const noexcept { return axis_.logarithmic; }
    const std::string& label() const noexcept { return axis_.label; }
    const value_range& seen() const noexcept { return seen_; }

    value_range range() const noexcept {
        if (axis_.limited && (!axis_.logarithmic || axis_.from >= least_positive)) {
            return {axis_.from, axis_.to, false};
        }
        return widened(seen_, axis_.logarithmic, room_);
    }
    std::vector<tick> ticks(int most) const {
        return axis_.logarithmic ? logarithmic_ticks(range(), most)
                                 : linear_ticks(range(), most, is_whole_);
    }

  private:
    const figure_axis& axis_;
    double room_;
    value_range seen_;
    bool is_whole_ = true;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
