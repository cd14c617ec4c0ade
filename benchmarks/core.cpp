// SPDX-License-Identifier: MIT
/// \file What the calls of a training loop cost, in a store below the working directory.
#include <mlscribe/mlscribe.hpp>

#include <benchmark/benchmark.h>

#include <string>
#include <vector>

namespace {

mlscribe::run scratch_run() {
    mlscribe::run_options options;
    options.tracking_uri = "mlruns_benchmark";
    options.experiment = "benchmark";
    return mlscribe::start_run(options);
}

void handle_log(benchmark::State& state) {
    mlscribe::run run = scratch_run();
    mlscribe::metric_handle loss = run.metric("loss");
    double value = 1.0;
    for (auto _ : state) loss.log(value *= 0.999999);
    run.end();
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(handle_log);

void log_by_name(benchmark::State& state) {
    mlscribe::run run = scratch_run();
    double value = 1.0;
    for (auto _ : state) run.log_metric("train/loss", value *= 0.999999);
    run.end();
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(log_by_name);

void reducer_add(benchmark::State& state) {
    mlscribe::run run = scratch_run();
    auto loss = run.metric<mlscribe::mean>("loss");
    for (auto _ : state) loss.add(0.5);
}
BENCHMARK(reducer_add);

void log_series(benchmark::State& state) {
    mlscribe::run run = scratch_run();
    std::vector<double> values;
    for (int i = 0; i < 100000; ++i) values.push_back(1.0 / (i + 3));
    for (auto _ : state) {
        run.log_series("curve", values);
        run.flush();
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(values.size()));
}
BENCHMARK(log_series);

void start_and_end(benchmark::State& state) {
    for (auto _ : state) scratch_run();
}
BENCHMARK(start_and_end);

}  // namespace
