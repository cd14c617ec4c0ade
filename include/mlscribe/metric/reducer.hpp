// SPDX-License-Identifier: MIT
/// \file Many values in, one point a step out.
#ifndef MLSCRIBE_METRIC_REDUCER_HPP
#define MLSCRIBE_METRIC_REDUCER_HPP

#include <mlscribe/journal/lane.hpp>

#include <cstdint>
#include <string_view>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

/// The arithmetic mean of the values of a step.
class mean {
  public:
    void add(double value) noexcept {
        sum_ += value;
        ++count_;
    }
    double value() const noexcept { return sum_ / static_cast<double>(count_); }

  private:
    double sum_ = 0;
    std::uint64_t count_ = 0;
};

/// The last value of a step.
class last {
  public:
    void add(double value) noexcept { value_ = value; }
    double value() const noexcept { return value_; }

  private:
    double value_ = 0;
};

namespace detail {

template <class Reducer>
class reducing_listener : public step_listener {
  public:
    explicit reducing_listener(reference<lane> way) noexcept : way_(std::move(way)) {}

    void add(double value) noexcept {
        reducer_.add(value);
        filled_ = true;
    }

    void step_ended(std::int64_t step) noexcept override {
        if (!filled_) return;
        way_->log(reducer_.value(), step);
        reducer_ = Reducer();
        filled_ = false;
    }

    const series& target() const noexcept { return way_->target(); }

  private:
    reference<lane> way_;
    Reducer reducer_;
    bool filled_ = false;
};

}  // namespace detail

/// A metric that takes many values and logs one point at each border of the innermost open range,
/// and at `flush()` and `end()` what is left. Made by `run.metric<mean>(key)`.
///
/// \tparam Reducer  default-made for each step; has `add(double)` and `value()`, both noexcept;
///                  `value()` is asked only after an `add`
/// \threadsafety the thread that runs the loop
/// \cost the reducer's arithmetic and one store
template <class Reducer>
class reduced_metric {
  public:
    reduced_metric() noexcept = default;
    explicit reduced_metric(detail::reference<detail::reducing_listener<Reducer>> listener) noexcept
        : listener_(std::move(listener)) {}

    void add(double value) noexcept {
        if (listener_) listener_->add(value);
    }

    std::string_view key() const noexcept {
        return listener_ ? std::string_view(listener_->target().key()) : std::string_view();
    }

  private:
    detail::reference<detail::reducing_listener<Reducer>> listener_;
};

MLSCRIBE_NAMESPACE_END

#endif
