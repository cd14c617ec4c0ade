// SPDX-License-Identifier: MIT
/// \file Which values a picture can show, and from where to where they go.
#ifndef MLSCRIBE_FIGURE_VALUE_RANGE_HPP
#define MLSCRIBE_FIGURE_VALUE_RANGE_HPP

#include <mlscribe/config/config.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Whether a value has a place: told by its bits, since comparisons with NaN vanish under
/// -ffast-math. What is beyond 1e300 would overflow in between.
inline bool is_drawn(double value) noexcept {
    constexpr double greatest = 1e300;
    std::uint64_t bits = 0;
    std::uint64_t most = 0;
    std::memcpy(&bits, &value, sizeof bits);
    std::memcpy(&most, &greatest, sizeof most);
    return (bits & ~(std::uint64_t(1) << 63)) <= most;
}

/// The least and the greatest of some values.
struct value_range {
    double low = 0;
    double high = 0;
    bool empty = true;

    void add(double value) noexcept {
        low = empty ? value : (std::min)(low, value);
        high = empty ? value : (std::max)(high, value);
        empty = false;
    }
};

/// A number below the least normal one has no tenth part.
inline constexpr double least_positive = 1e-300;

/// Whether the values between the ends of a range are told apart.
inline bool has_length(const value_range& range) noexcept {
    const double size = (std::max)(std::fabs(range.low), std::fabs(range.high));
    const double length = range.high - range.low;
    return length > size * 1e-12 && length > 1e-290;
}

/// `range` with room at its ends, so that it has a length and nothing touches the border; from zero
/// on where that is close.
/// \param room  a share of its length
inline value_range widened(value_range range, bool logarithmic, double room) noexcept {
    if (range.empty) return logarithmic ? value_range{0.1, 10, false} : value_range{0, 1, false};
    if (logarithmic) {
        range.low = (std::max)(range.low, least_positive);
        range.high = (std::max)(range.high, least_positive);
        const double decades = std::log10(range.high) - std::log10(range.low);
        const double by = decades < 1e-9 ? 0.5 : decades * room;
        return {(std::max)(range.low / std::pow(10, by), 1e-305),
                (std::min)(range.high * std::pow(10, by), 1e305), false};
    }
    if (!has_length(range)) {
        const double size = (std::max)(std::fabs(range.low), std::fabs(range.high));
        const double by = size < 1e-290 ? 1 : size * 0.5;
        return {range.low - by, range.high + by, false};
    }
    const double length = (range.high - range.low) * room;
    const bool keeps_zero = range.low >= 0 && range.low < length * 4;
    const bool keeps_top = range.high <= 0 && range.high > -length * 4;
    return {keeps_zero ? 0 : range.low - length, keeps_top ? 0 : range.high + length, false};
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
