// SPDX-License-Identifier: MIT
/// \file An array to the bytes of a .npy file.
#ifndef MLSCRIBE_ARTIFACT_NPY_BYTES_HPP
#define MLSCRIBE_ARTIFACT_NPY_BYTES_HPP

#include <mlscribe/artifact/array_like.hpp>
#include <mlscribe/error/error.hpp>

#include <cstddef>
#include <string>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// The .npy file of an array-like (see is_array_like_v), as NumPy's `save` writes the same array in
/// C order. \onfailure invalid_value: the parts differ in shape, or values and shape do not agree;
/// `bytes` is empty then
template <class Array>
error npy_bytes(const Array& array, std::string& bytes) {
    static_assert(is_array_like_v<Array>,
                  "mlscribe: this is no array of numbers: a vector, std::array or C array of bool, "
                  "integers, float or double, such arrays nested in each other, a matrix of Eigen, "
                  "mlscribe::array or mlscribe::array_view");
    npy_header header;
    header.type = npy_type_of<array_value_t<Array>>();
    append_shape(&array, header.shape);
    std::size_t count = 0;
    const bool fits =
        header.shape.size() <= most_npy_dimensions && count_npy_values(header.shape, count);
    bytes.clear();
    if (fits) {
        // The room for the values is not taken by what the shape says: it may be wrong.
        bytes = npy_header_text(header);
        if (array_bytes(header.shape, bytes).add(array)) return {};
        bytes.clear();
    }
    return {error_code::invalid_value, 0,
            "array of shape " + npy_shape_text(header.shape) +
                (fits ? " has parts of other shapes, or not as many values; make them agree"
                      : " has more dimensions or values than a .npy file can have")};
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
