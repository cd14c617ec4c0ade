// SPDX-License-Identifier: MIT
/// \file A picture that lies in somebody else's memory.
#ifndef MLSCRIBE_IMAGE_IMAGE_VIEW_HPP
#define MLSCRIBE_IMAGE_IMAGE_VIEW_HPP

#include <mlscribe/config/config.hpp>

#include <cstdint>

MLSCRIBE_NAMESPACE_BEGIN

/// Which colour comes first in a pixel; alpha is last in either.
enum class channel_order {
    rgb,
    bgr,  ///< as OpenCV has it
};

/// 8-bit pixels, row by row from the top, the channels of a pixel together: those of OpenCV, stb or
/// SDL without a copy. The numbers are signed as theirs are.
struct image_view {
    const std::uint8_t* data;
    std::int64_t width;
    std::int64_t height;
    std::int64_t channels;    ///< 1 grey, 3 colours, 4 colours and alpha
    std::int64_t stride = 0;  ///< bytes from one row to the next; 0: rows have no gaps
    channel_order order = channel_order::rgb;
};

MLSCRIBE_NAMESPACE_END

#endif
