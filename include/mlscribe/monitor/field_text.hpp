// SPDX-License-Identifier: MIT
/// \file Words, numbers and named lines in the texts of the kernel.
#ifndef MLSCRIBE_MONITOR_FIELD_TEXT_HPP
#define MLSCRIBE_MONITOR_FIELD_TEXT_HPP

#include <mlscribe/config/config.hpp>

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <system_error>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Takes the first line off a text.
inline std::string_view take_line(std::string_view& text) noexcept {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    return line;
}

/// Takes what stands before `mark`, and that off a text; all of it where there is none.
inline std::string_view take_until(std::string_view& text, char mark) noexcept {
    const std::size_t end = text.find(mark);
    const std::string_view part = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    return part;
}

/// Takes the first word off a line; "" at its end.
inline std::string_view take_word(std::string_view& line) noexcept {
    const std::size_t begin = line.find_first_not_of(" \t");
    line = begin == std::string_view::npos ? std::string_view() : line.substr(begin);
    const std::string_view word = line.substr(0, line.find_first_of(" \t\n"));
    line.remove_prefix(word.size());
    return word;
}

/// A word of digits alone.
inline std::optional<double> number_in(std::string_view word) noexcept {
    std::uint64_t number = 0;
    const char* const end = word.data() + word.size();
    const auto read = std::from_chars(word.data(), end, number);
    if (word.empty() || read.ec != std::errc() || read.ptr != end) return std::nullopt;
    return static_cast<double>(number);
}
inline std::optional<double> take_number(std::string_view& line) noexcept {
    return number_in(take_word(line));
}

/// The number behind the word `name` at the beginning of a line.
inline std::optional<double> number_named(std::string_view text, std::string_view name) noexcept {
    while (!text.empty()) {
        std::string_view line = take_line(text);
        if (take_word(line) == name) return take_number(line);
    }
    return std::nullopt;
}

/// Whether a list with commas has a word.
inline bool lists(std::string_view list, std::string_view word) noexcept {
    while (!list.empty()) {
        if (take_until(list, ',') == word) return true;
    }
    return false;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
