// SPDX-License-Identifier: MIT
/// \file The rows that are to be logged, column by column as the texts of their cells.
#ifndef MLSCRIBE_TABLE_TABLE_COLUMNS_HPP
#define MLSCRIBE_TABLE_TABLE_COLUMNS_HPP

#include <mlscribe/error/error.hpp>
#include <mlscribe/layout/key_rules.hpp>
#include <mlscribe/table/cell_text.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// `"a", "b"` for a message; of many the first ones.
inline std::string shown_columns(const std::vector<std::string>& names) {
    constexpr std::size_t most = 12;
    std::string out;
    for (std::size_t i = 0; i < names.size() && i < most; ++i) {
        out.append(i == 0 ? "\"" : ", \"").append(shown(names[i])).append("\"");
    }
    if (names.size() > most) out += ", ... (" + std::to_string(names.size()) + " in all)";
    return out.empty() ? "none" : out;
}

class table_columns {
  public:
    void add_column(std::string_view name) {
        names_.push_back(utf8::repaired(name));  // as the table on the disk will have it
        cells_.emplace_back();
    }
    void add_cell(std::size_t column, const document& value) {
        cell_texts& cells = cells_[column];
        append_cell(cells.texts, value);
        cells.ends.push_back(cells.texts.size());
    }

    const std::vector<std::string>& names() const noexcept { return names_; }
    std::size_t rows() const noexcept { return cells_.empty() ? 0 : cells_.front().ends.size(); }

    /// \onfailure invalid_value: no rectangle, or two columns of one name
    error check() const {
        for (std::size_t i = 0; i < names_.size(); ++i) {
            const std::size_t length = cells_[i].ends.size();
            if (length != rows()) {
                return {error_code::invalid_value, 0,
                        "its columns differ in length: \"" + shown(names_[0]) + "\" has " +
                            std::to_string(rows()) + " values and \"" + shown(names_[i]) +
                            "\" has " + std::to_string(length)};
            }
        }
        std::vector<std::string> sorted = names_;
        std::sort(sorted.begin(), sorted.end());
        const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
        if (twice == sorted.end()) return {};
        return {error_code::invalid_value, 0,
                "two of its columns are called \"" + shown(*twice) + '"'};
    }

    /// Which column goes where in a table that is there. \return false where it has others
    bool order_by(const std::vector<std::string>& wanted, std::vector<std::size_t>& order) const {
        order.clear();
        for (const std::string& name : wanted) {
            const auto found = std::find(names_.begin(), names_.end(), name);
            if (found == names_.end()) return false;
            order.push_back(static_cast<std::size_t>(found - names_.begin()));
        }
        return order.size() == names_.size();
    }

    /// `[1,"a"],[2,"b"]` behind `out`, the columns as in `order`.
    std::string rows_text(const std::vector<std::size_t>& order, std::string out) const {
        for (std::size_t row = 0; row < rows(); ++row) {
            out += row == 0 ? "[" : ",[";
            for (const std::size_t& column : order) {
                if (&column != order.data()) out += ',';
                out += cells_[column].at(row);
            }
            out += ']';
        }
        return out;
    }

    /// The file with these rows alone.
    std::string text() const {
        std::vector<std::size_t> order;
        std::string out = "{\"columns\":[";
        for (const std::string& name : names_) {
            if (!order.empty()) out += ',';
            append_cell_string(out, name);
            order.push_back(order.size());
        }
        out += "],\"data\":[";
        return rows_text(order, std::move(out)) + "]}";
    }

  private:
    struct cell_texts {
        std::string_view at(std::size_t row) const {
            const std::size_t begin = row == 0 ? 0 : ends[row - 1];
            return std::string_view(texts).substr(begin, ends[row] - begin);
        }

        std::string texts;
        std::vector<std::size_t> ends;
    };

    std::vector<std::string> names_;
    std::vector<cell_texts> cells_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
