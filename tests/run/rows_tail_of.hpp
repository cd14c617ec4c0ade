// SPDX-License-Identifier: MIT
/// \file A series' last rows, as a checkpoint keeps them.
#ifndef MLSCRIBE_TESTS_RUN_ROWS_TAIL_OF_HPP
#define MLSCRIBE_TESTS_RUN_ROWS_TAIL_OF_HPP

#include <mlscribe/journal/rows_tail.hpp>

#include <cstdint>
#include <vector>

namespace test {

/// Of one row for each step, a millisecond apart.
inline mlscribe::detail::rows_tail rows_tail_of(const std::vector<std::int64_t>& steps) {
    mlscribe::detail::rows_tail tail;
    std::int64_t time = 1000;
    for (const std::int64_t step : steps) tail.note({time++, 1.0, step});
    return tail;
}

}  // namespace test

#endif
