// SPDX-License-Identifier: MIT
/// \file Values counted in steps from the least to the greatest of them.
#ifndef MLSCRIBE_FIGURE_HISTOGRAM_BINS_HPP
#define MLSCRIBE_FIGURE_HISTOGRAM_BINS_HPP

#include <mlscribe/figure/value_range.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// The steps that all histograms of a figure share; even ones of the exponent on a logarithmic
/// axis.
class histogram_bins {
  public:
    histogram_bins() = default;
    /// \param values  that an axis of this kind shows; not empty
    /// \param count   0 for the rule of Freedman and Diaconis, at most 60
    histogram_bins(std::vector<double> values, bool logarithmic, std::size_t count)
        : logarithmic_(logarithmic), count_(count) {
        value_range seen;
        for (double& value : values) {
            seen.add(value);
            value = along(value);
        }
        range_ = widened(seen, logarithmic, 0);
        if (count_ == 0) count_ = suitable_count(std::move(values));
    }

    std::size_t count() const noexcept { return count_; }
    std::size_t bin_of(double value) const noexcept {
        const double low = along(range_.low);
        const double share = (along(value) - low) / (along(range_.high) - low);
        const double bin = std::floor(share * static_cast<double>(count_));
        return bin <= 0 ? 0 : (std::min)(static_cast<std::size_t>(bin), count_ - 1);
    }
    double edge(std::size_t bin) const noexcept {
        if (bin == 0) return range_.low;
        if (bin == count_) return range_.high;
        const double share = static_cast<double>(bin) / static_cast<double>(count_);
        const double low = along(range_.low);
        const double place = low + (along(range_.high) - low) * share;
        return logarithmic_ ? std::pow(10, place) : place;
    }

  private:
    double along(double value) const noexcept { return logarithmic_ ? std::log10(value) : value; }

    std::size_t suitable_count(std::vector<double> places) const {
        const auto quarter = static_cast<std::ptrdiff_t>(places.size() / 4);
        std::nth_element(places.begin(), places.begin() + quarter, places.end());
        const double lower = places[static_cast<std::size_t>(quarter)];
        std::nth_element(places.begin(), places.end() - 1 - quarter, places.end());
        const double upper = *(places.end() - 1 - quarter);
        const double size = static_cast<double>(places.size());
        const double width = 2 * (upper - lower) / std::cbrt(size);
        const double length = along(range_.high) - along(range_.low);
        const double bins =
            width * 60 > length ? std::ceil(length / width) : std::ceil(std::log2(size)) + 1;
        return static_cast<std::size_t>((std::min)((std::max)(bins, 1.0), 60.0));
    }

    value_range range_;
    bool logarithmic_ = false;
    std::size_t count_ = 0;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
