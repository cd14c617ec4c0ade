// SPDX-License-Identifier: MIT
/// \file A metric handle that looks at the values that pass through it.
#ifndef MLSCRIBE_METRIC_OBSERVED_METRIC_HPP
#define MLSCRIBE_METRIC_OBSERVED_METRIC_HPP

#include <mlscribe/metric/metric_handle.hpp>
#include <mlscribe/metric/value_watch.hpp>

#include <cstdint>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

/// One metric of a run, made by `run.metric(key, options)`: logs as a metric_handle does, keeps
/// the best value, and treats NaN as the options say. Copies share what they keep.
/// \threadsafety as metric_handle; where the best value is kept the copies log one after the other
/// \cost as metric_handle, and some nanoseconds to look; a better value costs two points by name
class observed_metric : private metric_handle {
  public:
    observed_metric() noexcept = default;
    observed_metric(detail::reference<detail::lane> way,
                    detail::reference<detail::value_watch> watch) noexcept
        : metric_handle(std::move(way)), watch_(std::move(watch)) {}

    using metric_handle::key;

    /// At the step of the innermost open range, else at this metric's last step + 1.
    template <class Value>
    void log(Value value) noexcept {
        const auto number = static_cast<double>(value);
        if (!begin_look(number)) return metric_handle::log(number);
        std::int64_t step = way()->target().owner().step();
        if (step == detail::no_step) step = way()->target().next_step();
        log_watched(number, step);
    }

    /// \param at  a time stamp of one's own, or nothing
    template <class Value, class Step, class... Time>
    void log(Value value, Step step, Time... at) noexcept {
        const auto number = static_cast<double>(value);
        const detail::checked_step checked = detail::check_step(step);
        const bool refused = checked.negative || checked.too_large;
        if (refused || !begin_look(number)) return metric_handle::log(number, step, at...);
        log_watched(number, checked.step, at...);
    }

  private:
    /// \return false for a value that nobody looks at
    bool begin_look(double number) noexcept {
        // After the run's end and in a forked child, where the lock may be held by a thread that is
        // gone, the point alone counts as lost.
        return watch_ && way() && way()->target().owner().recording() &&
               (watch_->seeks_best() || watch_->skips(number)) && watch_->begin_look();
    }
    template <class... Time>
    void log_watched(double number, std::int64_t step, Time... at) noexcept {
        if (watch_->skips(number)) {
            watch_->note_nans(1, step);
        } else {
            metric_handle::log(number, step, at...);
            watch_->look(number, step);
        }
        watch_->end_look();
    }

    detail::reference<detail::value_watch> watch_;
};

MLSCRIBE_NAMESPACE_END

#endif
