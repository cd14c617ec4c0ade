// SPDX-License-Identifier: MIT
/// \file How long scopes take: their mean, shortest and longest time, and how many there were.
#ifndef MLSCRIBE_METRIC_SCOPED_TIMER_HPP
#define MLSCRIBE_METRIC_SCOPED_TIMER_HPP

#include <mlscribe/config/clock.hpp>
#include <mlscribe/journal/series.hpp>
#include <mlscribe/journal/spin_lock.hpp>
#include <mlscribe/metric/several.hpp>

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

using timed_values = several<mean, min, max, count>;

/// Gathers the times of one name and writes them at the border of an epoch; where passes are short,
/// at the first border after a second. \threadsafety add(): any thread
class timing final : public step_listener {
  public:
    /// \param outputs  one for each of timed_values
    explicit timing(std::vector<reference<series>> outputs) noexcept
        : outputs_(std::move(outputs)) {}

    void add(std::int64_t began, std::int64_t ended) noexcept {
        // In a forked child the lock may be held by a thread that is gone.
        if (!outputs_.front()->owner().recording()) return;
        const spin_guard guard(lock_);
        values_.add(static_cast<double>(ended - began) / 1e9);
        latest_ = ended;
        filled_ = true;
    }

    void step_ended(const step_border& border) noexcept override {
        if (!border.ends_epoch || !outputs_.front()->owner().recording()) return;
        timed_values taken;
        {
            const spin_guard guard(lock_);
            if (!filled_ || (border.is_short && latest_ - written_ < interval)) return;
            std::swap(taken, values_);
            filled_ = false;
            written_ = latest_;
        }
        for (std::size_t i = 0; i < outputs_.size(); ++i) {
            outputs_[i]->log(taken.value(i), border.step);
        }
    }

  private:
    static constexpr std::int64_t interval = 1000000000;

    const std::vector<reference<series>> outputs_;
    spin_lock lock_;
    timed_values values_;
    std::int64_t latest_ = 0;
    std::int64_t written_ = 0;
    bool filled_ = false;
};

}  // namespace detail

/// Times its scope; made by `run.timer(key)`. \threadsafety a thread each
/// \cost two clock reads, and a look-up by name when it is made
class [[nodiscard]] scoped_timer {
  public:
    explicit scoped_timer(detail::reference<detail::timing> timing) noexcept
        : timing_(std::move(timing)) {
        if (timing_) began_ = detail::monotonic_nanoseconds();
    }
    scoped_timer(scoped_timer&& other) noexcept = default;
    scoped_timer& operator=(scoped_timer&&) = delete;
    scoped_timer(const scoped_timer&) = delete;
    scoped_timer& operator=(const scoped_timer&) = delete;
    ~scoped_timer() { stop(); }

    /// Ends the time before the scope does.
    void stop() noexcept {
        if (!timing_) return;
        timing_->add(began_, detail::monotonic_nanoseconds());
        timing_ = {};
    }

  private:
    detail::reference<detail::timing> timing_;
    std::int64_t began_ = 0;
};

MLSCRIBE_NAMESPACE_END

#endif
