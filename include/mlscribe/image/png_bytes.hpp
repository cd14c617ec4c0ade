// SPDX-License-Identifier: MIT
/// \file Pixels to the bytes of a .png file; the only include of libpng.
#ifndef MLSCRIBE_IMAGE_PNG_BYTES_HPP
#define MLSCRIBE_IMAGE_PNG_BYTES_HPP

#include <mlscribe/error/error.hpp>
#include <mlscribe/image/image_view.hpp>

#include <png.h>

#include <string>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// What the packing is for.
enum class png_packing { tight, quick };

/// \param image  one that passed check_image \onfailure invalid_value: what libpng says
inline error png_bytes(const image_view& image, png_packing packing, std::string& bytes) {
    png_image picture{};
    picture.version = PNG_IMAGE_VERSION;
    picture.width = static_cast<png_uint_32>(image.width);
    picture.height = static_cast<png_uint_32>(image.height);
    picture.format = image.channels == 1   ? PNG_FORMAT_GRAY
                     : image.channels == 3 ? PNG_FORMAT_RGB
                                           : PNG_FORMAT_RGBA;
    if (image.channels != 1 && image.order == channel_order::bgr) {
        picture.format |= PNG_FORMAT_FLAG_BGR;
    }
    if (packing == png_packing::quick) picture.flags = PNG_IMAGE_FLAG_FAST;
    png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(picture);
    bytes.resize(size);
    if (png_image_write_to_memory(&picture, &bytes[0], &size, 0, image.data,
                                  static_cast<png_int_32>(image.stride), nullptr) == 0) {
        bytes.clear();
        return {error_code::invalid_value, 0, std::string("libpng: ") + picture.message};
    }
    bytes.resize(size);
    return {};
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
