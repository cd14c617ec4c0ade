// SPDX-License-Identifier: MIT
/// \file std::from_chars of floating-point numbers, also where the standard library has none
/// (libc++).
#ifndef MLSCRIBE_LAYOUT_READ_FLOAT_HPP
#define MLSCRIBE_LAYOUT_READ_FLOAT_HPP

#include <mlscribe/layout/plain_locale.hpp>

#include <errno.h>
#include <stdlib.h>

#include <charconv>
#include <limits>
#include <string>
#include <system_error>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// One past the longest number that begins at `first`, behind its sign; `first` where none does.
inline const char* end_of_float(const char* first, const char* last, bool is_hex) noexcept {
    const auto is_digit = [is_hex](char c) {
        return (c >= '0' && c <= '9') || (is_hex && (c | 0x20) >= 'a' && (c | 0x20) <= 'f');
    };
    const auto skip = [last](const char* at, auto&& is) {
        while (at != last && is(*at)) ++at;
        return at;
    };
    const char* const whole = skip(first, is_digit);
    const char* end = whole;
    if (end != last && *end == '.') end = skip(end + 1, is_digit);
    const bool is_point_alone = end == whole + 1 && whole == first;
    if (end == first || is_point_alone) return first;
    if (end == last || (*end | 0x20) != (is_hex ? 'p' : 'e')) return end;
    const char* digits = end + 1;
    if (digits != last && (*digits == '-' || *digits == '+')) ++digits;
    const char* const behind = skip(digits, [](char c) { return c >= '0' && c <= '9'; });
    return behind == digits ? end : behind;
}

/// The same value as the standard library's, by strtod in the locale "C". NaN and infinity, which
/// callers know by their names, are no numbers here.
template <class Float>
std::from_chars_result from_chars_by_strtod(const char* first, const char* last, Float& value,
                                            std::chars_format format = std::chars_format::general) {
    const bool is_hex = format == std::chars_format::hex;
    const char* const digits = first != last && *first == '-' ? first + 1 : first;
    const char* const end = end_of_float(digits, last, is_hex);
    if (end == digits) return {first, std::errc::invalid_argument};
    const std::string text = (is_hex ? "0x" : "") + std::string(digits, end);
    const int error_before = errno;
    errno = 0;
    Float read;
    if constexpr (sizeof(Float) == sizeof(float)) {
        read = ::strtof_l(text.c_str(), nullptr, plain_locale());
    } else if constexpr (sizeof(Float) == sizeof(double)) {
        read = ::strtod_l(text.c_str(), nullptr, plain_locale());
    } else {
        read = ::strtold_l(text.c_str(), nullptr, plain_locale());
    }
    // A number too small for all its digits is none that no Float holds.
    const bool is_out = errno == ERANGE && (read < std::numeric_limits<Float>::denorm_min() ||
                                            read > (std::numeric_limits<Float>::max)());
    errno = error_before;
    if (is_out) return {end, std::errc::result_out_of_range};
    value = digits == first ? read : -read;
    return {end, std::errc()};
}

#if defined(__cpp_lib_to_chars)
using std::from_chars;
#else
template <class Float>
std::from_chars_result from_chars(const char* first, const char* last, Float& value,
                                  std::chars_format format = std::chars_format::general) {
    return from_chars_by_strtod(first, last, value, format);
}
#endif

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
