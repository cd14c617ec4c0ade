// SPDX-License-Identifier: MIT
/// \file Floating-point numbers as Python's repr() spells them.
#ifndef MLSCRIBE_LAYOUT_FLOAT_TEXT_HPP
#define MLSCRIBE_LAYOUT_FLOAT_TEXT_HPP

#include <mlscribe/layout/plain_locale.hpp>

#include <charconv>
#include <cstddef>
#include <string>

#if defined(_LIBCPP_VERSION)
#    include <errno.h>
#    include <stdio.h>
#    include <stdlib.h>

#    include <limits>
#endif

MLSCRIBE_NAMESPACE_BEGIN

/// Room in chars that write_float() needs at most, for any of its types. No terminating zero.
inline constexpr std::size_t float_text_capacity = 64;

namespace detail {

/// Reads the exponent from "e-05" .. "e+4932".
inline int read_exponent(const char* first, const char* last) noexcept {
    const bool negative = first[1] == '-';
    int exponent = 0;
    for (const char* digit = first + 2; digit != last; ++digit) {
        exponent = exponent * 10 + (*digit - '0');
    }
    return negative ? -exponent : exponent;
}

inline char* write_zeros(char* out, int count) noexcept {
    for (; count > 0; --count) *out++ = '0';
    return out;
}

/// d.ddde+xx becomes positional where Python writes it so: 1e-4 <= |value| < 1e16.
inline char* write_python_spelling(char* out, const char* first, const char* last) noexcept {
    if (*first == '-') *out++ = *first++;
    char digits[float_text_capacity];
    int count = 0;
    const char* letter = first;
    for (; letter != last && *letter != 'e'; ++letter) {
        if (*letter != '.') digits[count++] = *letter;
    }
    const int exponent = read_exponent(letter, last);
    if (exponent < -4 || exponent >= 16) {
        while (first != last) *out++ = *first++;
        return out;
    }
    if (exponent < 0) {
        *out++ = '0';
        *out++ = '.';
        out = write_zeros(out, -exponent - 1);
        for (int i = 0; i < count; ++i) *out++ = digits[i];
        return out;
    }
    const int whole = exponent + 1;
    for (int i = 0; i < count && i < whole; ++i) *out++ = digits[i];
    out = write_zeros(out, whole - count);
    *out++ = '.';
    if (count <= whole) *out++ = '0';
    for (int i = whole; i < count; ++i) *out++ = digits[i];
    return out;
}

template <class Float>
char* write_scientific(char* out, Float value) noexcept {
    return std::to_chars(out, out + float_text_capacity, value, std::chars_format::scientific).ptr;
}
#if defined(_LIBCPP_VERSION)
/// The std::to_chars of libc++ rounds a long double to a double.
inline char* write_scientific(char* out, long double value) noexcept {
    const plain_locale_scope numbers_with_a_point;
    const int error_before = errno;
    int size = 0;
    for (int digits = 1; digits <= std::numeric_limits<long double>::max_digits10; ++digits) {
        size = ::snprintf(out, float_text_capacity, "%.*Le", digits - 1, value);
        if (::strtold(out, nullptr) == value) break;
    }
    errno = error_before;
    return out + size;
}
#endif

template <class Float>
char* write_shortest(char* out, Float value) noexcept {
    char text[float_text_capacity];
    const char* first = text;
    const char* last = write_scientific(text, value);
    // Told by the spelling, since comparisons with nan and inf vanish under -ffast-math.
    const char letter = *first == '-' ? first[1] : *first;
    if (letter == 'n') {
        for (const char* nan = "nan"; *nan != '\0'; ++nan) *out++ = *nan;
        return out;
    }
    if (letter == 'i') {
        while (first != last) *out++ = *first++;
        return out;
    }
    return write_python_spelling(out, first, last);
}

}  // namespace detail

/// Writes the shortest digits that read back as the same double, spelled like Python's
/// repr(float): `0.001`, `1.0`, `1e+16`, `1e-05`, `nan`, `inf`, `-inf`, `-0.0`.
///
/// \param out     room for float_text_capacity chars
/// \return        one past the last char written
/// \threadsafety  any thread; independent of the locale
/// \cost          no allocation
inline char* write_float(char* out, double value) noexcept {
    return detail::write_shortest(out, value);
}

/// The same with the shortest digits of a float: 1e-3f is `0.001`, not `0.0010000000474974513`.
inline char* write_float(char* out, float value) noexcept {
    return detail::write_shortest(out, value);
}

/// As double where the value is exactly a double, else with the shortest digits of its own type.
inline char* write_float(char* out, long double value) noexcept {
    const double narrow = static_cast<double>(value);
    if (static_cast<long double>(narrow) == value) return detail::write_shortest(out, narrow);
    return detail::write_shortest(out, value);
}

/// What write_float() writes, as a string.
///
/// \param value  float, double or long double
template <class Float>
std::string float_text(Float value) {
    char text[float_text_capacity];
    const char* last = write_float(text, value);
    return std::string(text, static_cast<std::size_t>(last - text));
}

MLSCRIBE_NAMESPACE_END

#endif
