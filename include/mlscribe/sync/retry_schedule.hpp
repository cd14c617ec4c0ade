// SPDX-License-Identifier: MIT
/// \file How long to wait before a request is sent again.
#ifndef MLSCRIBE_SYNC_RETRY_SCHEDULE_HPP
#define MLSCRIBE_SYNC_RETRY_SCHEDULE_HPP

#include <mlscribe/sync/server_settings.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <random>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// The longest pause, in seconds, that a server may ask for: one that asks for more is left alone.
inline constexpr std::int64_t longest_retry_after = 600;

/// The pauses of MLflow's own client: at once, then twice, four, eight times the factor up to two
/// minutes, each with up to one jitter more. \threadsafety one thread at a time
class retry_schedule {
  public:
    explicit retry_schedule(const server_settings& settings) noexcept
        : factor_(settings.backoff_factor),
          jitter_(settings.backoff_jitter),
          left_(settings.most_retries),
          respect_(settings.respect_retry_after) {}

    /// \param retry_after  seconds that the server asked for
    /// \return milliseconds; nullopt to give up
    std::optional<std::int64_t> next(std::optional<std::int64_t> retry_after) {
        if (!respect_) retry_after.reset();
        if (left_ == 0 || retry_after.value_or(0) > longest_retry_after) return std::nullopt;
        --left_;
        ++count_;
        constexpr double longest = 120;
        double seconds = count_ == 1 ? 0 : factor_;
        for (int i = 1; i < count_ && seconds < longest; ++i) seconds *= 2;
        seconds = (std::min)(seconds, longest) + jitter_ * share();
        seconds = (std::max)(seconds, static_cast<double>(retry_after.value_or(0)));
        return static_cast<std::int64_t>(seconds * 1000);
    }

  private:
    // Many jobs that lost the same server must not come back together.
    static double share() {
        std::random_device source;
        return static_cast<double>(source() % 1000) / 1000;
    }

    double factor_;
    double jitter_;
    std::int64_t left_;
    bool respect_;
    int count_ = 0;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
