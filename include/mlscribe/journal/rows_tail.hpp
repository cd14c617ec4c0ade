// SPDX-License-Identifier: MIT
/// \file Where the rows of one metric end.
#ifndef MLSCRIBE_JOURNAL_ROWS_TAIL_HPP
#define MLSCRIBE_JOURNAL_ROWS_TAIL_HPP

#include <mlscribe/journal/step_context.hpp>
#include <mlscribe/layout/point.hpp>

#include <cstdint>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// What must be known of rows to tell later ones from them.
struct rows_tail {
    std::int64_t last_step = no_step;  ///< no_step where there is no row
    std::int64_t highest_step = INT64_MIN;
    std::int64_t highest_time = INT64_MIN;
    bool restarts = false;  ///< a step is lower than one before it

    bool empty() const noexcept { return last_step == no_step; }

    /// The next row.
    void note(const point& row) noexcept {
        restarts = restarts || row.step < highest_step;
        last_step = row.step;
        if (row.step > highest_step) highest_step = row.step;
        if (row.timestamp > highest_time) highest_time = row.timestamp;
    }
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
