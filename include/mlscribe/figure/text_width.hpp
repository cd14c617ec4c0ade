// SPDX-License-Identifier: MIT
/// \file How wide a text will be, without the font.
#ifndef MLSCRIBE_FIGURE_TEXT_WIDTH_HPP
#define MLSCRIBE_FIGURE_TEXT_WIDTH_HPP

#include <mlscribe/figure/svg_text.hpp>

#include <cstddef>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Of the widest of the fonts that readers have as sans-serif (DejaVu Sans), in 1/100 of its size.
inline double character_width(char32_t code) noexcept {
    constexpr unsigned char ascii[] = {
        32, 40, 46, 84, 64, 95, 78, 27, 39, 39, 50, 84, 32, 36,  32, 34, 64, 64, 64,
        64, 64, 64, 64, 64, 64, 64, 34, 34, 84, 84, 84, 53, 100, 68, 69, 70, 77, 63,
        58, 77, 75, 29, 29, 66, 56, 86, 75, 79, 60, 79, 69, 63,  61, 73, 68, 99, 69,
        61, 69, 39, 34, 39, 84, 50, 50, 61, 63, 55, 63, 62, 35,  63, 63, 28, 28, 58,
        28, 97, 63, 61, 63, 63, 41, 52, 39, 63, 59, 82, 59, 59,  52, 64, 34, 64, 84};
    if (code < 0x20) return 0;
    if (code < 0x7F) return ascii[code - 0x20];
    if (code >= 0x300 && code < 0x370) return 0;  // accents on the letter before
    if (code < 0x250) return 75;
    if (code < 0x1100) return 90;
    return code < 0x1F000 ? 105 : 140;
}

/// In pixels; on the safe side.
inline double text_width(std::string_view text, double size, bool bold = false) noexcept {
    double width = 0;
    while (!text.empty()) {
        const utf8::step next = utf8::first(text);
        text.remove_prefix(next.size);
        width += character_width(next.code);
    }
    return width * size * (bold ? 0.0115 : 0.01);
}

/// Which part of a text gives way where it has no room.
enum class cut {
    end,
    inside,  ///< of names, which often differ at their ends
};

/// How many bytes of the front of `line` are at most `room` wide.
inline std::size_t fitting_front(std::string_view line, double size, double room,
                                 bool bold) noexcept {
    std::size_t end = 0;
    while (end < line.size()) {
        const std::size_t next = utf8::first(line.substr(end)).size;
        room -= text_width(line.substr(end, next), size, bold);
        if (room < 0) break;
        end += next;
    }
    return end;
}

/// What of one line fits into `room`, with an ellipsis where something is left out.
inline std::string shortened(std::string_view text, double size, double room, bool bold = false,
                             cut where = cut::end) {
    const std::string line = svg_line(text);
    const double whole = text_width(line, size, bold);
    if (whole <= room) return line;
    constexpr std::string_view ellipsis = "\xE2\x80\xA6";
    const double left = room - text_width(ellipsis, size, bold);
    const double front = where == cut::end ? left : left * 0.55;
    std::size_t end = fitting_front(line, size, front, bold);
    std::size_t from = line.size();
    if (where == cut::inside) {
        const double skipped = whole - (left - front);
        from = fitting_front(line, size, skipped, bold);
        if (from < line.size()) from += utf8::first(std::string_view(line).substr(from)).size;
    }
    while (end != 0 && line[end - 1] == ' ') --end;
    return line.substr(0, end).append(ellipsis).append(line, from, line.npos);
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
