// SPDX-License-Identifier: MIT
/// \file The wall clock in MLflow's unit.
#ifndef MLSCRIBE_CONFIG_CLOCK_HPP
#define MLSCRIBE_CONFIG_CLOCK_HPP

#include <mlscribe/config/config.hpp>

#include <time.h>

#include <cstdint>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

inline std::int64_t read_clock(clockid_t which) noexcept {
    timespec now{};
    ::clock_gettime(which, &now);
    return static_cast<std::int64_t>(now.tv_sec) * 1000 + now.tv_nsec / 1000000;
}

}  // namespace detail

/// Steps by a few milliseconds and costs a fifth of the fine clock, which is all that most time
/// stamps need.
struct coarse_clock {
    /// Milliseconds since 1970 UTC.
    static std::int64_t milliseconds() noexcept {
#if defined(CLOCK_REALTIME_COARSE)
        return detail::read_clock(CLOCK_REALTIME_COARSE);
#else
        return detail::read_clock(CLOCK_REALTIME);
#endif
    }
};

/// Tells every millisecond from the next, for a handle whose points are timed by them:
/// `basic_metric_handle<fine_clock> pulse(run.metric("pulse"))`.
struct fine_clock {
    static std::int64_t milliseconds() noexcept { return detail::read_clock(CLOCK_REALTIME); }
};

namespace detail {

inline std::int64_t milliseconds_now() noexcept {
    return coarse_clock::milliseconds();
}

/// Whether a file's time is so close to now that its writer may still be at it. On either side: the
/// clock of a disk elsewhere may be ahead. \param seconds  since 1970 UTC
inline bool is_recent(std::int64_t seconds) noexcept {
    constexpr std::int64_t margin = 10;
    const std::int64_t age = milliseconds_now() / 1000 - seconds;
    return age <= margin && age >= -margin;
}

/// Milliseconds since this host started.
inline std::int64_t uptime() noexcept {
#if defined(CLOCK_BOOTTIME)
    return read_clock(CLOCK_BOOTTIME);
#else
    return read_clock(CLOCK_MONOTONIC);
#endif
}

/// For how long something takes: no one sets this clock.
inline std::int64_t monotonic_nanoseconds() noexcept {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<std::int64_t>(now.tv_sec) * 1000000000 + now.tv_nsec;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
