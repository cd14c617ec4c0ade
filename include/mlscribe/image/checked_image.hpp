// SPDX-License-Identifier: MIT
/// \file Whether a PNG can hold a picture, and where its rows lie.
#ifndef MLSCRIBE_IMAGE_CHECKED_IMAGE_HPP
#define MLSCRIBE_IMAGE_CHECKED_IMAGE_HPP

#include <mlscribe/error/error.hpp>
#include <mlscribe/image/image_view.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

inline error refused_image(std::string why) {
    return {error_code::invalid_value, 0, std::move(why)};
}

inline const std::uint8_t* pixels_in(const std::string& bytes) noexcept {
    return reinterpret_cast<const std::uint8_t*>(bytes.data());
}

/// From one row to the next. \param image  one that passed check_image
inline std::size_t row_bytes(const image_view& image) noexcept {
    return static_cast<std::size_t>(image.stride != 0 ? image.stride
                                                      : image.width * image.channels);
}

/// Whether a PNG can hold it, and its numbers agree.
inline error check_image(const image_view& image) {
    constexpr std::int64_t longest = 1000000;  // libpng's own limit
    const std::string size = std::to_string(image.width) + " x " + std::to_string(image.height);
    if (image.width < 1 || image.height < 1) {
        return refused_image("it has " + size + " pixels, at least 1 x 1 are needed");
    }
    if (image.channels != 1 && image.channels != 3 && image.channels != 4) {
        return refused_image("it has " + std::to_string(image.channels) +
                             " channels; give 1 (grey), 3 (RGB) or 4 (RGBA), as the last dimension "
                             "of an array: height x width x channels");
    }
    if (image.width > longest || image.height > longest) {
        return refused_image("it has " + size + " pixels; neither may be more than 1000000");
    }
    const std::int64_t row = image.width * image.channels;
    if (image.stride != 0 && image.stride < row) {
        return refused_image("its rows of " + std::to_string(row) +
                             " bytes overlap at a stride of " + std::to_string(image.stride));
    }
    if ((image.stride != 0 ? image.stride : row) > INT32_MAX / image.height) {
        return refused_image("its " + size + " pixels take more than 2 GiB; make it smaller");
    }
    return image.data == nullptr ? refused_image("its data is null") : error{};
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
