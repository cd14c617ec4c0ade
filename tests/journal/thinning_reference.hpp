// SPDX-License-Identifier: MIT
/// \file What stays of a series by the rule's words: slow, and written another way.
#ifndef MLSCRIBE_TESTS_JOURNAL_THINNING_REFERENCE_HPP
#define MLSCRIBE_TESTS_JOURNAL_THINNING_REFERENCE_HPP

#include <mlscribe/journal/row_set.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace test {

/// Rows in the order of step, time and value.
struct row_order {
    static auto key(const mlscribe::point& row) {
        return std::make_tuple(row.step, row.timestamp, mlscribe::identity_bits(row.value));
    }
    bool operator()(const mlscribe::point& a, const mlscribe::point& b) const {
        return key(a) < key(b);
    }
};
using ordered_rows = std::set<mlscribe::point, row_order>;

/// A row as 192 digits, in the order of rows.
inline std::string digits_of(const mlscribe::point& row) {
    std::string digits;
    const std::uint64_t sign = std::uint64_t{1} << 63;
    for (const std::uint64_t part :
         {static_cast<std::uint64_t>(row.step) ^ sign,
          static_cast<std::uint64_t>(row.timestamp) ^ sign, mlscribe::identity_bits(row.value)}) {
        for (int bit = 63; bit >= 0; --bit) digits += (part >> bit & 1) != 0 ? '1' : '0';
    }
    return digits;
}

/// The rows of `logged` that stay where at most `most` may.
inline ordered_rows thinned(const std::vector<mlscribe::point>& logged, std::size_t most) {
    if (most < 16) most = 16;
    const ordered_rows all(logged.begin(), logged.end());
    if (all.size() <= most) return all;
    // Of neighbours, how many digits are the same: two buckets where fewer than a level leaves.
    std::vector<std::size_t> same;
    std::string before;
    for (const mlscribe::point& row : all) {
        const std::string digits = digits_of(row);
        std::size_t equal = 0;
        while (equal < before.size() && before[equal] == digits[equal]) ++equal;
        same.push_back(equal);
        before = digits;
    }
    const auto begins_bucket = [&same](std::size_t row, std::size_t digits) {
        return row == 0 || same[row] < digits;
    };
    std::size_t digits = 192;
    for (std::size_t buckets = all.size(); buckets > most - most / 4;) {
        --digits;
        buckets = 0;
        for (std::size_t row = 0; row < all.size(); ++row) buckets += begins_bucket(row, digits);
    }
    ordered_rows kept;
    std::size_t at = 0;
    for (const mlscribe::point& row : all) {
        if (begins_bucket(at++, digits)) kept.insert(kept.end(), row);
    }
    kept.insert(*all.rbegin());
    const mlscribe::point* least = nullptr;
    const mlscribe::point* greatest = nullptr;
    for (const mlscribe::point& row : all) {
        if (std::isnan(row.value)) continue;
        if (least == nullptr || row.value < least->value) least = &row;
        if (greatest == nullptr || row.value > greatest->value) greatest = &row;
    }
    if (least != nullptr) kept.insert(*least);
    if (greatest != nullptr) kept.insert(*greatest);
    return kept;
}

}  // namespace test

#endif
