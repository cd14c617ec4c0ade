// SPDX-License-Identifier: MIT
/// \file Where a command's text goes: what standard output is, and how to write there.
#ifndef MLSCRIBE_TOOL_OUTPUT_HPP
#define MLSCRIBE_TOOL_OUTPUT_HPP

#include <cstddef>
#include <string>
#include <string_view>

#include "display_text.hpp"

namespace tool {

enum class ink { plain, bold, faint, red, green, yellow, blue, magenta, cyan };
enum class colour_choice { automatic, always, never };

/// Standard output. Texts that it is given are printable already.
class output {
  public:
    /// Asks the environment: NO_COLOR, TERM, COLUMNS, the locale.
    explicit output(colour_choice colours);
    output(const output&) = delete;
    output& operator=(const output&) = delete;

    bool is_terminal() const noexcept { return is_terminal_; }
    bool has_colours() const noexcept { return has_colours_; }
    /// Of the terminal; of anything else, as many as no text has.
    std::size_t columns() const noexcept { return columns_; }
    /// What a drawing may take, which has to end somewhere.
    std::size_t drawing_columns() const noexcept { return drawing_columns_; }
    std::size_t rows() const noexcept { return rows_; }
    /// ascii only for a terminal whose locale says so: a pipe gets the bytes as they are.
    charset letters() const noexcept { return letters_; }
    /// What a drawing of more than ASCII needs, also in a pipe.
    bool locale_is_utf8() const noexcept { return locale_is_utf8_; }

    /// `text` as it may stand on this output.
    std::string shown(std::string_view text) const;
    std::string painted(std::string_view text, ink colour) const;

    /// Writes soon. \onfailure throws failure(unreadable)
    void write(std::string_view text);
    void flush();

  private:
    bool is_terminal_;
    bool has_colours_ = false;
    std::size_t columns_;
    std::size_t drawing_columns_ = 80;
    std::size_t rows_ = 24;
    charset letters_ = charset::utf8;
    bool locale_is_utf8_ = false;
    std::string waiting_;
};

/// A line on stderr, from `mlscribe: `. Line feeds stay, all else is made printable.
void tell(std::string_view text);

}  // namespace tool

#endif
