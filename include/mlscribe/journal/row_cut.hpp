// SPDX-License-Identifier: MIT
/// \file Which rows of a metric go when its run begins again at an earlier step.
#ifndef MLSCRIBE_JOURNAL_ROW_CUT_HPP
#define MLSCRIBE_JOURNAL_ROW_CUT_HPP

#include <mlscribe/journal/step_context.hpp>
#include <mlscribe/layout/point.hpp>

#include <cstdint>
#include <optional>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// A row goes that has `from_step` or a higher one, or is later than `after_time`.
struct row_cut {
    std::optional<std::int64_t> from_step = {};
    std::int64_t after_time = INT64_MAX;
    /// The step of a pass whose work is done: rows of it stay where they are the first that would
    /// go, for they were logged in that pass, which was over at `done_until`.
    std::int64_t done_step = no_step;
    std::int64_t done_until = INT64_MAX;
};

/// Goes over the rows of a file in their order.
class row_cutter {
  public:
    explicit row_cutter(const row_cut& cut) noexcept : cut_(cut) {}

    bool cuts(const point& row) noexcept {
        const bool behind = cut_.from_step && row.step >= *cut_.from_step;
        if (!behind && row.timestamp <= cut_.after_time) return false;
        has_cut_ = has_cut_ || !is_done(row);
        return has_cut_;
    }

  private:
    bool is_done(const point& row) const noexcept {
        return cut_.done_step != no_step && row.step == cut_.done_step &&
               row.timestamp <= cut_.done_until;
    }

    row_cut cut_;
    bool has_cut_ = false;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
