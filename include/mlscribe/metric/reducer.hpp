// SPDX-License-Identifier: MIT
/// \file The reducers: many values in, one out.
#ifndef MLSCRIBE_METRIC_REDUCER_HPP
#define MLSCRIBE_METRIC_REDUCER_HPP

#include <mlscribe/layout/value_extremes.hpp>
#include <mlscribe/metric/reducer_traits.hpp>

#include <cstdint>
#include <limits>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

/// The last value of a step. Of copies of a handle that of the latest made that has one.
class last {
  public:
    static constexpr const char* name = "last";
    void add(double value) noexcept { value_ = value; }
    void merge(const last& other) noexcept { value_ = other.value_; }
    double value() const noexcept { return value_; }

  private:
    double value_ = 0;
};

/// How many values a step had.
class count {
  public:
    static constexpr const char* name = "count";
    void add(double) noexcept { ++count_; }
    void merge(const count& other) noexcept { count_ += other.count_; }
    double value() const noexcept { return static_cast<double>(count_); }

  private:
    std::uint64_t count_ = 0;
};

/// The sum, in order; its error is below n · 2^-53 of the sum of the magnitudes.
class sum {
  public:
    static constexpr const char* name = "sum";
    void add(double value) noexcept { sum_ += value; }
    void merge(const sum& other) noexcept { sum_ += other.sum_; }
    double value() const noexcept { return sum_; }

  private:
    double sum_ = 0;
};

/// The arithmetic mean, of the same accuracy.
class mean {
  public:
    static constexpr const char* name = "mean";
    void add(double value) noexcept {
        sum_ += value;
        ++count_;
    }
    void merge(const mean& other) noexcept {
        sum_ += other.sum_;
        count_ += other.count_;
    }
    double value() const noexcept { return sum_ / static_cast<double>(count_); }

  private:
    double sum_ = 0;
    std::uint64_t count_ = 0;
};

/// The lowest value; NaN where one was NaN.
class min {
  public:
    static constexpr const char* name = "min";
    void add(double value) noexcept {
        lowest_ = value < lowest_ || detail::is_nan(value) ? value : lowest_;
    }
    void merge(const min& other) noexcept { add(other.lowest_); }
    double value() const noexcept { return lowest_; }

  private:
    double lowest_ = std::numeric_limits<double>::infinity();
};

/// The highest value; NaN where one was NaN.
class max {
  public:
    static constexpr const char* name = "max";
    void add(double value) noexcept {
        highest_ = value > highest_ || detail::is_nan(value) ? value : highest_;
    }
    void merge(const max& other) noexcept { add(other.highest_); }
    double value() const noexcept { return highest_; }

  private:
    double highest_ = -std::numeric_limits<double>::infinity();
};

/// The standard deviation of the values of a step themselves (divided by n, as NumPy does; 0 for
/// one value). By Welford's method: also for values that are large beside what they differ by.
class standard_deviation {
  public:
    static constexpr const char* name = "std";
    void add(double value) noexcept {
        count_ += 1;
        const double from_before = value - mean_;
        mean_ += from_before / count_;
        squares_ += from_before * (value - mean_);
    }
    void merge(const standard_deviation& other) noexcept {
        if (other.count_ == 0) return;
        if (count_ == 0) {
            *this = other;
            return;
        }
        const double both = count_ + other.count_;
        const double apart = other.mean_ - mean_;
        squares_ += other.squares_ + apart * apart * count_ * other.count_ / both;
        mean_ += apart * other.count_ / both;
        count_ = both;
    }
    double value() const noexcept {
        // <cmath> would cost as much compile time as all of <string>.
        return __builtin_sqrt(squares_ / count_);
    }

  private:
    double count_ = 0;
    double mean_ = 0;
    double squares_ = 0;
};

/// The exponential moving average of all values, over steps too; a step's point is where it stands.
/// It begins at the first value, also in a resumed run. A NaN stays in it: choose nan_policy::skip.
class moving_average {
  public:
    static constexpr const char* name = "ema";
    /// \param weight  of a new value, above 0 to 1
    explicit moving_average(double weight = 0.1) noexcept : weight_(weight) {}
    void add(double value) noexcept {
        average_ += (begun_ ? weight_ : 1.0) * (value - average_);
        begun_ = true;
    }
    double value() const noexcept { return average_; }
    void next_step() noexcept {}

  private:
    double weight_;
    double average_ = 0;
    bool begun_ = false;
};

/// Another reducer's value at the first step that has values and at each `every`th after it.
template <class Reducer = last>
class every_nth {
  public:
    explicit every_nth(std::int64_t every = 10, Reducer reducer = Reducer{}) noexcept
        : first_(reducer), reducer_(std::move(reducer)), every_(every) {}
    void add(double value) noexcept { reducer_.add(value); }
    double value() const noexcept { return reducer_.value(); }
    bool has_value() const noexcept { return steps_ == 0; }
    void next_step() noexcept {
        if (++steps_ >= every_) steps_ = 0;
        detail::begin_next_step(reducer_, first_);
    }

  private:
    Reducer first_;
    Reducer reducer_;
    std::int64_t every_;
    std::int64_t steps_ = 0;
};

MLSCRIBE_NAMESPACE_END

#endif
