// SPDX-License-Identifier: MIT
/// \file A document to JSON, byte for byte as Python's json module writes it.
#ifndef MLSCRIBE_LAYOUT_JSON_TEXT_HPP
#define MLSCRIBE_LAYOUT_JSON_TEXT_HPP

#include <mlscribe/layout/document.hpp>
#include <mlscribe/layout/hex_digits.hpp>
#include <mlscribe/layout/utf8.hpp>

#include <cstddef>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

inline void append_json_unit(std::string& out, char32_t unit) {
    append_hex(out += "\\u", unit, 4);
}

/// A character inside of a string, ASCII only.
inline void append_json_escaped(std::string& out, char32_t code) {
    constexpr std::u32string_view escaped = U"\"\\\b\f\n\r\t";
    const std::size_t which = escaped.find(code);
    if (which != std::u32string_view::npos) {
        out += '\\';
        out += "\"\\bfnrt"[which];
    } else if (code >= 0x20 && code < 0x7F) {
        out += static_cast<char>(code);
    } else if (code < 0x10000) {
        append_json_unit(out, code);
    } else {
        append_json_unit(out, 0xD800 + ((code - 0x10000) >> 10));
        append_json_unit(out, 0xDC00 + (code & 0x3FF));
    }
}

/// Bytes that are not UTF-8 become U+FFFD.
inline void append_json_string(std::string& out, std::string_view text) {
    out += '"';
    while (!text.empty()) {
        const utf8::step next = utf8::first(text);
        text.remove_prefix(next.size);
        append_json_escaped(out, next.code);
    }
    out += '"';
}

/// What stands for a scalar, without the quotes of a text.
inline std::string_view json_word(const document& scalar) noexcept {
    if (scalar.type == document::kind::null) return "null";
    if (scalar.type == document::kind::real) {
        if (scalar.text == "nan") return "NaN";
        if (scalar.text == "inf") return "Infinity";
        if (scalar.text == "-inf") return "-Infinity";
    }
    return scalar.text;
}

enum class json_lines { many, one };

inline void append_json(std::string& out, const document& value, std::size_t depth,
                        json_lines lines) {
    const auto new_line = [&out, lines](std::size_t level) {
        if (lines == json_lines::many) (out += '\n').append(2 * level, ' ');
    };
    const char* const comma = lines == json_lines::many ? "," : ", ";
    switch (value.type) {
        case document::kind::text:
            return append_json_string(out, value.text);
        case document::kind::list: {
            out += '[';
            for (const document& item : value.items) {
                if (&item != value.items.data()) out += comma;
                new_line(depth + 1);
                append_json(out, item, depth + 1, lines);
            }
            if (!value.items.empty()) new_line(depth);
            out += ']';
            return;
        }
        case document::kind::map: {
            out += '{';
            for (const document_entry& entry : value.entries) {
                if (&entry != value.entries.data()) out += comma;
                new_line(depth + 1);
                append_json_string(out, json_word(entry.key));
                out += ": ";
                append_json(out, entry.value, depth + 1, lines);
            }
            if (!value.entries.empty()) new_line(depth);
            out += '}';
            return;
        }
        default:
            out += json_word(value);
    }
}

}  // namespace detail

/// The bytes that MLflow's log_dict gives a `.json` file: indented by two, the order kept, ASCII
/// with `\u` escapes, `NaN` and `Infinity` where JSON has no word, no newline at the end.
/// \cost O(size), recursive in the depth
inline std::string json_text(const document& value) {
    std::string out;
    detail::append_json(out, value, 0, detail::json_lines::many);
    return out;
}

/// The same on one line with a blank behind each comma, as Python's `json.dumps(value)`.
inline std::string json_line(const document& value) {
    std::string out;
    detail::append_json(out, value, 0, detail::json_lines::one);
    return out;
}

MLSCRIBE_NAMESPACE_END

#endif
