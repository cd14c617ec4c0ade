// SPDX-License-Identifier: MIT
/// \file Texts as they may stand in HTML.
#ifndef MLSCRIBE_REPORT_HTML_TEXT_HPP
#define MLSCRIBE_REPORT_HTML_TEXT_HPP

#include <mlscribe/figure/svg_text.hpp>

#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Appends `text` for an element or a quoted attribute. Controls show as their pictures (U+2400
/// on); bytes that are not UTF-8, C1 controls and what turns the direction of writing as U+FFFD.
inline void append_html(std::string& out, std::string_view text) {
    while (!text.empty()) {
        const utf8::step next = utf8::first(text);
        text.remove_prefix(next.size);
        const std::string_view entity = markup_entity(next.code);
        if (!entity.empty()) {
            out += entity;
            continue;
        }
        if (next.code == U'\n' || next.code == U'\t') {
            out += static_cast<char>(next.code);
            continue;
        }
        const bool has_picture = next.code < 0x20;
        const bool is_hidden = (next.code >= 0x80 && next.code < 0xA0) ||
                               (next.code & 0xFFFE) == 0xFFFE || turns_writing(next.code);
        utf8::append(out, has_picture         ? 0x2400 + next.code
                          : next.code == 0x7F ? U'\u2421'
                          : is_hidden         ? U'\uFFFD'
                                              : next.code);
    }
}

inline std::string html_text(std::string_view text) {
    std::string out;
    append_html(out, text);
    return out;
}

/// The front of a text of which a page shows no more, with a mark behind it.
inline std::string html_front(std::string_view text, std::size_t code_points) {
    const std::string_view front = utf8::prefix(text, code_points);
    std::string out = html_text(front);
    if (front.size() < text.size()) out += "\u2026";
    return out;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
