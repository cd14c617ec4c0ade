// SPDX-License-Identifier: MIT
/// \file The 8-bit pixels of whatever counts as a picture.
#ifndef MLSCRIBE_IMAGE_IMAGE_PIXELS_HPP
#define MLSCRIBE_IMAGE_IMAGE_PIXELS_HPP

#include <mlscribe/artifact/array_like.hpp>
#include <mlscribe/error/error.hpp>
#include <mlscribe/image/checked_image.hpp>
#include <mlscribe/image/image_view.hpp>
#include <mlscribe/image/number_bytes.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// The picture that an array of this shape is; its data is that of `bytes`.
inline error image_of_shape(const std::vector<std::size_t>& shape, const std::string& bytes,
                            image_view& image) {
    if (shape.size() != 2 && shape.size() != 3) {
        return refused_image("an array of shape " + npy_shape_text(shape) +
                             " is no picture; give height x width or height x width x channels");
    }
    const auto length = [&shape](std::size_t dimension) {
        constexpr std::size_t most = INT32_MAX;
        return static_cast<std::int64_t>((std::min)(shape[dimension], most));
    };
    image = {pixels_in(bytes), length(1), length(0), shape.size() == 3 ? length(2) : 1};
    return check_image(image);
}

/// Makes `image` the pixels of a picture: an image_view, or an array-like (see is_array_like_v).
/// \param bytes   where converted pixels lie
/// \param remark  gets what is to be told about a picture that can be shown
/// \onfailure invalid_value
template <class Image>
error read_pixels(const Image& from, std::string& bytes, image_view& image, error& remark) {
    if constexpr (std::is_same_v<Image, image_view>) {
        image = from;
        return check_image(image);
    } else {
        static_assert(is_array_like_v<Image>,
                      "mlscribe: this is no picture: an image_view, or an array of bool, integers, "
                      "float or double (nested vectors or arrays, a matrix of Eigen, "
                      "mlscribe::array or array_view) of height x width (x channels)");
        std::vector<std::size_t> shape;
        append_shape(&from, shape);
        if (error failure = image_of_shape(shape, bytes, image)) return failure;
        if (!array_bytes(shape, bytes).add(from)) {
            return refused_image("the array of shape " + npy_shape_text(shape) +
                                 " has parts of other shapes, or not as many values; make them "
                                 "agree");
        }
        number_bytes numbers(bytes, shape[1], static_cast<std::size_t>(image.channels));
        error failure = numbers.convert<array_value_t<Image>>(remark);
        image.data = pixels_in(bytes);
        return failure;
    }
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
