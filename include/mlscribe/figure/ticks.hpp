// SPDX-License-Identifier: MIT
/// \file Where an axis is marked, and with which texts.
#ifndef MLSCRIBE_FIGURE_TICKS_HPP
#define MLSCRIBE_FIGURE_TICKS_HPP

#include <mlscribe/figure/tick_text.hpp>
#include <mlscribe/figure/value_range.hpp>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

struct tick {
    double value = 0;
    std::string text;  ///< empty for a minor one
};

/// At multiples of 1, 2, 2.5 or 5 times a power of ten. \param most  how many there may be, from 2
/// \param whole  at whole numbers only
inline std::vector<tick> linear_ticks(const value_range& range, int most, bool whole = false) {
    const double length = range.high - range.low;
    int exponent = static_cast<int>(std::floor(std::log10(length / most)));
    if (whole) exponent = (std::max)(exponent, 0);
    double step = 0;
    int last_place = exponent;
    for (const double choice : {1.0, 2.0, 2.5, 5.0, 10.0}) {
        if (whole && exponent == 0 && choice == 2.5) continue;
        step = choice * std::pow(10, exponent);
        last_place = choice == 2.5 ? exponent - 1 : choice == 10 ? exponent + 1 : exponent;
        if (std::floor(range.high / step) - std::ceil(range.low / step) < most) break;
    }
    std::vector<tick> ticks;
    const double first = std::ceil(range.low / step - 1e-9);
    for (int i = 0; i <= most; ++i) {
        const double value = (first + i) * step;
        if (value > range.high + step * 1e-9) break;
        ticks.push_back({value, {}});
    }
    double greatest = 0;
    for (const tick& each : ticks) greatest = (std::max)(greatest, std::fabs(each.value));
    const tick_style style(greatest, last_place);
    for (tick& each : ticks) each.text = style.text(each.value);
    return ticks;
}

/// At powers of ten, and at 2 and 5 times them where there are few; minor ones between. Even steps
/// where the range has no two of these.
inline std::vector<tick> logarithmic_ticks(const value_range& range, int most) {
    const double low = std::log10(range.low) - 1e-9;
    const double high = std::log10(range.high) + 1e-9;
    const int first = static_cast<int>(std::floor(low));
    const int last = static_cast<int>(std::floor(high));
    const int decades = last - static_cast<int>(std::ceil(low)) + 1;
    const int stride = (std::max)(1, (decades + most - 1) / most);
    const bool has_parts = stride == 1 && decades * 3 + 2 <= most;
    std::vector<tick> ticks;
    int named = 0;
    for (int exponent = first; exponent <= last; ++exponent) {
        for (int digit = 1; digit < 10; ++digit) {
            const double place = exponent + std::log10(digit);
            if (place < low || place > high) continue;
            if (digit != 1 && (decades > 12 || stride > 1)) break;
            const bool is_named =
                digit == 1 ? exponent % stride == 0 : has_parts && (digit == 2 || digit == 5);
            named += is_named ? 1 : 0;
            ticks.push_back({std::pow(10, exponent) * digit,
                             is_named ? power_text(digit, exponent) : std::string()});
        }
    }
    return named < 2 ? linear_ticks(range, most) : ticks;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
