// SPDX-License-Identifier: MIT
/// \file The characters of a YAML 1.1 stream: line breaks, and what may stand raw.
#ifndef MLSCRIBE_LAYOUT_YAML_CHARACTERS_HPP
#define MLSCRIBE_LAYOUT_YAML_CHARACTERS_HPP

#include <mlscribe/layout/byte_set.hpp>

#include <cstddef>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Whether libyaml, with which MLflow reads, lets this character stand in a file.
constexpr bool is_yaml_readable(char32_t code) noexcept {
    if (code < 0x7F) return code >= 0x20 || code == 0x09 || code == 0x0A || code == 0x0D;
    return code == 0x85 || (code >= 0xA0 && code != 0xFFFE && code != 0xFFFF);
}

/// Whether all of a text is ASCII that is_yaml_readable(). Looks at every byte, many at once.
inline bool is_yaml_readable_ascii(std::string_view text) noexcept {
    unsigned char others = 0;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool is_break_or_tab = (byte == 0x09) | (byte == 0x0A) | (byte == 0x0D);
        const bool is_other = (byte < 0x20) | (byte >= 0x7F);
        others = static_cast<unsigned char>(others | (is_other & !is_break_or_tab));
    }
    return others == 0;
}

/// Whether PyYAML prints this character as itself inside a plain or single-quoted scalar.
constexpr bool is_yaml_printable(char32_t code) noexcept {
    return (code >= 0x20 && code < 0x7F) ||
           (code >= 0xA0 && code <= 0xFFFD && code != 0x2028 && code != 0x2029 && code != 0xFEFF);
}

constexpr bool is_yaml_blank(char c) noexcept {
    return c == ' ' || c == '\t';
}

/// The bytes with which a blank, a line break, an escape, or a mark that ends a scalar of any style
/// may begin. Whatever stands between them is text.
inline constexpr byte_set yaml_marks(" \t\n\r\xC2\xE2:,[]{}'\"\\");

/// The bytes with which a line break other than LF may begin.
inline constexpr byte_set yaml_rare_breaks("\r\xC2\xE2");

/// With these no plain scalar begins.
inline constexpr byte_set yaml_indicators(",[]{}#|>%@`");

/// The bytes with which a blank, a line break, a comment or a byte order mark may begin.
inline constexpr byte_set yaml_gaps(" \t\n\r\xC2\xE2\xEF#");

/// Bytes of the line break at `at`, else 0. YAML 1.1 knows CR, LF, CRLF, NEL, LS and PS.
inline std::size_t yaml_break_at(std::string_view text, std::size_t at) noexcept {
    if (at >= text.size()) return 0;
    switch (text[at]) {
        case '\n':
            return 1;
        case '\r':
            return at + 1 < text.size() && text[at + 1] == '\n' ? 2 : 1;
        case '\xC2':
            return text.compare(at, 2, "\xC2\x85") == 0 ? 2 : 0;
        case '\xE2': {
            const std::string_view three = text.substr(at, 3);
            return three == "\xE2\x80\xA8" || three == "\xE2\x80\xA9" ? 3 : 0;
        }
        default:
            return 0;
    }
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
