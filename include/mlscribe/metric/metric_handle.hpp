// SPDX-License-Identifier: MIT
/// \file A registered metric: what the loop body calls.
#ifndef MLSCRIBE_METRIC_METRIC_HANDLE_HPP
#define MLSCRIBE_METRIC_METRIC_HANDLE_HPP

#include <mlscribe/journal/series.hpp>
#include <mlscribe/metric/step.hpp>

#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

/// One metric of a run, made by `run.metric(key)`. Cheap to copy; may outlive its run, where
/// logging is a loss that `run.lost_points()` counts. A default-made one does nothing.
/// \threadsafety any thread
/// \cost a few tens of nanoseconds; every 1024 points of a key one write to its file
class metric_handle {
  public:
    metric_handle() noexcept = default;
    explicit metric_handle(detail::reference<detail::series> target) noexcept
        : series_(std::move(target)) {}

    /// Logs at the step of the innermost open `epochs`/`steps` range; outside, at this metric's
    /// last step + 1 (the first is 0; a resumed run goes on behind what the file holds).
    /// \param value any number; NaN and infinities are written as MLflow writes them
    template <class Value>
    void log(Value value) noexcept {
        if (series_) series_->log(number(value));
    }

    /// \param step any integer from 0 to 2^63-1. A negative one is refused and reported: MLflow's
    ///             charts leave such points out. A floating-point step does not compile.
    template <class Value, class Step>
    void log(Value value, Step step) noexcept {
        if (series_ && allowed(step)) series_->log(number(value), detail::check_step(step).step);
    }

    /// Logs at a time of one's own. An exact repeat of a point (same time, step and value) is
    /// dropped and counted in the tag `mlscribe.repeated_points`.
    template <class Value, class Step>
    void log(Value value, Step step, timestamp at) noexcept {
        if (!series_ || !allowed(step)) return;
        if (at.milliseconds < 0) return series_->owner().refuse(*series_, detail::refusal::time);
        series_->log(number(value), detail::check_step(step).step,
                     detail::given_time(at.milliseconds));
    }

    /// The key as MLflow shows it. Empty for a default-made handle.
    std::string_view key() const noexcept {
        return series_ ? std::string_view(series_->key()) : std::string_view();
    }

  private:
    template <class Value>
    static double number(Value value) noexcept {
        static_assert(std::is_arithmetic_v<Value> || std::is_convertible_v<Value, double>,
                      "a metric's value is a number");
        return static_cast<double>(value);
    }

    template <class Step>
    bool allowed(Step step) const noexcept {
        const detail::checked_step checked = detail::check_step(step);
        if (checked.negative) series_->owner().refuse(*series_, detail::refusal::negative_step);
        if (checked.too_large) series_->owner().refuse(*series_, detail::refusal::large_step);
        return !checked.negative && !checked.too_large;
    }

    detail::reference<detail::series> series_;
};

MLSCRIBE_NAMESPACE_END

#endif
