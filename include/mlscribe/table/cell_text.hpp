// SPDX-License-Identifier: MIT
/// \file The cells of a table as pandas writes them to JSON, with every digit (docs/format.md,
/// "Artifacts of images, tables and texts").
#ifndef MLSCRIBE_TABLE_CELL_TEXT_HPP
#define MLSCRIBE_TABLE_CELL_TEXT_HPP

#include <mlscribe/layout/document.hpp>
#include <mlscribe/layout/json_text.hpp>
#include <mlscribe/layout/utf8.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

constexpr bool is_plain_in_cell(char c) noexcept {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 && byte < 0x80 && c != '"' && c != '\\' && c != '/';
}

/// As append_json_string(), but that pandas also escapes '/', and leaves U+007F as it is.
inline void append_cell_string(std::string& out, std::string_view text) {
    out += '"';
    while (!text.empty()) {
        const auto plain = static_cast<std::size_t>(
            std::find_if_not(text.begin(), text.end(), is_plain_in_cell) - text.begin());
        out += text.substr(0, plain);
        text.remove_prefix(plain);
        if (text.empty()) break;
        const utf8::step next = utf8::first(text);
        text.remove_prefix(next.size);
        if (next.code == U'/') {
            out += "\\/";
        } else {
            append_json_escaped(out, next.code);
        }
    }
    out += '"';
}

/// As Python's repr(), but that small numbers stand without an exponent down to 1e-15, and what is
/// no number is null.
inline void append_cell_real(std::string& out, std::string_view text) {
    constexpr std::string_view not_finite[] = {"nan", "inf", "-inf"};
    for (const std::string_view word : not_finite) {
        if (text == word) {
            out += "null";
            return;
        }
    }
    const std::size_t letter = text.find("e-");
    const std::string_view exponent =
        letter == std::string_view::npos ? std::string_view() : text.substr(letter + 2);
    if (exponent.size() != 2 || exponent > "15") {
        out += text;
        return;
    }
    if (text.front() == '-') out += '-';
    const auto zeros = static_cast<std::size_t>((exponent[0] - '0') * 10 + (exponent[1] - '0') - 1);
    out.append("0.").append(zeros, '0');
    for (const char digit : text.substr(0, letter)) {
        if (digit >= '0' && digit <= '9') out += digit;
    }
}

/// \cost recursive in the depth
inline void append_cell(std::string& out, const document& value) {
    switch (value.type) {
        case document::kind::text:
            return append_cell_string(out, value.text);
        case document::kind::real:
            return append_cell_real(out, value.text);
        case document::kind::list: {
            out += '[';
            for (const document& item : value.items) {
                if (&item != value.items.data()) out += ',';
                append_cell(out, item);
            }
            out += ']';
            return;
        }
        case document::kind::map: {
            out += '{';
            for (const document_entry& entry : value.entries) {
                if (&entry != value.entries.data()) out += ',';
                append_cell_string(out, json_word(entry.key));
                out += ':';
                append_cell(out, entry.value);
            }
            out += '}';
            return;
        }
        default:
            out += json_word(value);
    }
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
