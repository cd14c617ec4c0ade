// SPDX-License-Identifier: MIT
/// \file Dots on a terminal: eight to a character in braille, or one.
#ifndef MLSCRIBE_TOOL_CANVAS_HPP
#define MLSCRIBE_TOOL_CANVAS_HPP

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "output.hpp"

namespace tool {

/// How dots become characters: braille patterns, or a letter of the series.
enum class dots { braille, letters };

class canvas {
  public:
    canvas(std::size_t columns, std::size_t rows, dots kind);

    /// How many dots there are.
    std::size_t width() const noexcept { return columns_ * across_; }
    std::size_t height() const noexcept { return rows_ * down_; }

    /// A line between two dots; (0, 0) is at the top left. \param series  from 0
    void line(std::size_t x0, std::size_t y0, std::size_t x1, std::size_t y1, std::size_t series);

    std::string row(std::size_t which, const output& out) const;

    static ink ink_of_series(std::size_t series);
    /// What stands for a series where dots are letters.
    static char letter_of_series(std::size_t series);

  private:
    struct cell {
        std::uint8_t pattern = 0;
        std::size_t series = 0;  // the one drawn last
    };

    void set(std::size_t x, std::size_t y, std::size_t series);

    std::size_t columns_;
    std::size_t rows_;
    dots kind_;
    std::size_t across_;
    std::size_t down_;
    std::vector<cell> cells_;
};

}  // namespace tool

#endif
