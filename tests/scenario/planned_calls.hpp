// SPDX-License-Identifier: MIT
/// \file Has chosen system calls of this program fail, hang, write less than asked, or end the
/// process.
#ifndef MLSCRIBE_TESTS_SCENARIO_PLANNED_CALLS_HPP
#define MLSCRIBE_TESTS_SCENARIO_PLANNED_CALLS_HPP

#include <atomic>
#include <cstdint>

namespace test {

/// The calls that go through planned_calls.cpp, as bits.
enum planned_call : unsigned {
    call_write = 1,  ///< to regular files; pwrite too
    call_fallocate = 2,
    call_fdatasync = 4,
    call_fsync = 8,
    call_ftruncate = 16,
    call_linkat = 32,
    call_renameat = 64,
    call_unlinkat = 128,
    call_pread = 256,  ///< of regular files
    call_fstatat = 512,
};

enum class call_end {
    refused,      ///< with the plan's errno; nothing is done
    halved,       ///< half the bytes are written, the call says so; for others: done
    half_died,    ///< half the bytes are written, then SIGKILL
    died_before,  ///< SIGKILL, nothing is done
    died_after,   ///< SIGKILL when it is done
    held,         ///< done when the plan is over
    repeated,     ///< done twice; the answer is the second one's, as where a network lost the first
};

/// What happens to system calls from now on, in all threads and in children that fork later.
/// `which` is stored last.
struct call_plan {
    std::atomic<unsigned> which{0};     ///< bits of planned_call
    std::atomic<long> calls_before{0};  ///< of these that go through first
    std::atomic<bool> for_good{false};  ///< all calls after, not only one
    std::atomic<call_end> end{call_end::refused};
    std::atomic<int> error{0};
    std::atomic<long> met{0};            ///< how often the plan was carried out
    std::atomic<std::int64_t> clock{0};  ///< milliseconds added to the wall clock
};

call_plan& planned_calls();

/// Plans for the length of a scope.
class plan_calls {
  public:
    plan_calls(unsigned which, call_end end, int error, long calls_before, bool for_good) {
        call_plan& plan = planned_calls();
        plan.calls_before = calls_before;
        plan.for_good = for_good;
        plan.end = end;
        plan.error = error;
        plan.met = 0;
        plan.which = which;
    }
    plan_calls(const plan_calls&) = delete;
    plan_calls& operator=(const plan_calls&) = delete;
    ~plan_calls() { stop(); }

    static void stop() { planned_calls().which = 0; }
    static long met() { return planned_calls().met; }
};

}  // namespace test

#endif
