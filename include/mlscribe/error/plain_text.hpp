// SPDX-License-Identifier: MIT
/// \file A message as a terminal may get it, whatever names and paths stand in it.
#ifndef MLSCRIBE_ERROR_PLAIN_TEXT_HPP
#define MLSCRIBE_ERROR_PLAIN_TEXT_HPP

#include <mlscribe/error/error.hpp>

#include <cstddef>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// How many bytes the well-formed UTF-8 at the beginning takes that a terminal shows as it is.
/// \return 0 for a control character, one that is not seen or turns the writing, and what is no
///         UTF-8
inline std::size_t plain_size(std::string_view text) noexcept {
    const auto byte = [text](std::size_t at) -> unsigned {
        return at < text.size() ? static_cast<unsigned char>(text[at]) : 0u;
    };
    const unsigned lead = byte(0);
    if (lead < 0x80) return lead >= 0x20 && lead != 0x7F ? 1 : 0;
    const std::size_t size = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (lead < 0xC2 || lead > 0xF4) return 0;
    for (std::size_t at = 1; at != size; ++at) {
        if ((byte(at) & 0xC0) != 0x80) return 0;
    }
    const unsigned second = byte(1);
    const bool is_overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
    const bool is_none = (lead == 0xED && second > 0x9F) || (lead == 0xF4 && second > 0x8F);
    const bool is_control = lead == 0xC2 && second < 0xA0;
    // U+2000 … U+206F.
    const unsigned third = byte(2);
    const bool is_hidden =
        (lead == 0xE2 && second == 0x80 &&
         ((third >= 0x8B && third <= 0x8F) || (third >= 0xA8 && third <= 0xAE))) ||
        (lead == 0xE2 && second == 0x81 && third >= 0xA0 && third <= 0xAF) ||
        (lead == 0xEF && second == 0xBB && third == 0xBF);
    return is_overlong || is_none || is_control || is_hidden ? 0 : size;
}

/// One line of visible text: `\n`, and `\x1B` for any other byte that a terminal would obey, hide
/// or not know. Of a very long text the beginning and the end, which are the thing and the rule.
/// What came out once comes out again as it is.
inline std::string plain_text(std::string_view text) {
    // Room for a path of any length.
    constexpr std::size_t longest = 6000;
    constexpr std::size_t end_size = 1000;
    std::string plain;
    while (!text.empty()) {
        const std::size_t size = plain_size(text);
        if (size != 0) {
            plain.append(text.data(), size);
        } else if (text[0] == '\n') {
            plain += "\\n";
        } else {
            const unsigned value = static_cast<unsigned char>(text[0]);
            plain += "\\x";
            plain += "0123456789ABCDEF"[value >> 4];
            plain += "0123456789ABCDEF"[value & 15];
        }
        text.remove_prefix(size == 0 ? 1 : size);
    }
    if (plain.size() <= longest) return plain;
    const auto is_inside = [&plain](std::size_t at) {
        return (static_cast<unsigned char>(plain[at]) & 0xC0) == 0x80;
    };
    std::size_t first = longest - end_size - 8;
    std::size_t last = plain.size() - end_size;
    while (is_inside(first)) --first;
    while (is_inside(last)) ++last;
    return plain.substr(0, first) + " ... " + plain.substr(last);
}

/// A failure as it is handed over.
inline error plain_error(const error& failure) {
    return {failure.code, failure.system_code, plain_text(failure.message)};
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
