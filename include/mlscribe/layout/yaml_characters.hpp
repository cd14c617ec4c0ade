// SPDX-License-Identifier: MIT
/// \file The characters of a YAML 1.1 stream: decoding, line breaks, and what may stand raw.
#ifndef MLSCRIBE_LAYOUT_YAML_CHARACTERS_HPP
#define MLSCRIBE_LAYOUT_YAML_CHARACTERS_HPP

#include <mlscribe/config/config.hpp>

#include <cstddef>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// One decoded character; `size` is 0 where the bytes are not UTF-8 (or the text ends).
struct yaml_character {
    char32_t code;
    std::size_t size;
};

/// Decodes the character at `at`. Overlong forms, surrogates and codes above U+10FFFF are errors.
inline yaml_character yaml_character_at(std::string_view text, std::size_t at) noexcept {
    if (at >= text.size()) return {0, 0};
    const auto byte = [text, at](std::size_t i) -> char32_t {
        return static_cast<unsigned char>(text[at + i]);
    };
    const char32_t lead = byte(0);
    if (lead < 0x80) return {lead, 1};
    const std::size_t size = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
    if (size == 0 || text.size() - at < size) return {0, 0};
    char32_t code = lead & (0xFFu >> (size + 1));
    for (std::size_t i = 1; i < size; ++i) {
        if ((byte(i) & 0xC0) != 0x80) return {0, 0};
        code = (code << 6) | (byte(i) & 0x3F);
    }
    if (size == 3 && (code < 0x800 || (code >= 0xD800 && code < 0xE000))) return {0, 0};
    if (size == 4 && (code < 0x10000 || code > 0x10FFFF)) return {0, 0};
    return {code, size};
}

/// Appends `code` as UTF-8. \return false for surrogates and codes above U+10FFFF
inline bool append_utf8_of(std::string& out, char32_t code) {
    if (code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) return false;
    const auto put = [&out](char32_t byte) { out += static_cast<char>(static_cast<unsigned char>(byte)); };
    if (code < 0x80) {
        put(code);
        return true;
    }
    if (code < 0x800) {
        put(0xC0 | (code >> 6));
    } else {
        if (code < 0x10000) {
            put(0xE0 | (code >> 12));
        } else {
            put(0xF0 | (code >> 18));
            put(0x80 | ((code >> 12) & 0x3F));
        }
        put(0x80 | ((code >> 6) & 0x3F));
    }
    put(0x80 | (code & 0x3F));
    return true;
}

/// Whether libyaml, with which MLflow reads, lets this character stand in a file.
constexpr bool is_yaml_readable(char32_t code) noexcept {
    if (code < 0x7F) return code >= 0x20 || code == 0x09 || code == 0x0A || code == 0x0D;
    return code == 0x85 || (code >= 0xA0 && code != 0xFEFF && code != 0xFFFE && code != 0xFFFF);
}

/// Whether PyYAML prints this character as itself inside a plain or single-quoted scalar.
constexpr bool is_yaml_printable(char32_t code) noexcept {
    return (code >= 0x20 && code < 0x7F) ||
           (code >= 0xA0 && code <= 0xFFFD && code != 0x2028 && code != 0x2029 && code != 0xFEFF);
}

constexpr bool is_yaml_blank(char c) noexcept { return c == ' ' || c == '\t'; }

/// Bytes of the line break at `at`, else 0. YAML 1.1 knows CR, LF, CRLF, NEL, LS and PS.
inline std::size_t yaml_break_at(std::string_view text, std::size_t at) noexcept {
    if (at >= text.size()) return 0;
    switch (text[at]) {
        case '\n': return 1;
        case '\r': return at + 1 < text.size() && text[at + 1] == '\n' ? 2 : 1;
        case '\xC2': return text.compare(at, 2, "\xC2\x85") == 0 ? 2 : 0;
        case '\xE2': {
            const std::string_view three = text.substr(at, 3);
            return three == "\xE2\x80\xA8" || three == "\xE2\x80\xA9" ? 3 : 0;
        }
        default: return 0;
    }
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
