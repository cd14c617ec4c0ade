// SPDX-License-Identifier: MIT
/// \file What the fast reader and the exact one see in the text of a metric file.
#ifndef MLSCRIBE_TESTS_QUERY_BOTH_READERS_HPP
#define MLSCRIBE_TESTS_QUERY_BOTH_READERS_HPP

#include <mlscribe/query/metric_text.hpp>

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace test {

inline std::string shown(const mlscribe::point& row) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, &row.value, sizeof bits);
    return std::to_string(row.timestamp) + ' ' + std::to_string(bits) + ' ' +
           std::to_string(row.step) + '\n';
}

/// Rows, lines, the first damaged line.
inline std::string seen_fast(std::string_view text) {
    std::string seen;
    mlscribe::detail::metric_text_place place;
    mlscribe::detail::for_each_read_row(
        text, place, [&seen](const mlscribe::detail::read_row& row, std::uint64_t) {
            seen += shown(row.row());
        });
    return seen + std::to_string(place.lines) + ' ' + std::to_string(place.rows) + ' ' +
           std::to_string(place.damaged_line) + ' ' + place.damaged_text;
}
inline std::string seen_exactly(std::string_view text) {
    std::string seen;
    std::uint64_t lines = 0;
    std::uint64_t damaged = 0;
    std::string line;
    const auto summary =
        mlscribe::for_each_metric_line(text, [&](const mlscribe::metric_file_line& each) {
            ++lines;
            if (each.what == mlscribe::metric_file_line::state::row) seen += shown(each.line.row);
            if (each.what == mlscribe::metric_file_line::state::row || damaged != 0) return;
            damaged = each.number;
            line = each.text.substr(0, 100);
        });
    return seen + std::to_string(lines) + ' ' + std::to_string(summary.rows) + ' ' +
           std::to_string(damaged) + ' ' + line;
}

}  // namespace test

#endif
