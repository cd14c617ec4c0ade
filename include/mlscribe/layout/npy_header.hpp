// SPDX-License-Identifier: MIT
/// \file What stands before the values of an array in NumPy's .npy format.
#ifndef MLSCRIBE_LAYOUT_NPY_HEADER_HPP
#define MLSCRIBE_LAYOUT_NPY_HEADER_HPP

#include <mlscribe/config/config.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

inline constexpr std::string_view npy_magic = "\x93NUMPY";

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
inline constexpr bool is_big_endian = true;
#else
inline constexpr bool is_big_endian = false;
#endif

/// The type of a number: kind 'b' (bool), 'i' (signed), 'u' (unsigned) or 'f' (floating point).
struct npy_type {
    char kind = 'f';
    std::size_t size = 8;  ///< in bytes
    bool big_endian = is_big_endian;
};

/// NumPy's name, as `float64`.
inline std::string npy_type_name(const npy_type& type) {
    if (type.kind == 'b') return "bool";
    const char* const name = type.kind == 'f' ? "float" : type.kind == 'u' ? "uint" : "int";
    return name + std::to_string(8 * type.size);
}

struct npy_header {
    npy_type type;
    bool fortran_order = false;  ///< the first index runs fastest
    std::vector<std::size_t> shape;
    std::size_t values_begin = 0;  ///< where in the file; set by reading
};

/// NumPy 2 knows no array of more dimensions.
inline constexpr std::size_t most_npy_dimensions = 64;

/// A shape as Python writes it: `()`, `(3,)`, `(3, 4)`.
inline std::string npy_shape_text(const std::vector<std::size_t>& shape) {
    std::string text = "(";
    for (const std::size_t length : shape) {
        if (text.size() > 1) text += ", ";
        text += std::to_string(length);
    }
    text += shape.size() == 1 ? ",)" : ")";
    return text;
}

/// The number of values. \return false where it is too large for any memory
inline bool count_npy_values(const std::vector<std::size_t>& shape, std::size_t& count) noexcept {
    bool fits = true;
    count = 1;
    for (const std::size_t length : shape) {
        if (length == 0) {
            count = 0;
            return true;
        }
        fits = fits && count <= static_cast<std::size_t>(-1) / 16 / length;
        if (fits) count *= length;
    }
    return fits;
}

/// The bytes before the values, as NumPy's own `save` writes them: version 1.0, which holds every
/// shape of at most 64 dimensions.
inline std::string npy_header_text(const npy_header& header) {
    const npy_type& type = header.type;
    std::string text = "{'descr': '";
    text += type.size == 1 ? '|' : type.big_endian ? '>' : '<';
    text += type.kind;
    text += std::to_string(type.size) + "', 'fortran_order': ";
    text += header.fortran_order ? "True" : "False";
    text += ", 'shape': " + npy_shape_text(header.shape) + ", }";
    if (!header.shape.empty()) {
        // Room for the length to grow in place, as wide as the longest of 64 bits.
        const auto growing = header.fortran_order ? header.shape.back() : header.shape.front();
        text.append(21 - std::to_string(growing).size(), ' ');
    }
    const std::size_t prefix = npy_magic.size() + 4;
    text.append(63 - (prefix + text.size()) % 64, ' ');
    text += '\n';
    std::string bytes(npy_magic);
    bytes += '\x01';
    bytes += '\0';
    bytes += static_cast<char>(text.size() & 0xff);
    bytes += static_cast<char>(text.size() >> 8);
    return bytes + text;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
