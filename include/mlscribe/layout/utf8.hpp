// SPDX-License-Identifier: MIT
/// \file UTF-8: decoding step by step, checking, counting, cutting and repairing.
#ifndef MLSCRIBE_LAYOUT_UTF8_HPP
#define MLSCRIBE_LAYOUT_UTF8_HPP

#include <mlscribe/config/config.hpp>

#include <cstdint>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace utf8 {

/// What stands at the front of a text: one code point, or bytes that are none.
struct step {
    char32_t code;      ///< the code point; U+FFFD where the bytes are not UTF-8
    std::uint8_t size;  ///< bytes to go on by: 1..4, and 0 only for an empty text
    bool valid;         ///< false for the empty text and for bytes that are not UTF-8
};

/// Decodes the front of `text`. Overlong forms, surrogates and codes above U+10FFFF are not UTF-8;
/// bytes that are not are taken per maximal subpart, as Python and browsers replace them.
constexpr step first(std::string_view text) noexcept {
    constexpr char32_t replacement = 0xFFFD;
    if (text.empty()) return {replacement, 0, false};
    const std::uint32_t lead = static_cast<unsigned char>(text[0]);
    if (lead < 0x80) return {lead, 1, true};
    if (lead < 0xC2 || lead > 0xF4) return {replacement, 1, false};
    const std::uint8_t size = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    // The second byte alone decides about overlong forms, surrogates and the end of Unicode.
    std::uint32_t low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    std::uint32_t high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    std::uint32_t code = lead & (0x7Fu >> size);
    for (std::uint8_t i = 1; i < size; ++i) {
        if (i >= text.size()) return {replacement, i, false};
        const std::uint32_t byte = static_cast<unsigned char>(text[i]);
        if (byte < low || byte > high) return {replacement, i, false};
        code = code << 6 | (byte & 0x3Fu);
        low = 0x80;
        high = 0xBF;
    }
    return {code, size, true};
}

/// Appends `code` as UTF-8; a surrogate or a code above U+10FFFF is appended as U+FFFD.
inline void append(std::string& out, char32_t code) {
    if (code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) code = 0xFFFD;
    const auto put = [&out](char32_t byte) {
        out += static_cast<char>(static_cast<unsigned char>(byte));
    };
    const auto put_tail = [put, code](unsigned shift) { put(0x80 | (code >> shift & 0x3F)); };
    if (code < 0x80) return put(code);
    if (code < 0x800) {
        put(0xC0 | code >> 6);
        return put_tail(0);
    }
    if (code < 0x10000) {
        put(0xE0 | code >> 12);
    } else {
        put(0xF0 | code >> 18);
        put_tail(12);
    }
    put_tail(6);
    put_tail(0);
}

/// Whether every byte of `text` belongs to a code point.
inline bool is_valid(std::string_view text) noexcept {
    while (!text.empty()) {
        const step next = first(text);
        if (!next.valid) return false;
        text.remove_prefix(next.size);
    }
    return true;
}

/// The number of code points; each U+FFFD that repaired() would put counts as one.
inline std::size_t length(std::string_view text) noexcept {
    std::size_t count = 0;
    for (; !text.empty(); ++count) text.remove_prefix(first(text).size);
    return count;
}

/// The longest front of `text` with at most `code_points` code points, never cut inside one.
inline std::string_view prefix(std::string_view text, std::size_t code_points) noexcept {
    std::size_t bytes = 0;
    for (; code_points != 0 && bytes != text.size(); --code_points) {
        bytes += first(text.substr(bytes)).size;
    }
    return text.substr(0, bytes);
}

/// `text` with U+FFFD in place of what is not UTF-8, one for each maximal subpart.
/// \cost O(size), one string
inline std::string repaired(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const step next = first(text);
        if (next.valid) {
            out.append(text.data(), next.size);
        } else {
            out += "\xEF\xBF\xBD";
        }
        text.remove_prefix(next.size);
    }
    return out;
}

}  // namespace utf8

MLSCRIBE_NAMESPACE_END

#endif
