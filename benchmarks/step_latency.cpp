// SPDX-License-Identifier: MIT
/// \file What a point costs the thread that logs it; the drain sleeps, pages have been touched.
#include "floor.hpp"
#include "measure.hpp"
#include "other_loggers.hpp"
#include "scratch.hpp"

#include <array>
#include <cstdint>
#include <string>

namespace {

constexpr std::int64_t burst = 100000;

void floor_of_stores(benchmark::State& state) {
    const scratch_folder folder;
    mapped_records records(folder.path("records"), burst);
    double value = 1.0;
    measure(
        state, cpu::this_thread, burst,
        [&] {
            for (std::int64_t i = 0; i < burst; ++i) {
                records[i] = {coarse_milliseconds(), value += 0.5, i};
                benchmark::ClobberMemory();
            }
        },
        [] {});
}

void coarse_clock(benchmark::State& state) {
    measure(
        state, cpu::this_thread, burst,
        [] {
            for (std::int64_t i = 0; i < burst; ++i)
                benchmark::DoNotOptimize(coarse_milliseconds());
        },
        [] {});
}

/// \param points  logs `burst` points
template <class Points>
void measure_run(benchmark::State& state, mlscribe::run& run, Points&& points) {
    points();  // blocks of the journal come to be, their pages too
    run.flush();
    measure(state, cpu::this_thread, burst, points, [&run] { run.flush(); });
    run.end();
    if (run.lost_points() != 0) state.SkipWithError("points were lost");
}

void handle_log(benchmark::State& state) {
    const scratch_folder folder;
    mlscribe::run run = folder.start(never);
    mlscribe::metric_handle loss = run.metric("loss");
    double value = 1.0;
    measure_run(state, run, [&] {
        for (std::int64_t i = 0; i < burst; ++i) loss.log(value += 0.5);
    });
}

void handle_log_step(benchmark::State& state) {
    const scratch_folder folder;
    mlscribe::run run = folder.start(never);
    mlscribe::metric_handle loss = run.metric("loss");
    double value = 1.0;
    measure_run(state, run, [&] {
        for (std::int64_t i = 0; i < burst; ++i) loss.log(value += 0.5, i);
    });
}

void log_by_name(benchmark::State& state) {
    const scratch_folder folder;
    mlscribe::run run = folder.start(never);
    double value = 1.0;
    measure_run(state, run, [&] {
        for (std::int64_t i = 0; i < burst; ++i) run.log_metric("loss", value += 0.5);
    });
}

void ten_handles_in_epochs(benchmark::State& state) {
    const scratch_folder folder;
    mlscribe::run run = folder.start(never);
    std::array<mlscribe::metric_handle, 10> metrics;
    for (std::size_t i = 0; i < metrics.size(); ++i) {
        metrics[i] = run.metric("metric" + std::to_string(i));
    }
    double value = 1.0;
    measure_run(state, run, [&] {
        for (auto epoch : run.epochs(burst / 10)) {
            for (mlscribe::metric_handle& each : metrics) each.log(value += 0.5);
        }
    });
}

void write_a_line(benchmark::State& state) {
    const scratch_folder folder;
    line_file file(folder.path("lines"), 1);
    const random_values values;
    measure(
        state, cpu::this_thread, burst,
        [&] {
            for (std::int64_t i = 0; i < burst; ++i) file.log(coarse_milliseconds(), values[i], i);
        },
        [] {});
}

template <class Logger>
[[maybe_unused]] void measure_logger(benchmark::State& state, Logger&& logger) {
    const random_values values;
    const auto points = [&] {
        for (std::int64_t i = 0; i < burst; ++i) logger.log(coarse_milliseconds(), values[i], i);
    };
    points();
    logger.finish();
    measure(state, cpu::this_thread, burst, points, [&logger] { logger.finish(); });
}

BENCHMARK(floor_of_stores)->UseManualTime()->Iterations(20);
BENCHMARK(coarse_clock)->UseManualTime()->Iterations(20);
BENCHMARK(handle_log)->UseManualTime()->Iterations(20);
BENCHMARK(handle_log_step)->UseManualTime()->Iterations(20);
BENCHMARK(ten_handles_in_epochs)->UseManualTime()->Iterations(20);
BENCHMARK(log_by_name)->UseManualTime()->Iterations(10);
BENCHMARK(write_a_line)->UseManualTime()->Iterations(3);

#if defined(MLSCRIBE_BENCHMARK_SPDLOG)
void spdlog_sync_log(benchmark::State& state) {
    const scratch_folder folder;
    measure_logger(state, spdlog_sync(folder.path("log")));
}
BENCHMARK(spdlog_sync_log)->UseManualTime()->Iterations(5);

void spdlog_async_log(benchmark::State& state) {
    const scratch_folder folder;
    measure_logger(state, spdlog_async(folder.path("log"), 2 * burst));
}
BENCHMARK(spdlog_async_log)->UseManualTime()->Iterations(5);
#endif

#if defined(MLSCRIBE_BENCHMARK_QUILL)
void quill_log(benchmark::State& state) {
    const scratch_folder folder;
    measure_logger(state, quill_async(folder.path("log")));
}
BENCHMARK(quill_log)->UseManualTime()->Iterations(5);
#endif

}  // namespace

BENCHMARK_MAIN();
