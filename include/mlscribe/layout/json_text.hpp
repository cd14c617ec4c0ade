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
#include <vector>

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

/// Loops: who writes what another has nested may have little stack.
inline void append_json(std::string& out, const document& root, json_lines lines) {
    struct branch {
        const document* value;
        std::size_t written;
    };
    std::vector<branch> open;
    const auto new_line = [&out, lines](std::size_t level) {
        if (lines == json_lines::many) (out += '\n').append(2 * level, ' ');
    };
    const auto is_map = [](const document& each) { return each.type == document::kind::map; };
    for (const document* value = &root;;) {
        if (is_map(*value) || value->type == document::kind::list) {
            out += is_map(*value) ? '{' : '[';
            open.push_back({value, 0});
        } else if (value->type == document::kind::text) {
            append_json_string(out, value->text);
        } else {
            out += json_word(*value);
        }
        for (; !open.empty(); open.pop_back()) {
            const document& around = *open.back().value;
            const std::size_t size = is_map(around) ? around.entries.size() : around.items.size();
            if (open.back().written != size) break;
            if (size != 0) new_line(open.size() - 1);
            out += is_map(around) ? '}' : ']';
        }
        if (open.empty()) return;
        const document& around = *open.back().value;
        const std::size_t next = open.back().written++;
        if (next != 0) out += lines == json_lines::many ? "," : ", ";
        new_line(open.size());
        if (is_map(around)) {
            append_json_string(out, json_word(around.entries[next].key));
            out += ": ";
        }
        value = is_map(around) ? &around.entries[next].value : &around.items[next];
    }
}

}  // namespace detail

/// The bytes that MLflow's log_dict gives a `.json` file: indented by two, the order kept, ASCII
/// with `\u` escapes, `NaN` and `Infinity` where JSON has no word, no newline at the end.
/// \cost O(size), without recursion
inline std::string json_text(const document& value) {
    std::string out;
    detail::append_json(out, value, detail::json_lines::many);
    return out;
}

/// The same on one line with a blank behind each comma, as Python's `json.dumps(value)`.
inline std::string json_line(const document& value) {
    std::string out;
    detail::append_json(out, value, detail::json_lines::one);
    return out;
}

MLSCRIBE_NAMESPACE_END

#endif
