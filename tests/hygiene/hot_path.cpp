// SPDX-License-Identifier: MIT
/// \file hot_path <points>: logs so many points twice, the second time into memory that is there.
/// Prints how often the second loop's thread allocated. access() of a name marks both loops in a
/// trace.
#include <mlscribe/mlscribe.hpp>

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <new>

namespace {
thread_local long allocations = 0;
}

// Never inlined: the compiler would take free() for a mistake where it sees the library's new.
__attribute__((noinline)) void* operator new(std::size_t size) {
    ++allocations;
    if (void* const memory = std::malloc(size)) return memory;
    std::abort();
}
__attribute__((noinline)) void operator delete(void* memory) noexcept {
    std::free(memory);
}
__attribute__((noinline)) void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}

// By this name the instruction counter finds it.
extern "C" __attribute__((noinline)) void hot_path_loop(mlscribe::metric_handle& metric,
                                                        long points);
void hot_path_loop(mlscribe::metric_handle& metric, long points) {
    for (long i = 0; i < points; ++i) metric.log(0.5, i);
}

int main(int, char** arguments) {
    const long points = std::atol(arguments[1]);
    mlscribe::run_options options;
    options.flush_interval = std::chrono::hours(1);
    options.tracking_uri = "mlruns";
    mlscribe::run run = mlscribe::start_run(options);
    mlscribe::metric_handle metric = run.metric("loss");

    ::access("first loop begins", F_OK);
    // A little more: the second loop begins in the middle of a block.
    for (long i = 0; i < points + 1000; ++i) metric.log(0.25, i);
    ::access("first loop ends", F_OK);
    run.flush();

    const long before = allocations;
    ::access("second loop begins", F_OK);
    hot_path_loop(metric, points);
    ::access("second loop ends", F_OK);
    std::printf("allocations: %ld\n", allocations - before);
    run.end();
    return run.lost_points() == 0 ? 0 : 1;
}
