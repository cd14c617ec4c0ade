// SPDX-License-Identifier: MIT
/// \file Identifiers in texts that the compiler or the preprocessor spells.
#ifndef MLSCRIBE_REFLECT_IDENTIFIER_HPP
#define MLSCRIBE_REFLECT_IDENTIFIER_HPP

#include <mlscribe/config/config.hpp>

#include <cstddef>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

constexpr bool is_identifier_char(char letter) noexcept {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= '0' && letter <= '9') || letter == '_' || letter == '$' ||
           static_cast<unsigned char>(letter) >= 0x80;
}

/// The identifier that ends the text, or an empty view where a number or a sign does.
constexpr std::string_view last_identifier(std::string_view text) noexcept {
    std::size_t begin = text.size();
    while (begin > 0 && is_identifier_char(text[begin - 1])) --begin;
    const std::string_view word = text.substr(begin);
    return word.empty() || (word[0] >= '0' && word[0] <= '9') ? std::string_view() : word;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
