// SPDX-License-Identifier: MIT
/// \file A registered metric: what the loop body calls.
#ifndef MLSCRIBE_METRIC_METRIC_HANDLE_HPP
#define MLSCRIBE_METRIC_METRIC_HANDLE_HPP

#include <mlscribe/metric/point_logger.hpp>

#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

/// One metric of a run, made by `run.metric(key)`. May outlive its run, where logging is a loss
/// that `run.lost_points()` counts. A default-made one does nothing.
///
/// A handle fills a buffer of its own, which survives the death of the process. Give each thread a
/// copy: copies count the steps of their metric together.
/// \threadsafety for the first thread that logs by it, until it is moved; in other threads a point
///               costs as much as one by name
/// \cost a clock read and a store of 24 bytes; a copy costs a buffer of 4 KiB
/// \tparam Clock  coarse_clock, fine_clock, or another with `static int64_t milliseconds()`, since
///                1970 UTC
template <class Clock>
class basic_metric_handle : public detail::point_logger<detail::lane, Clock> {
    using base = detail::point_logger<detail::lane, Clock>;

  public:
    basic_metric_handle() noexcept = default;
    explicit basic_metric_handle(detail::reference<detail::lane> way) noexcept
        : base(std::move(way)) {}

    basic_metric_handle(basic_metric_handle&& other) noexcept : base(std::move(other)) {
        for_any_thread();
    }
    basic_metric_handle& operator=(basic_metric_handle&& other) noexcept {
        base::operator=(std::move(other));
        for_any_thread();
        return *this;
    }
    basic_metric_handle(const basic_metric_handle& other) noexcept : base(another(other)) {}
    basic_metric_handle& operator=(const basic_metric_handle& other) noexcept {
        return *this = basic_metric_handle(other);
    }
    ~basic_metric_handle() = default;

    /// The same metric by another clock.
    template <class OtherClock>
    explicit basic_metric_handle(const basic_metric_handle<OtherClock>& other) noexcept
        : base(another(other)) {}

  private:
    void for_any_thread() noexcept {
        if (this->way()) this->way()->set_owner(0);
    }

    template <class>
    friend class basic_metric_handle;

    template <class OtherClock>
    static detail::reference<detail::lane> another(
        const basic_metric_handle<OtherClock>& other) noexcept {
        return other.way() ? detail::open_lane(other.way()->target())
                           : detail::reference<detail::lane>();
    }
};

/// What `run.metric(key)` gives.
using metric_handle = basic_metric_handle<coarse_clock>;

MLSCRIBE_NAMESPACE_END

#endif
