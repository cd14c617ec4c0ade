// SPDX-License-Identifier: MIT
/// \file Which outcomes each error of each call has, by what the call is about, once and from there
/// on; as a text.
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
#include <vector>

#include "faults.hpp"

namespace failure {

/// What a path of a store is for: `STORE`, `RUN/params/*`, `RUN/.mlscribe-*`. A run that is begun
/// out of sight is `BEGUN`.
inline std::string role_of(const std::string& store, const std::string& path) {
    if (path.compare(0, store.size(), store) != 0) return path;
    const std::string own = ".mlscribe-";
    std::string role = "STORE";
    std::istringstream parts(path.substr(store.size()));
    for (std::string part; std::getline(parts, part, '/');) {
        if (part.empty() || part == ".") continue;
        const bool is_id = part.find_first_not_of("0123456789abcdef") == std::string::npos;
        if (is_id) {
            role = part.size() == 32 ? "RUN" : "EXPERIMENT";
        } else if (part.compare(0, own.size(), own) == 0) {
            const bool is_begun = role == "EXPERIMENT/datasets/" + own + "starting";
            const std::size_t word =
                part.find_first_not_of("abcdefghijklmnopqrstuvwxyz", own.size());
            role = is_begun ? "BEGUN" : role + '/' + part.substr(0, word);
            if (!is_begun && word == own.size()) role += '*';
        } else if (role.find("RUN/") == 0 || role.find("BEGUN/") == 0) {
            return role + "/*";
        } else {
            role += '/' + part;
        }
    }
    return role;
}

class outcome_table {
  public:
    void add(const fault& tried, const std::string& role, const std::string& outcome) {
        found_[{tried.call, role}][tried.how.name][tried.lasts ? 1 : 0].insert(outcome);
    }

    static outcome_table parse(const std::string& text) {
        outcome_table result;
        std::istringstream lines(text);
        for (std::string line; std::getline(lines, line);) {
            std::istringstream words(line);
            std::string call;
            std::string role;
            std::string names;
            if (!(words >> call >> role >> names) || call == "#") continue;
            cells read;
            for (outcomes& cell : read) {
                std::string parts;
                words >> parts;
                for (std::string& part : split(parts)) cell.insert(std::move(part));
            }
            for (const std::string& name : split(names)) result.found_[{call, role}][name] = read;
        }
        return result;
    }

    /// Errors with the same outcomes share a line; `others` are those that no line names.
    std::string text() const {
        std::ostringstream out;
        const auto line = [&out](const std::string& call, const std::string& role,
                                 const std::string& names, const std::string& once,
                                 const std::string& lasting) {
            out << padded(call, 10) << padded(role, 29) << padded(names, 23) << padded(once, 20)
                << lasting << '\n';
        };
        line("# call", "of", "error", "once", "from there on");
        for (const auto& [what, ways] : found_) {
            std::map<cells, std::string> groups;
            std::map<cells, std::size_t> sizes;
            for (const auto& [name, read] : ways) {
                groups[read] += (groups[read].empty() ? "" : ",") + name;
                ++sizes[read];
            }
            std::size_t most = 0;
            for (const auto& [read, size] : sizes) most = (std::max)(most, size);
            for (const auto& [read, names] : groups) {
                const bool is_rest = sizes[read] == most && std::exchange(most, 0) != 0;
                line(what.first, what.second, is_rest ? "others" : names, joined(read[0]),
                     joined(read[1]));
            }
        }
        return out.str();
    }

    /// Cells of this table with an outcome that the other does not have there.
    std::string more_than(const outcome_table& other) const {
        std::string result;
        for (const auto& [what, ways] : found_) {
            for (const auto& [name, read] : ways) {
                const cells expected = other.find(what, name);
                for (std::size_t i = 0; i < read.size(); ++i) {
                    if (std::includes(expected[i].begin(), expected[i].end(), read[i].begin(),
                                      read[i].end())) {
                        continue;
                    }
                    result += what.first + ' ' + what.second + ' ' + name +
                              (i == 0 ? " once: " : " from there on: ") + joined(read[i]) + '\n';
                }
            }
        }
        return result;
    }

    /// What the other has a line of and this has not: `some` makes each call fail at least once.
    std::string lacks(const outcome_table& other) const {
        std::string result;
        for (const auto& line : other.found_) {
            const subject& what = line.first;
            if (found_.count(what) == 0) {
                result += what.first + ' ' + what.second + " was not seen\n";
            }
        }
        return result;
    }

  private:
    using outcomes = std::set<std::string>;
    using cells = std::array<outcomes, 2>;
    using subject = std::pair<std::string, std::string>;

    cells find(const subject& what, const std::string& name) const {
        const auto ways = found_.find(what);
        if (ways == found_.end()) return {};
        for (const std::string& each : {name, std::string("others")}) {
            const auto read = ways->second.find(each);
            if (read != ways->second.end()) return read->second;
        }
        return {};
    }

    static std::vector<std::string> split(const std::string& text) {
        std::vector<std::string> result;
        std::istringstream parts(text);
        for (std::string part; std::getline(parts, part, ',');) result.push_back(part);
        return result;
    }
    static std::string joined(const outcomes& cell) {
        std::string text;
        for (const std::string& outcome : cell) text += (text.empty() ? "" : ",") + outcome;
        return text.empty() ? "-" : text;
    }
    static std::string padded(std::string text, std::size_t width) {
        text.resize((std::max)(text.size() + 1, width), ' ');
        return text;
    }

    std::map<subject, std::map<std::string, cells>> found_;
};

}  // namespace failure

#endif
