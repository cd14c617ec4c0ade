// SPDX-License-Identifier: MIT
/// \file The bytes of a .npy file to an array, where no value changes.
#ifndef MLSCRIBE_ARTIFACT_READ_NPY_HPP
#define MLSCRIBE_ARTIFACT_READ_NPY_HPP

#include <mlscribe/artifact/array_like.hpp>
#include <mlscribe/layout/npy_header_reader.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Whether every value of `stored` is one of T, too.
template <class T>
bool holds_npy_type(const npy_type& stored) noexcept {
    const npy_type wanted = npy_type_of<T>();
    if (stored.kind == wanted.kind) return stored.size <= wanted.size;
    if (stored.kind == 'b') return true;
    if (wanted.kind == 'b' || stored.kind == 'f') return false;
    const std::size_t bits = 8 * stored.size - (stored.kind == 'i' ? 1 : 0);
    return wanted.kind != 'u' && bits <= static_cast<std::size_t>(std::numeric_limits<T>::digits);
}

/// One value that begins at `from`, in the byte order of the file.
template <class Stored>
Stored npy_value(const char* from, bool swapped) noexcept {
    if constexpr (std::is_same_v<Stored, bool>) {
        return *from != 0;
    } else {
        Stored value{};
        char* const to = reinterpret_cast<char*>(&value);
        if (swapped) {
            std::reverse_copy(from, from + sizeof value, to);
        } else {
            std::copy_n(from, sizeof value, to);
        }
        return value;
    }
}

/// Reads the values in the order of the file and puts them row by row.
template <class Stored, class T>
void take_npy_values(const npy_header& header, std::string_view bytes, std::vector<T>& values) {
    const std::size_t count = bytes.size() / sizeof(Stored);
    const bool swapped = sizeof(Stored) > 1 && header.type.big_endian != is_big_endian;
    values.resize(count);
    std::vector<std::size_t> place(header.shape.size(), 0);
    std::vector<std::size_t> strides(header.shape.size(), 1);
    for (std::size_t i = strides.size(); i > 1; --i) {
        strides[i - 2] = strides[i - 1] * header.shape[i - 1];
    }
    std::size_t to = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const auto value = npy_value<Stored>(bytes.data() + i * sizeof(Stored), swapped);
        values[header.fortran_order ? to : i] = static_cast<T>(value);
        if (!header.fortran_order) continue;
        for (std::size_t k = 0; k < place.size(); ++k) {
            to += strides[k];
            if (++place[k] < header.shape[k]) break;
            to -= strides[k] * header.shape[k];
            place[k] = 0;
        }
    }
}

/// Reads the whole of a .npy file. Numbers become wider where T asks for it; what T could not hold
/// exactly is refused. \onfailure damaged, invalid_value: `result` stays as it was
/// \cost the memory of the values, which the file's own size bounds
template <class T>
error read_npy(std::string_view bytes, array<T>& result) {
    static_assert(is_npy_number_v<T>,
                  "mlscribe: arrays hold bool, integers of at most 64 bits, float or double");
    npy_header header;
    if (error failure = read_npy_header(bytes, header)) return failure;
    const npy_type& type = header.type;
    if (!holds_npy_type<T>(type)) {
        const std::string wanted = npy_type_name(npy_type_of<T>());
        return {error_code::invalid_value, 0,
                "array holds " + npy_type_name(type) + ", which " + wanted +
                    " cannot hold exactly; load it as an array of " + npy_type_name(type)};
    }
    const std::string_view stored = bytes.substr(header.values_begin);
    array<T> read;
    const auto take = [&](auto sample) {
        take_npy_values<decltype(sample)>(header, stored, read.values);
    };
    const auto take_integers = [&](auto one, auto two, auto four, auto eight) {
        if (type.size == 1) take(one);
        if (type.size == 2) take(two);
        if (type.size == 4) take(four);
        if (type.size == 8) take(eight);
    };
    if (type.kind == 'b') take(false);
    if (type.kind == 'f' && type.size == 4) take(float{});
    if (type.kind == 'f' && type.size == 8) take(double{});
    if (type.kind == 'i') {
        take_integers(std::int8_t{}, std::int16_t{}, std::int32_t{}, std::int64_t{});
    }
    if (type.kind == 'u') {
        take_integers(std::uint8_t{}, std::uint16_t{}, std::uint32_t{}, std::uint64_t{});
    }
    read.shape = std::move(header.shape);
    result = std::move(read);
    return {};
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
