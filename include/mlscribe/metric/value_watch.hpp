// SPDX-License-Identifier: MIT
/// \file Looks at the values of a metric: which is the best one, which are not numbers.
#ifndef MLSCRIBE_METRIC_VALUE_WATCH_HPP
#define MLSCRIBE_METRIC_VALUE_WATCH_HPP

#include <mlscribe/journal/remark.hpp>
#include <mlscribe/journal/series.hpp>
#include <mlscribe/journal/spin_lock.hpp>
#include <mlscribe/journal/thread_mark.hpp>
#include <mlscribe/metric/metric_options.hpp>

#include <atomic>
#include <cstdint>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// What a watched metric writes beside its own points; each may be missing.
struct watch_outputs {
    reference<series> best;
    reference<series> best_step;
    reference<series> nan;
    reference<remark> nan_count;
};

/// Shared by the copies of a handle. \threadsafety any thread
class value_watch final : public counted {
  public:
    value_watch(const metric_options& options, watch_outputs outputs) noexcept
        : which_(options.best), nan_(options.nan), outputs_(std::move(outputs)) {}

    /// Learns what the metric had before; between begin_look() and end_look().
    void look_back(const series& target) noexcept {
        if (!seeks_best()) return;
        const bool known = outputs_.best && outputs_.best->history().any;
        const value_extremes& history = known ? outputs_.best->history() : target.history();
        if (!history.any) return;
        const point& found = which_ == best::min ? history.lowest : history.highest;
        if (!known) return look(found.value, found.step);
        best_ = found.value;
        any_ = true;
    }

    bool seeks_best() const noexcept { return which_ != best::none; }
    bool skips(double value) const noexcept { return nan_ != nan_policy::keep && is_nan(value); }

    void note_nans(std::uint64_t count, std::int64_t step) noexcept {
        if (outputs_.nan_count) outputs_.nan_count->add(static_cast<std::int64_t>(count));
        if (outputs_.nan) outputs_.nan->log(static_cast<double>(count), step);
    }

    /// Held from a point to the look at it, so that the best values stand in their order.
    /// \return false where this thread holds it: an error handler logs what it was called for
    bool begin_look() noexcept {
        if (looker_.load(std::memory_order_relaxed) == this_thread()) return false;
        looking_.lock();
        looker_.store(this_thread(), std::memory_order_relaxed);
        return true;
    }
    void end_look() noexcept {
        looker_.store(0, std::memory_order_relaxed);
        looking_.unlock();
    }
    /// Between begin_look() and end_look().
    void look(double value, std::int64_t step) noexcept {
        if (is_nan(value)) return;
        if (any_ && !(which_ == best::min ? value < best_ : value > best_)) return;
        any_ = true;
        best_ = value;
        if (outputs_.best) outputs_.best->log(value, step);
        if (outputs_.best_step) outputs_.best_step->log(static_cast<double>(step), step);
    }

  private:
    const best which_;
    const nan_policy nan_;
    const watch_outputs outputs_;
    spin_lock looking_;
    std::atomic<std::uintptr_t> looker_{0};
    bool any_ = false;
    double best_ = 0;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
