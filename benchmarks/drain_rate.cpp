// SPDX-License-Identifier: MIT
/// \file What a point costs until it stands in its file: CPU time of all threads, and memory.
/// `--large` adds 1e8 points, which take 4 GB of disk.
#include "floor.hpp"
#include "measure.hpp"
#include "other_loggers.hpp"
#include "scratch.hpp"

#include <chrono>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

namespace {

using std::int64_t;

/// More than the journal holds.
constexpr int64_t sustained = 4000000;
constexpr int64_t spread = 2000000;
constexpr std::chrono::seconds flush_interval{1};

/// Files that exist before do not count.
template <class Points>
void measure_run(benchmark::State& state, mlscribe::run& run, int64_t points, Points&& log) {
    measure(
        state, cpu::all_threads, points,
        [&] {
            log();
            run.flush();
        },
        [] {});
    run.end();
    if (run.lost_points() != 0) state.SkipWithError("points were lost");
}

void log_some(mlscribe::metric_handle& metric, const random_values& values, int64_t points) {
    for (int64_t i = 0; i < points; ++i) metric.log(values[i]);
}

void drain(benchmark::State& state) {
    const scratch_folder folder;
    const random_values values;
    mlscribe::run run = folder.start(flush_interval);
    mlscribe::metric_handle loss = run.metric("loss");
    measure_run(state, run, sustained, [&] { log_some(loss, values, sustained); });
}

/// Of most points the drain sees no more than that they go.
void drain_thinned(benchmark::State& state) {
    const scratch_folder folder;
    const random_values values;
    mlscribe::run run = folder.start(flush_interval, {state.range(0)});
    mlscribe::metric_handle loss = run.metric("loss");
    measure_run(state, run, sustained, [&] { log_some(loss, values, sustained); });
}

void drain_floor(benchmark::State& state) {
    const scratch_folder folder;
    const random_values values;
    line_file file(folder.path("lines"), 64 * 1024);
    measure(
        state, cpu::all_threads, sustained,
        [&] {
            for (int64_t i = 0; i < sustained; ++i) file.log(coarse_milliseconds(), values[i], i);
            file.flush();
        },
        [] {});
}

void keys(benchmark::State& state) {
    const scratch_folder folder;
    const random_values values;
    mlscribe::run run = folder.start(flush_interval);
    std::vector<mlscribe::metric_handle> metrics;
    for (int64_t i = 0; i < state.range(0); ++i) {
        metrics.push_back(run.metric("group" + std::to_string(i % 100) + '/' + std::to_string(i)));
        metrics.back().log(0.1);
    }
    run.flush();
    const int64_t rounds = spread / state.range(0);
    measure_run(state, run, rounds * state.range(0), [&] {
        for (int64_t i = 0; i < rounds; ++i) {
            for (mlscribe::metric_handle& each : metrics) each.log(values[i]);
        }
    });
}

void threads(benchmark::State& state) {
    const scratch_folder folder;
    const random_values values;
    mlscribe::run run = folder.start(flush_interval);
    mlscribe::metric_handle loss = run.metric("loss");
    loss.log(0.1);
    run.flush();
    const int64_t each = spread / state.range(0);
    measure_run(state, run, each * state.range(0), [&] {
        std::vector<std::thread> running;
        for (int64_t i = 0; i < state.range(0); ++i) {
            running.emplace_back(
                [&values, each, own = loss]() mutable { log_some(own, values, each); });
        }
        for (std::thread& one : running) one.join();
    });
}

void points(benchmark::State& state) {
    const scratch_folder folder;
    const int64_t wanted = state.range(0);
    const auto bytes = static_cast<std::uintmax_t>(wanted) * 42;
    if (std::filesystem::space(".").available < bytes + bytes / 4) {
        return state.SkipWithError("the disk has no room for so many points");
    }
    const random_values values;
    mlscribe::run run = folder.start(flush_interval);
    mlscribe::metric_handle loss = run.metric("loss");
    log_some(loss, values, 1000);
    run.flush();
    measure_run(state, run, wanted, [&] { log_some(loss, values, wanted); });
}

/// Only right as the first benchmark of a process.
void resident(benchmark::State& state) {
    const scratch_folder folder;
    const random_values values;
    const int64_t rounds = state.range(1);
    for (auto _ : state) {
        mlscribe::run run = folder.start(flush_interval);
        const double before = status_bytes("VmRSS:");
        std::vector<mlscribe::metric_handle> metrics;
        for (int64_t i = 0; i < state.range(0); ++i) {
            metrics.push_back(run.metric("key" + std::to_string(i)));
        }
        for (int64_t i = 0; i < rounds; ++i) {
            for (mlscribe::metric_handle& each : metrics) each.log(values[i]);
        }
        state.counters["bytes"] = status_bytes("VmHWM:") - before;
        run.end();
    }
}

template <class Logger>
[[maybe_unused]] void measure_logger(benchmark::State& state, Logger&& logger) {
    const random_values values;
    measure(
        state, cpu::all_threads, sustained / 4,
        [&] {
            for (int64_t i = 0; i < sustained / 4; ++i) {
                logger.log(coarse_milliseconds(), values[i], i);
            }
            logger.finish();
        },
        [] {});
}

BENCHMARK(drain)->UseManualTime()->Iterations(2);
BENCHMARK(drain_thinned)->Arg(1000)->Arg(100000)->UseManualTime()->Iterations(2);
BENCHMARK(drain_floor)->UseManualTime()->Iterations(2);
BENCHMARK(keys)->RangeMultiplier(10)->Range(1, 10000)->UseManualTime()->Iterations(2);
BENCHMARK(threads)->RangeMultiplier(4)->Range(1, 64)->UseManualTime()->Iterations(2);
BENCHMARK(points)->RangeMultiplier(10)->Range(1000, 100000)->UseManualTime()->Iterations(10);
BENCHMARK(points)->Arg(1000000)->Arg(10000000)->UseManualTime()->Iterations(1);
BENCHMARK(resident)->Args({1000, 100})->Args({10000, 100})->Args({1000, 2000})->Iterations(1);

#if defined(MLSCRIBE_BENCHMARK_SPDLOG)
void spdlog_sync_drain(benchmark::State& state) {
    const scratch_folder folder;
    measure_logger(state, spdlog_sync(folder.path("log")));
}
BENCHMARK(spdlog_sync_drain)->UseManualTime()->Iterations(2);

void spdlog_async_drain(benchmark::State& state) {
    const scratch_folder folder;
    measure_logger(state, spdlog_async(folder.path("log"), 8192));
}
BENCHMARK(spdlog_async_drain)->UseManualTime()->Iterations(2);
#endif

#if defined(MLSCRIBE_BENCHMARK_QUILL)
void quill_drain(benchmark::State& state) {
    const scratch_folder folder;
    measure_logger(state, quill_async(folder.path("log")));
}
BENCHMARK(quill_drain)->UseManualTime()->Iterations(2);
#endif

}  // namespace

int main(int count, char** arguments) {
    int kept = 0;
    for (int i = 0; i < count; ++i) {
        if (std::strcmp(arguments[i], "--large") == 0) {
            benchmark::RegisterBenchmark("points", points)
                ->Arg(100000000)
                ->UseManualTime()
                ->Iterations(1);
        } else {
            arguments[kept++] = arguments[i];
        }
    }
    benchmark::Initialize(&kept, arguments);
    if (benchmark::ReportUnrecognizedArguments(kept, arguments)) return 1;
    benchmark::RunSpecifiedBenchmarks();
}
