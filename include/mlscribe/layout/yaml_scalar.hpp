// SPDX-License-Identifier: MIT
/// \file Spells one text as a YAML scalar on one physical line.
#ifndef MLSCRIBE_LAYOUT_YAML_SCALAR_HPP
#define MLSCRIBE_LAYOUT_YAML_SCALAR_HPP

#include <mlscribe/layout/hex_digits.hpp>
#include <mlscribe/layout/utf8.hpp>
#include <mlscribe/layout/yaml_characters.hpp>
#include <mlscribe/layout/yaml_resolver.hpp>

#include <cstddef>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

/// Spells `text` in double quotes on one physical line; every YAML reader gives the same text back.
/// Bytes that are not UTF-8 become U+FFFD, since a file with them cannot be read at all.
/// \cost O(size), one string
inline std::string yaml_quoted(std::string_view text) {
    std::string out;
    out.reserve(text.size() + 2);
    out += '"';
    for (std::size_t at = 0; at < text.size();) {
        const utf8::step c = utf8::first(text.substr(at));
        if (!c.valid) {
            out += "\xEF\xBF\xBD";
        } else if (c.code == U'"') {
            out += "\\\"";
        } else if (c.code == U'\\') {
            out += "\\\\";
        } else if (c.code == U'\n') {
            out += "\\n";
        } else if (c.code == U'\r') {
            out += "\\r";
        } else if (c.code == U'\t') {
            out += "\\t";
        } else if (c.code < 0x20 || (c.code >= 0x7F && c.code <= 0x9F)) {
            detail::append_upper_hex(out += "\\x", c.code, 2);
        } else if (c.code == 0x2028 || c.code == 0x2029 || c.code == 0xFEFF || c.code == 0xFFFE ||
                   c.code == 0xFFFF) {
            detail::append_upper_hex(out += "\\u", c.code, 4);
        } else {
            out.append(text, at, c.size);
        }
        at += c.size;
    }
    out += '"';
    return out;
}

namespace detail {

/// What PyYAML's emitter finds out about a text before it chooses the quotes.
struct scalar_shape {
    bool printable = true;  ///< no control character, line break, or character beyond U+FFFD
    bool plain = true;      ///< no indicator or blank that would end or change a plain scalar
};

inline scalar_shape shape_of(std::string_view text) noexcept {
    scalar_shape shape;
    const auto blank_at = [text](std::size_t at) { return at >= text.size() || text[at] == ' '; };
    if (text.empty()) return shape;
    const std::string_view three = text.substr(0, 3);
    const char first = text.front();
    if (three == "---" || three == "..." || first == ' ' || text.back() == ' ' ||
        std::string_view("#,[]{}&*!|>'\"%@`").find(first) != std::string_view::npos ||
        ((first == '-' || first == '?' || first == ':') && blank_at(1))) {
        shape.plain = false;
    }
    for (std::size_t at = 0; at < text.size();) {
        const utf8::step c = utf8::first(text.substr(at));
        if (!c.valid || !is_yaml_printable(c.code)) {
            shape.printable = false;
            return shape;
        }
        if ((c.code == U':' && blank_at(at + 1)) ||
            (c.code == U'#' && at != 0 && text[at - 1] == ' ')) {
            shape.plain = false;
        }
        at += c.size;
    }
    return shape;
}

/// Whether any YAML 1.1 reader might give the unquoted text a type (older PyYAML took `._` for a
/// number).
inline bool looks_typed(std::string_view text) noexcept {
    if (resolve_plain(text) != plain_type::string) return true;
    return text.size() > 1 && text[0] == '.' && text[1] == '_';
}

}  // namespace detail

/// Spells `text` as PyYAML, and so MLflow, would: plain where that is unambiguous, else in single
/// quotes, and as yaml_quoted() wherever a character needs an escape. Always one physical line,
/// also where PyYAML would fold a long text.
/// \cost O(size), one string
inline std::string yaml_plain_or_quoted(std::string_view text) {
    const detail::scalar_shape shape = detail::shape_of(text);
    if (!shape.printable) return yaml_quoted(text);
    if (shape.plain && !detail::looks_typed(text)) return std::string(text);
    std::string out;
    out.reserve(text.size() + 2);
    out += '\'';
    for (const char c : text) {
        if (c == '\'') out += c;
        out += c;
    }
    out += '\'';
    return out;
}

MLSCRIBE_NAMESPACE_END

#endif
