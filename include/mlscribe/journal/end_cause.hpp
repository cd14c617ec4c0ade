// SPDX-License-Identifier: MIT
/// \file Why a process ends, and what that makes of its runs.
#ifndef MLSCRIBE_JOURNAL_END_CAUSE_HPP
#define MLSCRIBE_JOURNAL_END_CAUSE_HPP

#include <mlscribe/layout/run_status.hpp>

#include <signal.h>

#include <cstddef>
#include <cstdint>
#include <initializer_list>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// The tag of a run that its process' end has ended.
inline constexpr const char* ended_by_tag = "mlscribe.ended_by";

struct end_cause {
    const char* name;  ///< what the tag says
    run_status status;
    std::uint32_t number;  ///< in a journal; not the signal's, which differs between systems
};

inline constexpr end_cause ended_by_terminate{"std::terminate", run_status::failed, 1};
inline constexpr end_cause ended_by_exit{"exit", run_status::finished, 2};
inline constexpr end_cause ended_by_failed_exit{"exit", run_status::failed, 3};

/// A signal that ends a process unless this handles it.
struct ending_signal {
    int number;
    bool is_fault;  ///< raised by an instruction, which raises it again when it is done again
    end_cause cause;
};

inline constexpr ending_signal ending_signals[] = {
    {SIGTERM, false, {"SIGTERM", run_status::killed, 4}},
    {SIGINT, false, {"SIGINT", run_status::killed, 5}},
    {SIGUSR1, false, {"SIGUSR1", run_status::killed, 6}},
    {SIGHUP, false, {"SIGHUP", run_status::killed, 7}},
    {SIGABRT, false, {"SIGABRT", run_status::failed, 8}},
    {SIGSEGV, true, {"SIGSEGV", run_status::failed, 9}},
    {SIGBUS, true, {"SIGBUS", run_status::failed, 10}},
    {SIGFPE, true, {"SIGFPE", run_status::failed, 11}},
    {SIGILL, true, {"SIGILL", run_status::failed, 12}},
};
inline constexpr std::size_t ending_signal_count = sizeof ending_signals / sizeof *ending_signals;

/// Where a signal stands in `ending_signals`; it must be one of them.
constexpr std::size_t index_of_ending_signal(int number) noexcept {
    std::size_t index = 0;
    while (index + 1 < ending_signal_count && ending_signals[index].number != number) ++index;
    return index;
}

/// \return null for a number that is none
constexpr const char* name_of_end_cause(std::uint32_t number) noexcept {
    for (const end_cause& each : {ended_by_terminate, ended_by_exit, ended_by_failed_exit}) {
        if (each.number == number) return each.name;
    }
    for (const ending_signal& each : ending_signals) {
        if (each.cause.number == number) return each.cause.name;
    }
    return nullptr;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
