// SPDX-License-Identifier: MIT
/// \file Text as Python's repr() quotes it, for strings inside lists and maps.
#ifndef MLSCRIBE_REFLECT_PYTHON_QUOTE_HPP
#define MLSCRIBE_REFLECT_PYTHON_QUOTE_HPP

#include <mlscribe/layout/hex_digits.hpp>
#include <mlscribe/layout/utf8.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Python's str.isprintable() for what a Unicode table of separators, controls, format and
/// private characters tells; unassigned code points count as printable.
inline bool is_printable(std::uint32_t value) noexcept {
    struct range {
        std::uint32_t first, last;
    };
    constexpr range hidden[] = {
        {0x00, 0x1F},       {0x7F, 0xA0},       {0xAD, 0xAD},         {0x600, 0x605},
        {0x61C, 0x61C},     {0x6DD, 0x6DD},     {0x70F, 0x70F},       {0x890, 0x891},
        {0x8E2, 0x8E2},     {0x1680, 0x1680},   {0x180E, 0x180E},     {0x2000, 0x200F},
        {0x2028, 0x202F},   {0x205F, 0x206F},   {0x3000, 0x3000},     {0xE000, 0xF8FF},
        {0xFEFF, 0xFEFF},   {0xFFF9, 0xFFFB},   {0xFFFE, 0xFFFF},     {0x110BD, 0x110BD},
        {0x110CD, 0x110CD}, {0x13430, 0x1343F}, {0x1BCA0, 0x1BCA3},   {0x1D173, 0x1D17A},
        {0xE0001, 0xE007F}, {0xF0000, 0xFFFFF}, {0x100000, 0x10FFFF},
    };
    for (const range& entry : hidden) {
        if (value >= entry.first && value <= entry.last) return false;
    }
    return true;
}

inline void append_python_escape(std::string& out, std::uint32_t value) {
    if (value == '\n' || value == '\r' || value == '\t') {
        out += value == '\n' ? "\\n" : value == '\r' ? "\\r" : "\\t";
    } else if (value < 0x100) {
        append_hex(out += "\\x", value, 2);
    } else if (value < 0x10000) {
        append_hex(out += "\\u", value, 4);
    } else {
        append_hex(out += "\\U", value, 8);
    }
}

/// Appends `'a'`, or `"it's"` where the text has an apostrophe and no double quote.
/// A byte that is not UTF-8 becomes `\xNN`, so that the result always is.
inline void append_quoted(std::string& out, std::string_view text) {
    const bool apostrophe = text.find('\'') != std::string_view::npos;
    const char quote = apostrophe && text.find('"') == std::string_view::npos ? '"' : '\'';
    out += quote;
    while (!text.empty()) {
        const utf8::step next = utf8::first(text);
        const std::uint32_t code = next.valid ? std::uint32_t{next.code}
                                              : std::uint32_t{static_cast<unsigned char>(text[0])};
        const std::size_t bytes = next.valid ? next.size : 1;
        if (!next.valid || !is_printable(code)) {
            append_python_escape(out, code);
        } else {
            if (text[0] == '\\' || text[0] == quote) out += '\\';
            out.append(text.substr(0, bytes));
        }
        text.remove_prefix(bytes);
    }
    out += quote;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
