// SPDX-License-Identifier: MIT
/// \file The lowest and the highest value of a history of points.
#ifndef MLSCRIBE_LAYOUT_VALUE_EXTREMES_HPP
#define MLSCRIBE_LAYOUT_VALUE_EXTREMES_HPP

#include <mlscribe/layout/point.hpp>

#include <cstdint>
#include <cstring>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Also where -ffast-math takes every value for a number.
inline bool is_nan(double value) noexcept {
    std::uint64_t bits = 0;
    std::memcpy(&bits, &value, sizeof bits);
    return (bits << 1) > (std::uint64_t{0x7ff} << 53);
}

/// Also where -ffast-math takes every value for a finite one.
inline bool is_finite(double value) noexcept {
    std::uint64_t bits = 0;
    std::memcpy(&bits, &value, sizeof bits);
    return (bits >> 52 & 0x7ff) != 0x7ff;
}

/// Each where it stands first; NaNs are left out.
struct value_extremes {
    bool any = false;
    point lowest{};
    point highest{};

    void look(const point& row) noexcept {
        if (is_nan(row.value)) return;
        if (!any || row.value < lowest.value) lowest = row;
        if (!any || row.value > highest.value) highest = row;
        any = true;
    }
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
