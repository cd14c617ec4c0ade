// SPDX-License-Identifier: MIT
/// \file The latest of the rows that are read, whose values need not all become numbers.
#ifndef MLSCRIBE_QUERY_LATEST_ROW_HPP
#define MLSCRIBE_QUERY_LATEST_ROW_HPP

#include <mlscribe/query/latest_point.hpp>
#include <mlscribe/query/metric_text.hpp>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// latest_point for rows whose text stays where it is until settle().
class latest_row {
  public:
    void look(const read_row& row) noexcept {
        if (!waits_ || row.step > latest_.step ||
            (row.step == latest_.step && row.timestamp > latest_.timestamp)) {
            latest_ = row;
            waits_ = true;
        } else if (row.step == latest_.step && row.timestamp == latest_.timestamp) {
            found_.look(latest_.row());
            found_.look(row.row());
            latest_ = read_row(found_.value());
        }
    }
    /// The text of the rows so far goes.
    void settle() noexcept {
        if (waits_) found_.look(latest_.row());
        waits_ = false;
    }

    /// After settle().
    const latest_point& found() const noexcept { return found_; }

  private:
    latest_point found_;
    read_row latest_;
    bool waits_ = false;  // to be given to found_
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
