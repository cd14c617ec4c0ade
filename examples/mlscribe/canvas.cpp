// SPDX-License-Identifier: MIT
#include "canvas.hpp"

#include <mlscribe/layout/utf8.hpp>

namespace tool {

canvas::canvas(std::size_t columns, std::size_t rows, dots kind)
    : columns_(columns),
      rows_(rows),
      kind_(kind),
      across_(kind == dots::braille ? 2 : 1),
      down_(kind == dots::braille ? 4 : 1),
      cells_(columns * rows) {}

void canvas::set(std::size_t x, std::size_t y, std::size_t series) {
    // The bits of U+2800 and on, by row and column of a character.
    constexpr std::uint8_t bits[4][2] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
    cell& here = cells_[y / down_ * columns_ + x / across_];
    here.pattern = static_cast<std::uint8_t>(here.pattern | bits[y % down_][x % across_]);
    here.series = series;
}

void canvas::line(std::size_t x0, std::size_t y0, std::size_t x1, std::size_t y1,
                  std::size_t series) {
    const std::size_t dx = x1 > x0 ? x1 - x0 : x0 - x1;
    const std::size_t dy = y1 > y0 ? y1 - y0 : y0 - y1;
    const std::size_t steps = (std::max)(dx, dy);
    if (steps == 0) return set(x0, y0, series);
    const auto between = [steps](std::size_t from, std::size_t to, std::size_t i) {
        const std::size_t way = ((to > from ? to - from : from - to) * i * 2 + steps) / (2 * steps);
        return to > from ? from + way : from - way;
    };
    for (std::size_t i = 0; i <= steps; ++i) set(between(x0, x1, i), between(y0, y1, i), series);
}

std::string canvas::row(std::size_t which, const output& out) const {
    std::string text;
    std::string same;  // of one colour
    ink colour = ink::plain;
    for (std::size_t column = 0; column < columns_; ++column) {
        const cell& here = cells_[which * columns_ + column];
        const ink wanted = here.pattern == 0 ? ink::plain : ink_of_series(here.series);
        if (wanted != colour) {
            text += out.painted(same, colour);
            same.clear();
            colour = wanted;
        }
        if (here.pattern == 0) {
            same += ' ';
        } else if (kind_ == dots::braille) {
            mlscribe::utf8::append(same, 0x2800u + here.pattern);
        } else {
            same += letter_of_series(here.series);
        }
    }
    if (colour != ink::plain || same.find_first_not_of(' ') != std::string::npos) {
        text += out.painted(same, colour);
    }
    return text;
}

ink canvas::ink_of_series(std::size_t series) {
    constexpr ink inks[] = {ink::cyan, ink::yellow, ink::green, ink::magenta, ink::red, ink::blue};
    return inks[series % 6];
}

char canvas::letter_of_series(std::size_t series) {
    constexpr char letters[] = "*+ox#@%&";
    return letters[series % 8];
}

}  // namespace tool
