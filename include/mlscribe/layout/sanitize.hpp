// SPDX-License-Identifier: MIT
/// \file Turns any text into a legal key, and different texts into different keys.
#ifndef MLSCRIBE_LAYOUT_SANITIZE_HPP
#define MLSCRIBE_LAYOUT_SANITIZE_HPP

#include <mlscribe/config/config.hpp>
#include <mlscribe/layout/fnv_hash.hpp>
#include <mlscribe/layout/hex_digits.hpp>
#include <mlscribe/layout/key_rules.hpp>
#include <mlscribe/layout/utf8.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

constexpr bool is_escape_digit(char c) noexcept {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F');
}

constexpr bool is_hash_digit(char c) noexcept {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

/// Bytes of the ending `_h0123456789abcdef_`.
inline constexpr std::size_t hash_ending_size = 19;

/// Whether what stands at `at` cannot stay: no key character, or a slash or dot out of place.
constexpr bool is_out_of_place(std::string_view key, std::size_t at) noexcept {
    const std::string_view rest = key.substr(at);
    const bool begins_part = at == 0 || key[at - 1] == '/';
    if (rest[0] == '/') return begins_part || rest.size() == 1;
    if (rest[0] == '.') {
        if (!begins_part) return false;
        if (at == 0 && rest.substr(0, 2) == "..") return true;
        const std::string_view part = rest.substr(0, rest.find('/'));
        return part == "." || part == "..";
    }
    const utf8::step next = utf8::first(rest);
    return !next.valid || !is_key_character(next.code);
}

/// Whether a '_' at `at`, left as it is, would read as the beginning of an escape. What follows
/// the digits is a '_' in the result also where it is escaped itself.
constexpr bool begins_escape(std::string_view key, std::size_t at) noexcept {
    if (at + 1 >= key.size() || key[at + 1] != 'x') return false;
    std::size_t end = at + 2;
    while (end < key.size() && is_escape_digit(key[end])) ++end;
    return end < key.size() && (key[end] == '_' || is_out_of_place(key, end));
}

/// Whether a '_' after `written` would read as the end of a shortened key.
inline bool ends_like_hash(std::string_view written) noexcept {
    if (written.size() < hash_ending_size - 1) return false;
    const std::string_view end = written.substr(written.size() - (hash_ending_size - 1));
    if (end[0] != '_' || end[1] != 'h') return false;
    for (const char c : end.substr(2)) {
        if (!is_hash_digit(c)) return false;
    }
    return true;
}

inline void append_key_escape(std::string& out, std::uint32_t value, bool is_byte) {
    out += is_byte ? "_x0" : "_x";
    unsigned digits = 1;
    while (digits < 8 && value >> (4 * digits) != 0) ++digits;
    append_upper_hex(out, value, digits);
    out += '_';
}

inline void append_hash_ending(std::string& out, std::uint64_t hash) {
    out += "_h";
    append_hex(out, hash, 16);
    out += '_';
}

}  // namespace detail

/// Maps any bytes onto a key that key_problem() accepts; different inputs get different keys.
///
/// | input                                                | becomes                              |
/// |------------------------------------------------------|--------------------------------------|
/// | a legal key without the two patterns below           | itself                               |
/// | a code point that MLflow refuses                     | `_xHEX_`, without leading zeros      |
/// | a byte that is not UTF-8                             | `_x0HEX_`, with one leading zero     |
/// | '/' at the beginning, at the end or after another    | `_x2F_`                              |
/// | the first '.' of a part `.` or `..`, of a key `..`…  | `_x2E_`                              |
/// | '_' where `_x[0-9A-F]*_` would begin in the result   | `_x5F_`                              |
/// | the last '_' of a key that ends as shortened keys do | `_x5F_`                              |
/// | the empty key                                        | `_x_`                                |
/// | more than 250 characters, or 255 bytes in a part     | cut, then `_h` 16 lower-case digits  |
/// | (counted in the result)                              | of a 64-bit hash of the whole key `_`|
///
/// So `recall@5` becomes `recall_x40_5`. Unshortened keys are unique without exception, shortened
/// ones as long as the hash (FNV-1a) does not collide.
///
/// \threadsafety any thread
/// \cost         O(size), one string of at most about 1 kB
inline std::string sanitized_key(std::string_view key) {
    if (key.empty()) return "_x_";
    std::string out;
    std::size_t characters = 0;
    std::size_t part_begin = 0;
    std::size_t cut = 0;  // the longest front that leaves room for the ending
    for (std::size_t at = 0; at < key.size();) {
        const utf8::step next = utf8::first(key.substr(at));
        const std::size_t before = out.size();
        if (!next.valid) {
            for (std::size_t i = 0; i != next.size; ++i) {
                detail::append_key_escape(out, static_cast<unsigned char>(key[at + i]), true);
            }
        } else if (detail::is_out_of_place(key, at) ||
                   (next.code == U'_' && (detail::begins_escape(key, at) ||
                                          (at + 1 == key.size() && detail::ends_like_hash(out))))) {
            detail::append_key_escape(out, next.code, false);
        } else {
            out.append(key, at, next.size);
        }
        at += next.size;
        const std::string_view written = std::string_view(out).substr(before);
        characters += utf8::length(written);
        if (written == "/") part_begin = out.size();
        const std::size_t part = out.size() - part_begin;
        if (characters > max_key_characters || part > max_key_part_bytes) {
            out.resize(cut);
            detail::append_hash_ending(out, detail::fnv_hash(key));
            return out;
        }
        if (characters + detail::hash_ending_size <= max_key_characters &&
            part + detail::hash_ending_size <= max_key_part_bytes) {
            cut = out.size();
        }
    }
    return out;
}

namespace detail {

inline bool key_fits(std::string_view key) noexcept {
    if (utf8::length(key) > max_key_characters) return false;
    while (!key.empty()) {
        const std::size_t part = key.find('/');
        if ((part == std::string_view::npos ? key.size() : part) > max_key_part_bytes) return false;
        key = part == std::string_view::npos ? std::string_view() : key.substr(part + 1);
    }
    return true;
}

}  // namespace detail

/// The other spelling of a legal key that cannot stand beside another one: `loss/train` beside
/// `loss` loses its slashes, `loss` beside `loss/train` gets the mark of an empty character. No
/// other key is spelled so.
inline std::string unnested_key(std::string_view legal) {
    std::string flat;
    for (const char c : legal) {
        if (c == '/') {
            detail::append_key_escape(flat, U'/', false);
        } else {
            flat += c;
        }
    }
    if (flat == legal) flat += "_x_";
    return detail::key_fits(flat) ? flat : sanitized_key(flat);
}

/// The name of a text file about a key, which file systems take however long the key is.
inline std::string text_file_of_key(std::string_view key) {
    std::string name = std::string(key) + ".txt";
    return detail::key_fits(name) ? name : sanitized_key(name);
}

MLSCRIBE_NAMESPACE_END

#endif
