// SPDX-License-Identifier: MIT
/// \file What ranges, reducers, observed metrics and timers cost beside the bare arithmetic.
#include "measure.hpp"
#include "scratch.hpp"

#include <cstdint>
#include <string>

namespace {

constexpr std::int64_t burst = 100000;

template <class Reducer>
void arithmetic(benchmark::State& state) {
    Reducer reducer;
    benchmark::DoNotOptimize(&reducer);  // it lies in memory, as a handle's does
    double value = 1.0;
    measure(
        state, cpu::this_thread, burst,
        [&] {
            for (std::int64_t i = 0; i < burst; ++i) {
                reducer.add(value += 0.5);
                benchmark::ClobberMemory();
            }
        },
        [] {});
}

template <class Reducer>
void add(benchmark::State& state) {
    const scratch_folder folder;
    mlscribe::run run = folder.start(never);
    auto metric = run.metric<Reducer>("metric");
    double value = 1.0;
    measure(
        state, cpu::this_thread, burst,
        [&] {
            for (std::int64_t i = 0; i < burst; ++i) {
                metric.add(value += 0.5);
                benchmark::ClobberMemory();
            }
        },
        [] {});
}

/// \param body  of a pass
template <class Body>
void measure_passes(benchmark::State& state, mlscribe::run& run, Body&& body) {
    measure(
        state, cpu::this_thread, burst,
        [&] {
            for (auto step : run.steps(burst)) body(step);
        },
        [&run] { run.flush(); });
}

void bare_loop(benchmark::State& state) {
    measure(
        state, cpu::this_thread, burst,
        [] {
            for (std::int64_t i = 0; i < burst; ++i) benchmark::ClobberMemory();
        },
        [] {});
}

void range_pass(benchmark::State& state) {
    const scratch_folder folder;
    mlscribe::run run = folder.start(never);
    measure_passes(state, run, [](std::int64_t) { benchmark::ClobberMemory(); });
}

void range_pass_with_mean(benchmark::State& state) {
    const scratch_folder folder;
    mlscribe::run run = folder.start(never);
    auto loss = run.metric<mlscribe::mean>("loss");
    measure_passes(state, run, [&loss](std::int64_t step) { loss.add(step); });
}

void plain_handle(benchmark::State& state) {
    const scratch_folder folder;
    mlscribe::run run = folder.start(never);
    auto loss = run.metric("loss");
    measure_passes(state, run, [&loss](std::int64_t step) { loss.log(step); });
}

void observed_handle(benchmark::State& state) {
    const scratch_folder folder;
    mlscribe::run run = folder.start(never);
    mlscribe::metric_options options;
    options.best = mlscribe::best::min;
    options.nan = mlscribe::nan_policy::skip;
    auto loss = run.metric("loss", options);
    measure_passes(state, run, [&loss](std::int64_t step) { loss.log(step); });
}

void two_clock_reads(benchmark::State& state) {
    measure(
        state, cpu::this_thread, burst,
        [] {
            for (std::int64_t i = 0; i < 2 * burst; ++i) {
                benchmark::DoNotOptimize(mlscribe::detail::monotonic_nanoseconds());
            }
        },
        [] {});
}

void scoped_timer(benchmark::State& state) {
    const scratch_folder folder;
    mlscribe::run run = folder.start(never);
    measure(
        state, cpu::this_thread, burst,
        [&run] {
            for (std::int64_t i = 0; i < burst; ++i) auto timer = run.timer("data/load");
        },
        [] {});
}

template <class Reducer>
void register_reducer(const char* name) {
    const std::string text(name);
    benchmark::RegisterBenchmark((text + "_arithmetic").c_str(), arithmetic<Reducer>)
        ->UseManualTime()
        ->Iterations(20);
    benchmark::RegisterBenchmark((text + "_add").c_str(), add<Reducer>)
        ->UseManualTime()
        ->Iterations(20);
}

BENCHMARK(bare_loop)->UseManualTime()->Iterations(20);
BENCHMARK(range_pass)->UseManualTime()->Iterations(20);
BENCHMARK(range_pass_with_mean)->UseManualTime()->Iterations(20);
BENCHMARK(plain_handle)->UseManualTime()->Iterations(20);
BENCHMARK(observed_handle)->UseManualTime()->Iterations(20);
BENCHMARK(two_clock_reads)->UseManualTime()->Iterations(20);
BENCHMARK(scoped_timer)->UseManualTime()->Iterations(20);

}  // namespace

int main(int argc, char** argv) {
    register_reducer<mlscribe::last>("last");
    register_reducer<mlscribe::mean>("mean");
    register_reducer<mlscribe::sum>("sum");
    register_reducer<mlscribe::min>("min");
    register_reducer<mlscribe::max>("max");
    register_reducer<mlscribe::count>("count");
    register_reducer<mlscribe::standard_deviation>("standard_deviation");
    register_reducer<mlscribe::moving_average>("moving_average");
    register_reducer<mlscribe::quantiles<50, 95, 99>>("quantiles");
    register_reducer<mlscribe::every_nth<>>("every_nth");
    register_reducer<mlscribe::mean_min_max>("mean_min_max");
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    return 0;
}
