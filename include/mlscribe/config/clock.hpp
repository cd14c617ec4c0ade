// SPDX-License-Identifier: MIT
/// \file The wall clock in MLflow's unit.
#ifndef MLSCRIBE_CONFIG_CLOCK_HPP
#define MLSCRIBE_CONFIG_CLOCK_HPP

#include <mlscribe/config/config.hpp>

#include <time.h>

#include <cstdint>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Milliseconds since 1970 UTC. The coarse clock steps by a few milliseconds and costs a fifth of
/// the fine one, which is all that a point's time stamp needs.
inline std::int64_t milliseconds_now() noexcept {
    timespec now{};
#if defined(CLOCK_REALTIME_COARSE)
    ::clock_gettime(CLOCK_REALTIME_COARSE, &now);
#else
    ::clock_gettime(CLOCK_REALTIME, &now);
#endif
    return static_cast<std::int64_t>(now.tv_sec) * 1000 + now.tv_nsec / 1000000;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
