// SPDX-License-Identifier: MIT
/// \file Rows in columns.
#ifndef MLSCRIBE_TOOL_TABLE_HPP
#define MLSCRIBE_TOOL_TABLE_HPP

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "output.hpp"

namespace tool {

enum class side { left, right };

struct table_column {
    std::string header;
    side aligned = side::left;
};

struct table_cell {
    std::string text;  ///< any bytes
    ink colour = ink::plain;
};

/// Columns are two blanks apart. On a terminal the widest ones are cut until all fit; elsewhere
/// nothing is, no cell is empty (`-`), and none has two blanks in a row, so that `awk -F '  +'`
/// tells them apart.
class table {
  public:
    explicit table(std::vector<table_column> columns) : columns_(std::move(columns)) {}

    /// \param row  as many cells as there are columns
    void add(std::vector<table_cell> row) { rows_.push_back(std::move(row)); }

    enum class header { shown, hidden };
    void print(output& out, header shown = header::shown) const;

  private:
    std::vector<table_column> columns_;
    std::vector<std::vector<table_cell>> rows_;
};

/// The widths of columns that together, with two blanks between them, take at most `available`:
/// the widest give way first, and the last are left out where not even one column each is there.
std::vector<std::size_t> fitted(std::vector<std::size_t> widths, std::size_t available);

}  // namespace tool

#endif
