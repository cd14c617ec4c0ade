// SPDX-License-Identifier: MIT
#include "table.hpp"

#include <algorithm>
#include <numeric>

namespace tool {
namespace {

constexpr std::size_t gap = 2;

/// A blank beside another one, or at the rim, would look like the gap.
std::string with_single_blanks(const std::string& text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool blank = text[i] == ' ';
        const bool rim = i == 0 || i + 1 == text.size();
        if (blank && (rim || text[i - 1] == ' ')) {
            result += "\\x20";
        } else {
            result += text[i];
        }
    }
    return result.empty() ? "-" : result;
}

std::string cell_text(const output& out, const std::string& text) {
    const std::string shown = out.shown(text);
    return out.is_terminal() ? shown : with_single_blanks(shown);
}

/// One line, without blanks at its end.
std::string line_of(const output& out, const std::vector<table_cell>& cells,
                    const std::vector<table_column>& columns,
                    const std::vector<std::size_t>& widths) {
    std::string line;
    std::size_t blanks = 0;
    for (std::size_t i = 0; i < widths.size(); ++i) {
        const std::string text = cut(cells[i].text, widths[i], out.letters());
        const std::size_t missing = widths[i] - display_width(text);
        if (columns[i].aligned == side::right) blanks += missing;
        if (!text.empty()) {
            line.append(blanks, ' ');
            blanks = 0;
            line += out.painted(text, cells[i].colour);
        }
        if (columns[i].aligned == side::left) blanks += missing;
        blanks += gap;
    }
    return line + '\n';
}

}  // namespace

std::vector<std::size_t> fitted(std::vector<std::size_t> widths, std::size_t available) {
    const std::size_t most = (available + gap) / (gap + 1);
    if (widths.size() > most) widths.resize((std::max)(most, std::size_t{1}));
    const std::size_t gaps = gap * (widths.empty() ? 0 : widths.size() - 1);
    const auto total = [&](std::size_t limit) {
        return std::accumulate(
            widths.begin(), widths.end(), gaps,
            [limit](std::size_t sum, std::size_t width) { return sum + (std::min)(width, limit); });
    };
    std::size_t limit = widths.empty() ? 0 : *std::max_element(widths.begin(), widths.end());
    while (limit > 1 && total(limit) > available) --limit;
    // What the limit leaves over goes to the first columns that it cut.
    std::size_t rest = available - (std::min)(total(limit), available);
    for (std::size_t& width : widths) {
        if (width <= limit) continue;
        width = limit + (rest > 0 ? 1 : 0);
        if (rest > 0) --rest;
    }
    return widths;
}

void table::print(output& out, header shown) const {
    std::vector<std::vector<table_cell>> lines;
    lines.reserve(rows_.size() + 1);
    if (shown == header::shown) {
        std::vector<table_cell> titles;
        for (const table_column& column : columns_) {
            titles.push_back({cell_text(out, column.header), ink::bold});
        }
        lines.push_back(std::move(titles));
    }
    for (const auto& row : rows_) {
        std::vector<table_cell> cells;
        for (const table_cell& cell : row)
            cells.push_back({cell_text(out, cell.text), cell.colour});
        lines.push_back(std::move(cells));
    }
    std::vector<std::size_t> widths(columns_.size(), 0);
    for (const auto& cells : lines) {
        for (std::size_t i = 0; i < widths.size(); ++i) {
            widths[i] = (std::max)(widths[i], display_width(cells[i].text));
        }
    }
    if (out.is_terminal()) widths = fitted(std::move(widths), out.columns());
    for (const auto& cells : lines) out.write(line_of(out, cells, columns_, widths));
}

}  // namespace tool
