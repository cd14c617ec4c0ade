// SPDX-License-Identifier: MIT
/// \file Text for a terminal: harmless, measured in columns, cut to fit.
#ifndef MLSCRIBE_TOOL_DISPLAY_TEXT_HPP
#define MLSCRIBE_TOOL_DISPLAY_TEXT_HPP

#include <cstddef>
#include <string>
#include <string_view>

namespace tool {

enum class charset { utf8, ascii };

/// `text` without anything that a terminal would obey: control characters, marks that turn the
/// direction of writing, and bytes that are not UTF-8 become escapes such as `\x1b`, `\n` and
/// `\u{202e}`.
/// \param letters  ascii: all that is not ASCII is escaped too
std::string printable(std::string_view text, charset letters = charset::utf8);

/// The columns that printable text takes.
std::size_t display_width(std::string_view text);

/// The front of printable text, with a mark behind it where something is missing; at most `width`
/// columns.
std::string cut(std::string_view text, std::size_t width, charset letters = charset::utf8);

}  // namespace tool

#endif
