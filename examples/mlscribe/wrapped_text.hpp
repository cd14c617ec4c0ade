// SPDX-License-Identifier: MIT
/// \file Sentences on a terminal.
#ifndef MLSCRIBE_TOOL_WRAPPED_TEXT_HPP
#define MLSCRIBE_TOOL_WRAPPED_TEXT_HPP

#include <cstddef>
#include <string>
#include <string_view>

namespace tool {

/// `text`, which is printable, in lines of at most `columns` columns, each indented and ended;
/// words that are longer are broken.
std::string wrapped(std::string_view text, std::size_t columns, std::size_t indent);

}  // namespace tool

#endif
