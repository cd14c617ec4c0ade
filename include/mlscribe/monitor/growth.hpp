// SPDX-License-Identifier: MIT
/// \file How much a counter of the kernel has grown.
#ifndef MLSCRIBE_MONITOR_GROWTH_HPP
#define MLSCRIBE_MONITOR_GROWTH_HPP

#include <mlscribe/config/config.hpp>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// A counter that begins anew (an interface that went) has not shrunk.
class growth {
  public:
    /// \return by how much it grew since the last time; 0 at the first
    double note(double count) noexcept {
        const double by = known_ && count > last_ ? count - last_ : 0;
        last_ = count;
        known_ = true;
        total_ += by;
        return by;
    }
    /// Since the first time.
    double total() const noexcept { return total_; }

  private:
    double last_ = 0;
    double total_ = 0;
    bool known_ = false;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
