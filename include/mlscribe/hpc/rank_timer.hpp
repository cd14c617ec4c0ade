// SPDX-License-Identifier: MIT
/// \file How long scopes take on all ranks.
#ifndef MLSCRIBE_HPC_RANK_TIMER_HPP
#define MLSCRIBE_HPC_RANK_TIMER_HPP

#include <mlscribe/config/clock.hpp>
#include <mlscribe/hpc/rank_values.hpp>
#include <mlscribe/metric/reduced_metric.hpp>

#include <cstdint>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

/// Times scopes, in seconds; made by `across_ranks::timer(key)`. Keep it, and time each scope by
/// `const auto timed = timer.start();`. \threadsafety a thread a copy
class rank_timer {
  public:
    rank_timer() noexcept = default;
    explicit rank_timer(reduced_metric<detail::rank_values> seconds) noexcept
        : seconds_(std::move(seconds)) {}

    /// Ends with its scope, which the timer outlives.
    class [[nodiscard]] timed_scope {
      public:
        explicit timed_scope(reduced_metric<detail::rank_values>& seconds) noexcept
            : seconds_(&seconds), began_(detail::monotonic_nanoseconds()) {}
        timed_scope(const timed_scope&) = delete;
        timed_scope& operator=(const timed_scope&) = delete;
        ~timed_scope() { stop(); }

        /// Ends the time before the scope does.
        void stop() noexcept {
            if (seconds_ == nullptr) return;
            const std::int64_t taken = detail::monotonic_nanoseconds() - began_;
            std::exchange(seconds_, nullptr)->add(static_cast<double>(taken) / 1e9);
        }

      private:
        reduced_metric<detail::rank_values>* seconds_;
        std::int64_t began_;
    };

    /// \cost two clock reads in all
    timed_scope start() noexcept { return timed_scope(seconds_); }

  private:
    reduced_metric<detail::rank_values> seconds_;
};

MLSCRIBE_NAMESPACE_END

#endif
