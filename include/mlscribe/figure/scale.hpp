// SPDX-License-Identifier: MIT
/// \file From a value to its place in the picture, in even steps or in powers of ten.
#ifndef MLSCRIBE_FIGURE_SCALE_HPP
#define MLSCRIBE_FIGURE_SCALE_HPP

#include <mlscribe/figure/value_range.hpp>

#include <algorithm>
#include <cmath>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

class scale {
  public:
    scale() = default;
    /// \param range  not empty; of positive values where logarithmic
    /// \param first, last  the pixels of its ends
    scale(const value_range& range, bool logarithmic, double first, double last) noexcept
        : range_(range), logarithmic_(logarithmic), first_(first), last_(last) {}

    double first() const noexcept { return first_; }
    double last() const noexcept { return last_; }

    bool shows(double value) const noexcept {
        return is_drawn(value) && (!logarithmic_ || value > 0);
    }
    /// Of a value that it shows; what is far outside of the picture is brought nearer.
    double place(double value) const noexcept {
        const double low = along(range_.low);
        const double share = (along(value) - low) / (along(range_.high) - low);
        return first_ + (std::min)((std::max)(share, -99.0), 100.0) * (last_ - first_);
    }

  private:
    double along(double value) const noexcept { return logarithmic_ ? std::log10(value) : value; }

    value_range range_{0, 1, false};
    bool logarithmic_ = false;
    double first_ = 0;
    double last_ = 1;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
