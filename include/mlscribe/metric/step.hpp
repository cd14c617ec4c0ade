// SPDX-License-Identifier: MIT
/// \file Steps and time stamps as the caller writes them.
#ifndef MLSCRIBE_METRIC_STEP_HPP
#define MLSCRIBE_METRIC_STEP_HPP

#include <mlscribe/config/config.hpp>

#include <cstdint>
#include <type_traits>

MLSCRIBE_NAMESPACE_BEGIN

/// A point's own time, in milliseconds since 1970 UTC, 0 or more. A type of its own, so that it
/// cannot be swapped with a step.
/// \cost memory, since an exact repeat is dropped: up to 220 bytes for each point of the metric
/// that has the same time as the latest, and for every point of it once one is older than another
/// before it. Times that rise take none.
struct timestamp {
    std::int64_t milliseconds;
};

/// The variable of `for (auto epoch : run.epochs(n))`: converts to its step and may stay unused.
class [[maybe_unused]] step_value {
  public:
    explicit constexpr step_value(std::int64_t step) noexcept : step_(step) {}
    constexpr operator std::int64_t() const noexcept { return step_; }  // NOLINT: the loop's index

  private:
    std::int64_t step_;
};

namespace detail {

/// What a step argument became.
struct checked_step {
    std::int64_t step;
    bool negative;
    bool too_large;  ///< above 2^63-1, which MLflow's databases cannot hold
};

template <class Step>
constexpr checked_step check_step(Step step) noexcept {
    static_assert(!std::is_floating_point_v<Step>,
                  "a step is an integer: MLflow cannot read `1.5` or `1e6` as a step");
    static_assert(std::is_convertible_v<Step, std::int64_t> && !std::is_same_v<Step, bool>,
                  "a step is an integer; a time stamp is given as mlscribe::timestamp{ms}");
    if constexpr (std::is_unsigned_v<Step>) {
        constexpr std::uint64_t highest = INT64_MAX;
        const bool large = static_cast<std::uint64_t>(step) > highest;
        return {large ? 0 : static_cast<std::int64_t>(step), false, large};
    } else {
        const std::int64_t value = static_cast<std::int64_t>(step);
        return {value, value < 0, false};
    }
}

/// Where a range of `count` passes from the step `first` (0 or more) ends: a count that stands for
/// "until break" ends at the last step that there is.
template <class Count>
constexpr std::int64_t end_of_range(std::int64_t first, Count count) noexcept {
    const checked_step passes = check_step(count);
    const std::int64_t most = INT64_MAX - first;
    return first + (passes.too_large || passes.step > most ? most : passes.step);
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
