// SPDX-License-Identifier: MIT
/// \file Why a process ends, and what that makes of its runs.
#ifndef MLSCRIBE_JOURNAL_END_CAUSE_HPP
#define MLSCRIBE_JOURNAL_END_CAUSE_HPP

#include <mlscribe/layout/run_status.hpp>

#include <signal.h>

#include <cstddef>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

struct end_cause {
    const char* name;  ///< what the tag `mlscribe.ended_by` says
    run_status status;
};

inline constexpr end_cause ended_by_terminate{"std::terminate", run_status::failed};
inline constexpr end_cause ended_by_exit{"exit", run_status::finished};
inline constexpr end_cause ended_by_failed_exit{"exit", run_status::failed};

/// A signal that ends a process unless this handles it.
struct ending_signal {
    int number;
    bool is_fault;  ///< raised by an instruction, which raises it again when it is done again
    end_cause cause;
};

inline constexpr ending_signal ending_signals[] = {
    {SIGTERM, false, {"SIGTERM", run_status::killed}},
    {SIGINT, false, {"SIGINT", run_status::killed}},
    {SIGUSR1, false, {"SIGUSR1", run_status::killed}},
    {SIGHUP, false, {"SIGHUP", run_status::killed}},
    {SIGABRT, false, {"SIGABRT", run_status::failed}},
    {SIGSEGV, true, {"SIGSEGV", run_status::failed}},
    {SIGBUS, true, {"SIGBUS", run_status::failed}},
    {SIGFPE, true, {"SIGFPE", run_status::failed}},
    {SIGILL, true, {"SIGILL", run_status::failed}},
};
inline constexpr std::size_t ending_signal_count = sizeof ending_signals / sizeof *ending_signals;

/// Where a signal stands in `ending_signals`; it must be one of them.
constexpr std::size_t index_of_ending_signal(int number) noexcept {
    std::size_t index = 0;
    while (index + 1 < ending_signal_count && ending_signals[index].number != number) ++index;
    return index;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
