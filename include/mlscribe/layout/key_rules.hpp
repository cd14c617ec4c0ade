// SPDX-License-Identifier: MIT
/// \file Which keys of metrics, params and tags MLflow writes and reads, and why one is not legal.
///
/// MLflow keeps a key in a file of that name and checks the name on reading too: one file with an
/// illegal name makes the whole experiment unreadable.
#ifndef MLSCRIBE_LAYOUT_KEY_RULES_HPP
#define MLSCRIBE_LAYOUT_KEY_RULES_HPP

#include <mlscribe/config/config.hpp>
#include <mlscribe/layout/hex_digits.hpp>
#include <mlscribe/layout/utf8.hpp>
#include <mlscribe/layout/word_characters.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

/// What a key is the key of.
enum class key_kind { metric, param, tag };

/// MLflow's limit for a key, in code points.
inline constexpr std::size_t max_key_characters = 250;

/// The file system's limit for each part of a key between slashes, in bytes.
inline constexpr std::size_t max_key_part_bytes = 255;

namespace detail {

constexpr std::string_view name_of(key_kind kind) noexcept {
    return kind == key_kind::metric ? "metric" : kind == key_kind::param ? "param" : "tag";
}

/// MLflow's `[/\w.\- :]`.
constexpr bool is_key_character(char32_t code) noexcept {
    return code == U'/' || code == U'.' || code == U'-' || code == U' ' || code == U':' ||
           is_word_character(code);
}

/// Characters that a terminal would obey or hide: controls, zero-width, line and direction marks.
constexpr bool is_invisible(char32_t code) noexcept {
    return (code >= 0x7F && code < 0xA0) || (code >= 0x200B && code <= 0x200F) ||
           (code >= 0x2028 && code <= 0x202E) || (code >= 0x2060 && code <= 0x206F) ||
           code == 0xFEFF;
}

/// `text` for a message: `\n`, `\x01` for controls, `\xFC` for a byte that is not UTF-8, `\u202E`
/// for what is not seen; after 80 code points, cut.
inline std::string shown(std::string_view text) {
    std::string out;
    const std::string_view seen = utf8::prefix(text, 80);
    for (std::string_view rest = seen; !rest.empty();) {
        const utf8::step next = utf8::first(rest);
        if (!next.valid) {
            for (std::size_t i = 0; i != next.size; ++i) {
                out += "\\x";
                append_upper_hex(out, static_cast<unsigned char>(rest[i]), 2);
            }
        } else if (next.code == U'\n') {
            out += "\\n";
        } else if (next.code == U'\r') {
            out += "\\r";
        } else if (next.code == U'\t') {
            out += "\\t";
        } else if (next.code == U'\\') {
            out += "\\\\";
        } else if (next.code < 0x20 || next.code == 0x7F) {
            out += "\\x";
            append_upper_hex(out, next.code, 2);
        } else if (is_invisible(next.code)) {
            out += "\\u";
            append_upper_hex(out, next.code, 4);
        } else {
            out.append(rest.data(), next.size);
        }
        rest.remove_prefix(next.size);
    }
    if (seen.size() != text.size()) out += "...";
    return out;
}

/// The rule that a character of `key` breaks.
inline std::optional<std::string> character_problem(std::string_view key) {
    for (std::string_view rest = key; !rest.empty();) {
        const utf8::step next = utf8::first(rest);
        const std::string_view bytes = rest.substr(0, next.size);
        if (!next.valid) {
            return "the bytes '" + shown(bytes) + "' are not UTF-8, which MLflow reads names as";
        }
        if (!is_key_character(next.code)) {
            std::string problem = '\'' + shown(bytes) + '\'';
            if (next.code >= 0x80 && !is_invisible(next.code)) {
                problem += " (U+";
                append_upper_hex(problem, next.code, next.code > 0xFFFF ? 6 : 4);
                problem += ')';
            }
            return problem + " is not allowed by MLflow (letters, digits, _ - . : / and blank are)";
        }
        rest.remove_prefix(next.size);
    }
    return std::nullopt;
}

/// The rule that `key` breaks as the relative path of a file.
inline std::optional<std::string> path_problem(std::string_view key) {
    if (key.front() == '/') return "MLflow does not allow a '/' at the beginning";
    if (key.back() == '/') return "MLflow does not allow a '/' at the end";
    if (key.substr(0, 2) == "..") return "MLflow does not allow '..' at the beginning";
    for (std::size_t at = 0; at <= key.size();) {
        const std::string_view part = key.substr(at, key.find('/', at) - at);
        if (part.empty()) return "MLflow does not allow '//'";
        if (part == "." || part == "..") {
            return "MLflow does not allow '" + std::string(part) + "' between slashes";
        }
        if (part.size() > max_key_part_bytes) {
            return "it has a part of " + std::to_string(part.size()) +
                   " bytes, and file systems take 255 between slashes";
        }
        at += part.size() + 1;
    }
    return std::nullopt;
}

}  // namespace detail

/// Tells why MLflow would refuse `key` on writing or on reading; nullopt where it takes it.
///
/// MLflow's client lets longer tag keys pass in set_tag(), but not in log_batch() and not on a
/// server: 250 characters hold for all three kinds here. A newline at the end, which MLflow's own
/// check overlooks, is refused.
///
/// \return       the whole message: the key, the rule and the way out
/// \threadsafety any thread
/// \cost         O(size); allocates only for a message
inline std::optional<std::string> key_problem(key_kind kind, std::string_view key) {
    std::optional<std::string> problem;
    if (key.empty()) {
        problem = "a key must not be empty";
    } else {
        problem = detail::character_problem(key);
        if (!problem) problem = detail::path_problem(key);
        if (!problem) {
            const std::size_t characters = utf8::length(key);
            if (characters > max_key_characters) {
                problem = "it has " + std::to_string(characters) + " characters, MLflow takes 250";
            }
        }
    }
    if (!problem) return std::nullopt;
    return std::string(detail::name_of(kind)) + " key \"" + detail::shown(key) + "\": " + *problem +
           "; use sanitize::map or rename";
}

/// Whether one of two legal keys needs a folder where the other needs a file: `loss` beside
/// `loss/train`. Equal keys do not clash.
inline bool keys_clash(std::string_view a, std::string_view b) noexcept {
    const std::string_view shorter = a.size() < b.size() ? a : b;
    const std::string_view longer = a.size() < b.size() ? b : a;
    return longer.size() > shorter.size() && longer[shorter.size()] == '/' &&
           longer.substr(0, shorter.size()) == shorter;
}

/// What to say where keys_clash(key, existing).
inline std::string clash_message(key_kind kind, std::string_view key, std::string_view existing) {
    const std::string shorter = detail::shown(key.size() < existing.size() ? key : existing);
    const std::string name(detail::name_of(kind));
    return name + " key \"" + detail::shown(key) + "\": the run already has the " + name + " \"" +
           detail::shown(existing) + "\", and MLflow would need \"" + shorter +
           "\" both as a file and as a folder; rename one of them, for example \"" + shorter +
           "\" to \"" + shorter + "/_value\"";
}

MLSCRIBE_NAMESPACE_END

#endif
