// SPDX-License-Identifier: MIT
/// \file What it costs to read runs back: searches of 1000 and 10 000 runs, one run, one history.
/// Makes the stores below the working directory and leaves them there for others to read.
#include <mlscribe/mlscribe.hpp>
#include <mlscribe/query.hpp>

#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>

#include "measure.hpp"

namespace {

/// 20 params and 10 metrics of 100 points a run.
std::string store_of(std::int64_t runs) {
    const std::string path = "searched_" + std::to_string(runs);
    if (std::filesystem::exists(path)) return path;
    random_values values;
    for (std::int64_t i = 0; i < runs; ++i) {
        mlscribe::run_options options;
        options.tracking_uri = path;
        options.experiment = "benchmark";
        options.drain = mlscribe::drain_mode::inline_;
        options.sync_interval = std::chrono::milliseconds(0);
        options.source_tags = false;
        mlscribe::run run = mlscribe::start_run(options);
        for (int p = 0; p < 20; ++p)
            run.log_param("param_" + std::to_string(p), (i * (p + 1)) % 10);
        for (int m = 0; m < 10; ++m) {
            mlscribe::metric_handle metric = run.metric("metric_" + std::to_string(m));
            for (int step = 0; step < 100; ++step) metric.log(values[i * 1000 + m * 100 + step]);
        }
    }
    return path;
}

std::string long_history() {
    const std::string path = "history";
    if (std::filesystem::exists(path)) return path;
    random_values values;
    mlscribe::run_options options;
    options.tracking_uri = path;
    options.experiment = "benchmark";
    mlscribe::run run = mlscribe::start_run(options);
    mlscribe::metric_handle loss = run.metric("loss");
    for (int i = 0; i < 1000000; ++i) loss.log(values[i]);
    return path;
}

/// The counter `us`: CPU time of the fastest of all calls; `bytes`: the most memory the process
/// had.
template <class Call>
void measure_call(benchmark::State& state, Call&& call) {
    call();
    double least = std::numeric_limits<double>::infinity();
    for (auto _ : state) {
        const double before = cpu_seconds(cpu::all_threads);
        benchmark::DoNotOptimize(call());
        const double spent = cpu_seconds(cpu::all_threads) - before;
        state.SetIterationTime(spent);
        least = (std::min)(least, spent);
    }
    state.counters["us"] = least * 1e6;
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    state.counters["bytes"] = static_cast<double>(used.ru_maxrss) * 1024;
}

void search(benchmark::State& state) {
    const mlscribe::store store(store_of(state.range(0)));
    mlscribe::search_query query;
    query.filter = "metrics.metric_3 < 0.5 AND params.param_2 = '6'";
    measure_call(state, [&] { return store.search_runs(query).size(); });
}
void search_in_order(benchmark::State& state) {
    const mlscribe::store store(store_of(state.range(0)));
    mlscribe::search_query query;
    query.order_by = {"metrics.metric_3 DESC"};
    query.max_results = 100;
    measure_call(state, [&] { return store.search_runs(query).size(); });
}
void search_all(benchmark::State& state) {
    const mlscribe::store store(store_of(state.range(0)));
    mlscribe::search_query query;
    query.max_results = 50000;
    measure_call(state, [&] { return store.search_runs(query).size(); });
}
void get_run(benchmark::State& state) {
    const mlscribe::store store(store_of(1000));
    const std::string id = store.search_runs()[0].info.run_id;
    measure_call(state, [&] { return store.get_run(id).params.size(); });
}
void history(benchmark::State& state) {
    const mlscribe::store store(long_history());
    const std::string id = store.search_runs()[0].info.run_id;
    measure_call(state, [&] { return store.metric_history(id, "loss").size(); });
}
void streamed_history(benchmark::State& state) {
    const mlscribe::store store(long_history());
    const std::string id = store.search_runs()[0].info.run_id;
    measure_call(state, [&] {
        double sum = 0;
        store.for_each_point(id, "loss", [&sum](const mlscribe::point& row) { sum += row.value; });
        return sum;
    });
}

BENCHMARK(streamed_history)->UseManualTime()->Unit(benchmark::kMillisecond);
BENCHMARK(get_run)->UseManualTime()->Unit(benchmark::kMicrosecond);
BENCHMARK(search)->Arg(1000)->Arg(10000)->UseManualTime()->Unit(benchmark::kMillisecond);
BENCHMARK(search_in_order)->Arg(1000)->Arg(10000)->UseManualTime()->Unit(benchmark::kMillisecond);
BENCHMARK(history)->UseManualTime()->Unit(benchmark::kMillisecond);
BENCHMARK(search_all)->Arg(1000)->Arg(10000)->UseManualTime()->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
