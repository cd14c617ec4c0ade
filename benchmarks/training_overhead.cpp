// SPDX-License-Identifier: MIT
/// \file What a training loop notices: steps of 10 us, and the start and end of a run.
#include "measure.hpp"
#include "scratch.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace {

constexpr double step_seconds = 10e-6;

/// Work that the compiler keeps and that touches no memory.
double work(std::int64_t rounds) noexcept {
    double x = 0.5;
    for (std::int64_t i = 0; i < rounds; ++i) {
        x = x * 0.999 + 0.001;
        benchmark::DoNotOptimize(x);
    }
    return x;
}

std::int64_t rounds_of_a_step() {
    constexpr std::int64_t tried = 100000;
    double least = std::numeric_limits<double>::infinity();
    for (int i = 0; i < 50; ++i) {
        const double before = cpu_seconds(cpu::this_thread);
        benchmark::DoNotOptimize(work(tried));
        least = (std::min)(least, cpu_seconds(cpu::this_thread) - before);
    }
    return static_cast<std::int64_t>(step_seconds / (least / tried));
}

/// Bare and instrumented passes take turns. `percent` is what the loop's thread spends more in the
/// middle one of all pairs; `drain_percent` what the other threads and the last flush spend.
void loop_of_10us_steps(benchmark::State& state) {
    const scratch_folder folder;
    const std::int64_t rounds = rounds_of_a_step();
    mlscribe::run run = folder.start(std::chrono::seconds(1));
    mlscribe::metric_handle loss = run.metric("loss");
    constexpr int steps = 200;
    double bare_all = 0;
    std::vector<double> ratios;
    const double others = cpu_seconds(cpu::all_threads) - cpu_seconds(cpu::this_thread);
    for (auto _ : state) {
        double before = cpu_seconds(cpu::this_thread);
        for (int i = 0; i < steps; ++i) benchmark::DoNotOptimize(work(rounds));
        const double bare = cpu_seconds(cpu::this_thread) - before;

        before = cpu_seconds(cpu::this_thread);
        for (auto step : run.steps(steps)) {
            const double value = work(rounds);
            benchmark::DoNotOptimize(value);
            loss.log(value);
        }
        const double spent = cpu_seconds(cpu::this_thread) - before;
        ratios.push_back(spent / bare);
        bare_all += bare;
        state.SetIterationTime(spent);
    }
    const double unflushed = cpu_seconds(cpu::this_thread);
    run.flush();
    const double drained = cpu_seconds(cpu::this_thread) - unflushed +
                           (cpu_seconds(cpu::all_threads) - cpu_seconds(cpu::this_thread) - others);
    const auto middle = ratios.begin() + static_cast<std::ptrdiff_t>(ratios.size() / 2);
    std::nth_element(ratios.begin(), middle, ratios.end());
    state.counters["percent"] = (*middle - 1) * 100;
    state.counters["drain_percent"] = drained / bare_all * 100;
    state.counters["step_ns"] = bare_all / static_cast<double>(ratios.size() * steps) * 1e9;
}
/// `us` is the CPU time of all threads, `wall_us` includes what waits for the disk.
void start_and_end(benchmark::State& state) {
    const scratch_folder folder;
    folder.start(never).end();
    double least = std::numeric_limits<double>::infinity();
    double least_wall = least;
    for (auto _ : state) {
        const auto wall = std::chrono::steady_clock::now();
        const double before = cpu_seconds(cpu::all_threads);
        folder.start(never).end();
        const double spent = cpu_seconds(cpu::all_threads) - before;
        const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - wall;
        state.SetIterationTime(spent);
        least = (std::min)(least, spent);
        least_wall = (std::min)(least_wall, passed.count());
    }
    state.counters["us"] = least * 1e6;
    state.counters["wall_us"] = least_wall * 1e6;
}
// First: an ext4 without a journal passes by the inodes of all files removed in the last minutes.
BENCHMARK(start_and_end)->UseManualTime()->Iterations(50);
BENCHMARK(loop_of_10us_steps)->UseManualTime()->Iterations(1000);

}  // namespace

BENCHMARK_MAIN();
