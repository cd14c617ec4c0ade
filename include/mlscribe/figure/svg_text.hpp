// SPDX-License-Identifier: MIT
/// \file Texts and numbers as an SVG file takes them.
#ifndef MLSCRIBE_FIGURE_SVG_TEXT_HPP
#define MLSCRIBE_FIGURE_SVG_TEXT_HPP

#include <mlscribe/layout/utf8.hpp>

#include <charconv>
#include <cmath>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Whether a character turns the direction of writing for what stands behind it.
constexpr bool turns_writing(char32_t code) noexcept {
    return (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
}

/// `text` as one line that XML can hold: what is not UTF-8, no character of XML or turns the
/// direction of writing becomes U+FFFD, breaks and tabs become blanks, other control characters go.
inline std::string svg_line(std::string_view text) {
    std::string line;
    while (!text.empty()) {
        const utf8::step next = utf8::first(text);
        text.remove_prefix(next.size);
        const char32_t code = next.code;
        if ((code >= 0x09 && code <= 0x0D) || code == 0x85 || code == 0x2028 || code == 0x2029) {
            line += ' ';
        } else if (code >= 0x20 && (code < 0x7F || code > 0x9F)) {
            const bool is_hidden = code == 0xFFFE || code == 0xFFFF || turns_writing(code);
            utf8::append(line, is_hidden ? U'\uFFFD' : code);
        }
    }
    return line;
}

/// What stands for a character that markup would take for its own; empty for any other.
inline std::string_view markup_entity(char32_t c) noexcept {
    switch (c) {
        case U'&':
            return "&amp;";
        case U'<':
            return "&lt;";
        case U'>':
            return "&gt;";
        case U'"':
            return "&quot;";
        case U'\'':
            return "&#39;";
        default:
            return {};
    }
}

/// Appends a text between tags or in the quotes of an attribute.
inline void append_escaped(std::string& svg, std::string_view text) {
    for (const char c : svg_line(text)) {
        const std::string_view entity = markup_entity(static_cast<unsigned char>(c));
        if (entity.empty()) svg += c;
        svg += entity;
    }
}

/// Pixels in tenths: what every coordinate is rounded to.
inline long tenths(double pixels) noexcept {
    return std::lround(pixels * 10);
}

/// Appends a tenth of `tenths` in the fewest characters: `12.5`, `-.3`, `7`.
inline void append_tenths(std::string& svg, long tenths) {
    if (tenths < 0) svg += '-';
    const unsigned long size =
        tenths < 0 ? 0ul - static_cast<unsigned long>(tenths) : static_cast<unsigned long>(tenths);
    if (size >= 10 || size == 0) {
        char digits[24];
        svg.append(digits, std::to_chars(digits, digits + sizeof digits, size / 10).ptr);
    }
    if (size % 10 != 0) {
        svg += '.';
        svg += static_cast<char>('0' + size % 10);
    }
}

inline void append_pixels(std::string& svg, double pixels) {
    append_tenths(svg, tenths(pixels));
}

/// Appends ` name="pixels"`.
inline void append_attribute(std::string& svg, std::string_view name, double pixels) {
    (svg += ' ').append(name) += "=\"";
    append_pixels(svg, pixels);
    svg += '"';
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
