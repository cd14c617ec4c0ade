// SPDX-License-Identifier: MIT
#include "wrapped_text.hpp"

#include <mlscribe/layout/utf8.hpp>

#include <algorithm>

#include "code_point_width.hpp"

namespace tool {

std::string wrapped(std::string_view text, std::size_t columns, std::size_t indent) {
    constexpr std::size_t narrowest = 2;
    if (columns < indent + narrowest) indent = 0;
    const std::size_t room = (std::max)(columns - (std::min)(columns, indent), narrowest);
    std::string lines;
    while (!text.empty()) {
        std::size_t size = 0;
        std::size_t width = 0;
        std::size_t last_blank = std::string_view::npos;
        while (size < text.size()) {
            const mlscribe::utf8::step next = mlscribe::utf8::first(text.substr(size));
            if (next.code == U' ') last_blank = size;
            width += code_point_width(next.code);
            if (width > room) break;
            size += next.size;
        }
        const bool is_last = size == text.size();
        if (!is_last && last_blank != std::string_view::npos && last_blank > 0) size = last_blank;
        lines += std::string(indent, ' ') + std::string(text.substr(0, size)) + '\n';
        text.remove_prefix(size);
        if (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    }
    return lines;
}

}  // namespace tool
