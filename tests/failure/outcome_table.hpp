// SPDX-License-Identifier: MIT
/// \file Which outcomes each error of each call has, once and from there on; as a text.
#ifndef MLSCRIBE_TESTS_FAILURE_OUTCOME_TABLE_HPP
#define MLSCRIBE_TESTS_FAILURE_OUTCOME_TABLE_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <utility>

#include "faults.hpp"

namespace failure {

class outcome_table {
  public:
    void add(const fault& tried, const std::string& outcome) {
        rows_[{tried.call, tried.how.name}][tried.lasts ? 1 : 0].insert(outcome);
    }

    static outcome_table parse(const std::string& text) {
        outcome_table result;
        std::istringstream lines(text);
        std::string line;
        while (std::getline(lines, line)) {
            std::istringstream words(line);
            std::string call;
            std::string error;
            if (!(words >> call >> error) || call == "#") continue;
            for (outcomes& cell : result.rows_[{call, error}]) {
                std::string cell_text;
                words >> cell_text;
                std::istringstream parts(cell_text);
                for (std::string part; std::getline(parts, part, ',');) cell.insert(part);
            }
        }
        return result;
    }

    std::string text() const {
        std::ostringstream out;
        const auto line = [&out](const std::string& call, const std::string& error,
                                 const std::string& once, const std::string& lasting) {
            out << padded(call, 11) << padded(error, 8) << padded(once, 26) << lasting << '\n';
        };
        line("# call", "error", "once", "from there on");
        for (const auto& [row, cells] : rows_) {
            line(row.first, row.second, joined(cells[0]), joined(cells[1]));
        }
        return out.str();
    }

    /// Cells of this table with an outcome that the other does not have there.
    std::string more_than(const outcome_table& other) const {
        std::string result;
        for (const auto& [row, cells] : rows_) {
            const auto expected = other.rows_.find(row);
            for (std::size_t i = 0; i < cells.size(); ++i) {
                if (expected != other.rows_.end() &&
                    std::includes(expected->second[i].begin(), expected->second[i].end(),
                                  cells[i].begin(), cells[i].end())) {
                    continue;
                }
                result += row.first + ' ' + row.second + (i == 0 ? " once: " : " from there on: ") +
                          joined(cells[i]) + '\n';
            }
        }
        return result;
    }

  private:
    using outcomes = std::set<std::string>;

    static std::string joined(const outcomes& cell) {
        std::string text;
        for (const std::string& outcome : cell) text += (text.empty() ? "" : ",") + outcome;
        return text.empty() ? "-" : text;
    }
    static std::string padded(std::string text, std::size_t width) {
        text.resize((std::max)(text.size() + 1, width), ' ');
        return text;
    }

    std::map<std::pair<std::string, std::string>, std::array<outcomes, 2>> rows_;
};

}  // namespace failure

#endif
