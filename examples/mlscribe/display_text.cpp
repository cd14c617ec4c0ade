// SPDX-License-Identifier: MIT
#include "display_text.hpp"

#include <mlscribe/layout/utf8.hpp>

#include <fmt/format.h>

#include <iterator>

#include "code_point_width.hpp"

namespace tool {
namespace {

/// Moves the cursor, ends the line, or turns what stands around it.
bool is_harmful(char32_t code) {
    return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x61C || code == 0x200E ||
           code == 0x200F || (code >= 0x2028 && code <= 0x202E) ||
           (code >= 0x2066 && code <= 0x206F) || code == 0xFEFF ||
           (code >= 0xFFF9 && code <= 0xFFFB) || (code >= 0xE0000 && code <= 0xE007F);
}

void append_escape(std::string& out, char32_t code) {
    constexpr std::string_view letters = "\n\t\r";
    const auto which = code < 0x80 ? letters.find(static_cast<char>(code)) : std::string_view::npos;
    if (which != std::string_view::npos) {
        out += '\\';
        out += "ntr"[which];
    } else if (code < 0x80) {
        fmt::format_to(std::back_inserter(out), "\\x{:02x}", static_cast<unsigned>(code));
    } else {
        fmt::format_to(std::back_inserter(out), "\\u{{{:x}}}", static_cast<unsigned>(code));
    }
}

}  // namespace

std::string printable(std::string_view text, charset letters) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const mlscribe::utf8::step next = mlscribe::utf8::first(text);
        const std::string_view bytes = text.substr(0, next.size);
        text.remove_prefix(next.size);
        if (!next.valid) {
            for (const char byte : bytes) {
                fmt::format_to(std::back_inserter(out), "\\x{:02x}",
                               static_cast<unsigned>(static_cast<unsigned char>(byte)));
            }
        } else if (is_harmful(next.code) || (letters == charset::ascii && next.code >= 0x80)) {
            append_escape(out, next.code);
        } else {
            out += bytes;
        }
    }
    return out;
}

std::size_t display_width(std::string_view text) {
    std::size_t width = 0;
    while (!text.empty()) {
        const mlscribe::utf8::step next = mlscribe::utf8::first(text);
        text.remove_prefix(next.size);
        width += code_point_width(next.code);
    }
    return width;
}

std::string cut(std::string_view text, std::size_t width, charset letters) {
    if (display_width(text) <= width) return std::string(text);
    if (width == 0) return {};
    std::size_t used = 0;
    std::size_t bytes = 0;
    while (bytes < text.size()) {
        const mlscribe::utf8::step next = mlscribe::utf8::first(text.substr(bytes));
        // The last column is the mark's.
        if (used + code_point_width(next.code) >= width && code_point_width(next.code) != 0) break;
        used += code_point_width(next.code);
        bytes += next.size;
    }
    return std::string(text.substr(0, bytes)) + (letters == charset::utf8 ? "…" : "~");
}

}  // namespace tool
