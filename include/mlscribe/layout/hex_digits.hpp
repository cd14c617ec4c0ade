// SPDX-License-Identifier: MIT
/// \file Numbers and bytes as hexadecimal digits, and a digit as a number.
#ifndef MLSCRIBE_LAYOUT_HEX_DIGITS_HPP
#define MLSCRIBE_LAYOUT_HEX_DIGITS_HPP

#include <mlscribe/config/config.hpp>

#include <cstdint>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

inline void append_digits_of(const char* alphabet, std::string& out, std::uint64_t value,
                             unsigned digits) {
    for (unsigned shift = 4 * digits; shift != 0;) out += alphabet[value >> (shift -= 4) & 15];
}

/// The last `digits` digits of a value, as `00ff`. \param digits  1 to 16
inline void append_hex(std::string& out, std::uint64_t value, unsigned digits) {
    append_digits_of("0123456789abcdef", out, value, digits);
}

/// The same as `00FF`.
inline void append_upper_hex(std::string& out, std::uint64_t value, unsigned digits) {
    append_digits_of("0123456789ABCDEF", out, value, digits);
}

/// Bytes as lower-case digits, two of each.
inline std::string hex_text(std::string_view bytes) {
    std::string text;
    for (const char byte : bytes) append_hex(text, static_cast<unsigned char>(byte), 2);
    return text;
}

/// 0..15, or -1 for what is no digit.
constexpr int hex_value(char c) noexcept {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
