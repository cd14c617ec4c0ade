// SPDX-License-Identifier: MIT
/// \file When the scheduler will end the job, so that a loop can leave in time.
#ifndef MLSCRIBE_HPC_DEADLINE_HPP
#define MLSCRIBE_HPC_DEADLINE_HPP

#include <mlscribe/hpc/deadline_query.hpp>

#include <time.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Seconds since 1970; no_deadline where nobody knows one. Found out once a process.
inline std::int64_t cached_deadline() noexcept {
    constexpr std::int64_t unasked = -1;
    // Without a lock that a forked child could find taken. Threads that ask at once get one answer.
    static std::atomic<std::int64_t> known{unasked};
    std::int64_t end = known.load(std::memory_order_relaxed);
    if (end != unasked) return end;
    std::int64_t found = no_deadline;
    MLSCRIBE_TRY {
        found = find_deadline();
    }
    MLSCRIBE_CATCH_ALL {}
    return known.compare_exchange_strong(end, found) ? found : end;
}

}  // namespace detail

/// When the scheduler will end this job: MLSCRIBE_DEADLINE (seconds since 1970) or
/// SLURM_JOB_END_TIME of the environment; else `squeue`, `qstat`, `bjobs` or `flux` is asked.
/// Nothing where there is no job, no limit or no answer.
/// \threadsafety any thread
/// \cost a load, but for the first call of the process: that may start a program and wait for it,
///       for at most 3 s
inline std::optional<std::chrono::system_clock::time_point> deadline() noexcept {
    const std::int64_t end = detail::cached_deadline();
    if (end == detail::no_deadline) return std::nullopt;
    return std::chrono::system_clock::time_point(std::chrono::seconds(end));
}

/// Whether the job's end is at most `margin` away: time to save and leave the loop. False where
/// nobody knows the end. \cost a read of the coarse clock, but for the first call, see deadline()
inline bool deadline_reached(std::chrono::seconds margin) noexcept {
    const std::int64_t end = detail::cached_deadline();
    if (end == detail::no_deadline) return false;
    timespec now{};
#if defined(CLOCK_REALTIME_COARSE)
    ::clock_gettime(CLOCK_REALTIME_COARSE, &now);
#else
    ::clock_gettime(CLOCK_REALTIME, &now);
#endif
    return end - static_cast<std::int64_t>(now.tv_sec) <= std::int64_t{margin.count()};
}

MLSCRIBE_NAMESPACE_END

#endif
