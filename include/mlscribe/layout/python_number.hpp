// SPDX-License-Identifier: MIT
/// \file Reads numbers in the spellings that Python's int() and float() take, and no others.
#ifndef MLSCRIBE_LAYOUT_PYTHON_NUMBER_HPP
#define MLSCRIBE_LAYOUT_PYTHON_NUMBER_HPP

#include <mlscribe/layout/read_float.hpp>
#include <mlscribe/layout/utf8.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Python's str.isspace() of one character.
constexpr bool is_python_space(char32_t code) noexcept {
    return (code >= 0x09 && code <= 0x0D) || (code >= 0x1C && code <= 0x20) || code == 0x85 ||
           code == 0xA0 || code == 0x1680 || (code >= 0x2000 && code <= 0x200A) || code == 0x2028 ||
           code == 0x2029 || code == 0x202F || code == 0x205F || code == 0x3000;
}

/// Python's str.strip().
inline std::string_view python_stripped(std::string_view text) noexcept {
    while (!text.empty()) {
        const utf8::step front = utf8::first(text);
        if (!front.valid || !is_python_space(front.code)) break;
        text.remove_prefix(front.size);
    }
    while (!text.empty()) {
        std::size_t at = text.size() - 1;
        while (at != 0 && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) --at;
        const utf8::step back = utf8::first(text.substr(at));
        if (!back.valid || !is_python_space(back.code)) break;
        text = text.substr(0, at);
    }
    return text;
}

constexpr bool is_decimal_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

/// Brings a number to ASCII without its underscores. Of the digits beyond ASCII the full-width ones
/// are known. \return nullopt where an underscore is not between two digits
inline std::optional<std::string> plain_number(std::string_view text) {
    std::string ascii;
    for (text = python_stripped(text); !text.empty();) {
        const utf8::step next = utf8::first(text);
        if (!next.valid) return std::nullopt;
        text.remove_prefix(next.size);
        if (next.code >= 0xFF10 && next.code <= 0xFF19) {
            ascii += static_cast<char>('0' + (next.code - 0xFF10));
        } else if (next.code < 0x80) {
            ascii += static_cast<char>(next.code);
        } else {
            return std::nullopt;
        }
    }
    std::string plain;
    for (std::size_t i = 0; i < ascii.size(); ++i) {
        if (ascii[i] != '_') {
            plain += ascii[i];
        } else if (i == 0 || i + 1 == ascii.size() || !is_decimal_digit(ascii[i - 1]) ||
                   !is_decimal_digit(ascii[i + 1])) {
            return std::nullopt;
        }
    }
    return plain;
}

/// Whether all of `text` is `word`, in any case.
constexpr bool is_word_of_any_case(std::string_view text, std::string_view word) noexcept {
    if (text.size() != word.size()) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c) != word[i])
            return false;
    }
    return true;
}

/// For digits beyond the range of double: whether they are too large (else they are too small).
inline bool is_above_one(std::string_view digits) noexcept {
    const std::size_t mark = digits.find_first_of("eE");
    const std::string_view mantissa = digits.substr(0, mark);
    std::int64_t exponent = 0;
    if (mark != std::string_view::npos) {
        std::string_view text = digits.substr(mark + 1);
        if (text[0] == '+') text.remove_prefix(1);
        const auto read = std::from_chars(text.data(), text.data() + text.size(), exponent);
        if (read.ec == std::errc::result_out_of_range) return text[0] != '-';
    }
    const std::size_t point = (std::min)(mantissa.find('.'), mantissa.size());
    const std::size_t lead = mantissa.find_first_not_of("0.");
    if (lead == std::string_view::npos) return false;
    const std::int64_t place = lead < point ? static_cast<std::int64_t>(point - lead)
                                            : -static_cast<std::int64_t>(lead - point - 1);
    return exponent > -place;
}

/// parse_python_float() into a type that may have more digits.
template <class Real>
std::optional<Real> parse_python_real(std::string_view text) {
    const std::optional<std::string> plain = plain_number(text);
    if (!plain || plain->empty()) return std::nullopt;
    std::string_view digits = *plain;
    const bool negative = digits[0] == '-';
    if (negative || digits[0] == '+') digits.remove_prefix(1);
    Real number = 0;
    if (is_word_of_any_case(digits, "nan")) {
        number = std::numeric_limits<Real>::quiet_NaN();
    } else if (is_word_of_any_case(digits, "inf") || is_word_of_any_case(digits, "infinity")) {
        number = std::numeric_limits<Real>::infinity();
    } else {
        if (digits.empty() || (digits[0] != '.' && !is_decimal_digit(digits[0]))) {
            return std::nullopt;
        }
        const char* const end = digits.data() + digits.size();
        const auto read = detail::from_chars(digits.data(), end, number);
        if (read.ptr != end || read.ec == std::errc::invalid_argument) return std::nullopt;
        if (read.ec == std::errc::result_out_of_range) {
            number = is_above_one(digits) ? std::numeric_limits<Real>::infinity() : Real(0);
        }
    }
    return negative ? -number : number;
}

}  // namespace detail

/// Reads what Python's int() reads, within 64 bits: blanks around, a sign, `_` between digits.
/// \return nullopt for anything else, and for numbers beyond 64 bits
inline std::optional<std::int64_t> parse_python_int(std::string_view text) {
    const std::optional<std::string> plain = detail::plain_number(text);
    if (!plain) return std::nullopt;
    std::string_view digits = *plain;
    if (!digits.empty() && digits[0] == '+') {
        digits.remove_prefix(1);
        if (!digits.empty() && digits[0] == '-') return std::nullopt;
    }
    std::int64_t number = 0;
    const char* const end = digits.data() + digits.size();
    const auto read = std::from_chars(digits.data(), end, number);
    if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
    return number;
}

/// Reads what Python's float() reads. That is `1.`, `.5`, `1E5`, `1_0`, `+inf`, `Infinity`, `-nan`;
/// digits beyond the range of double become an infinity or zero. Not C's `nan(0x8000)`, hexadecimal
/// digits, `1.0f` or a decimal comma.
/// \return nullopt for anything else
inline std::optional<double> parse_python_float(std::string_view text) {
    return detail::parse_python_real<double>(text);
}

MLSCRIBE_NAMESPACE_END

#endif
