// SPDX-License-Identifier: MIT
/// \file How many columns of a terminal a character takes.
#ifndef MLSCRIBE_TOOL_CODE_POINT_WIDTH_HPP
#define MLSCRIBE_TOOL_CODE_POINT_WIDTH_HPP

#include <cstddef>

namespace tool {

/// 0 for what joins the character before it, 2 for the wide letters of East Asia and emoji, else 1.
/// Whatever the locale says; the table is that of Unicode 14.
std::size_t code_point_width(char32_t code) noexcept;

}  // namespace tool

#endif
