// SPDX-License-Identifier: MIT
/// \file Colours for numbers: viridis, whose lightness grows evenly for every kind of eye.
#ifndef MLSCRIBE_FIGURE_COLOR_MAP_HPP
#define MLSCRIBE_FIGURE_COLOR_MAP_HPP

#include <mlscribe/layout/hex_digits.hpp>

#include <cmath>
#include <cstddef>
#include <string>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// So many colours are as good as all to the eye.
inline constexpr std::size_t color_levels = 64;

/// `#440154` at level 0 to `#fde725` at the last.
inline std::string map_color(std::size_t level) {
    constexpr unsigned stops[][3] = {
        {68, 1, 84},    {72, 26, 108},  {71, 47, 125},  {65, 68, 135},
        {57, 86, 140},  {49, 104, 142}, {42, 120, 142}, {35, 136, 142},
        {31, 152, 139}, {34, 168, 132}, {53, 183, 121}, {84, 197, 104},
        {122, 209, 81}, {165, 219, 54}, {210, 226, 27}, {253, 231, 37}};
    constexpr std::size_t last = sizeof stops / sizeof stops[0] - 1;
    const std::size_t place = level * last;
    const std::size_t stop = place / (color_levels - 1);
    const std::size_t rest = place % (color_levels - 1);
    const auto* const lower = stops[stop];
    const auto* const upper = stops[stop < last ? stop + 1 : last];
    std::string color = "#";
    for (std::size_t i = 0; i < 3; ++i) {
        const std::size_t part =
            (lower[i] * (color_levels - 1 - rest) + upper[i] * rest) / (color_levels - 1);
        append_hex(color, part, 2);
    }
    return color;
}

/// \param share  0..1
inline std::size_t level_of(double share) noexcept {
    const double level = std::floor(share * static_cast<double>(color_levels));
    return level <= 0                                       ? 0
           : level >= static_cast<double>(color_levels - 1) ? color_levels - 1
                                                            : static_cast<std::size_t>(level);
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
