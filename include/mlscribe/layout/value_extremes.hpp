// SPDX-License-Identifier: MIT
/// \file The lowest and the highest value of a history of points.
#ifndef MLSCRIBE_LAYOUT_VALUE_EXTREMES_HPP
#define MLSCRIBE_LAYOUT_VALUE_EXTREMES_HPP

#include <mlscribe/layout/point.hpp>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Each where it stands first; NaNs are left out.
struct value_extremes {
    bool any = false;
    point lowest{};
    point highest{};

    void look(const point& row) noexcept {
        if (row.value != row.value) return;
        if (!any || row.value < lowest.value) lowest = row;
        if (!any || row.value > highest.value) highest = row;
        any = true;
    }
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
