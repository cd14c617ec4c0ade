// SPDX-License-Identifier: MIT
/// \file The calls that log a point, for handles and for calls by name.
#ifndef MLSCRIBE_METRIC_POINT_LOGGER_HPP
#define MLSCRIBE_METRIC_POINT_LOGGER_HPP

#include <mlscribe/journal/lane.hpp>
#include <mlscribe/metric/step.hpp>

#include <string_view>
#include <type_traits>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

inline const series& series_of(const series& target) noexcept {
    return target;
}
inline const series& series_of(const lane& target) noexcept {
    return target.target();
}

/// \tparam Way    lane, or series for calls by name
/// \tparam Clock  tells a point's time where the program does not
template <class Way, class Clock>
class point_logger {
  public:
    point_logger() noexcept = default;
    explicit point_logger(reference<Way> way) noexcept : way_(std::move(way)) {}

    /// Logs at the step of the innermost open `epochs`/`steps` range; outside, at this metric's
    /// last step + 1 (the first is 0; a resumed run goes on behind the highest step in the file).
    /// In such a range the clock is read once a pass and flush interval, for all metrics; by a
    /// metric that logs more than one point in a pass, for each. \param value any number; NaN and
    /// infinities are written as MLflow writes them
    template <class Value>
    void log(Value value) noexcept {
        if (way_) way_->template log<Clock>(number(value));
    }

    /// \param step any integer from 0 to 2^63-1. A negative one is refused and reported: MLflow's
    ///             charts leave such points out. A floating-point step does not compile.
    template <class Value, class Step>
    void log(Value value, Step step) noexcept {
        if (way_ && allowed(step)) way_->template log<Clock>(number(value), check_step(step).step);
    }

    /// Logs at a time of one's own. An exact repeat of a point (same time, step and value) is
    /// dropped and counted in the tag `mlscribe.repeated_points`.
    template <class Value, class Step>
    void log(Value value, Step step, timestamp at) noexcept {
        if (!way_ || !allowed(step)) return;
        if (at.milliseconds < 0) return refuse(refusal::time);
        way_->log(number(value), check_step(step).step, given_time(at.milliseconds));
    }

    /// The key as MLflow shows it. Empty for a default-made handle.
    std::string_view key() const noexcept {
        return way_ ? std::string_view(series_of(*way_).key()) : std::string_view();
    }

  protected:
    const reference<Way>& way() const noexcept { return way_; }

  private:
    template <class Value>
    static double number(Value value) noexcept {
        static_assert(std::is_arithmetic_v<Value> || std::is_convertible_v<Value, double>,
                      "a metric's value is a number");
        return static_cast<double>(value);
    }

    template <class Step>
    bool allowed(Step step) const noexcept {
        const checked_step checked = check_step(step);
        if (checked.negative) refuse(refusal::negative_step);
        if (checked.too_large) refuse(refusal::large_step);
        return !checked.negative && !checked.too_large;
    }

    void refuse(refusal why) const noexcept {
        series_of(*way_).owner().refuse(series_of(*way_), why);
    }

    reference<Way> way_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
