// SPDX-License-Identifier: MIT
/// \file What it costs to read runs back: searches of 1000 and 10 000 runs, one run, one history.
/// Makes the stores in the working directory and leaves them there for others to read, with what it
/// found in them. With --make-stores that is all it does.
#include <mlscribe/mlscribe.hpp>
#include <mlscribe/query.hpp>

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <string>
#include <vector>

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

/// One metric.
std::string history_of(std::int64_t points) {
    const std::string path = "history_" + std::to_string(points);
    if (std::filesystem::exists(path)) return path;
    random_values values;
    mlscribe::run_options options;
    options.tracking_uri = path;
    options.experiment = "benchmark";
    mlscribe::run run = mlscribe::start_run(options);
    mlscribe::metric_handle loss = run.metric("loss");
    for (std::int64_t i = 0; i < points; ++i) loss.log(values[i]);
    return path;
}

/// What was found, a line each, for another program to compare with what it finds.
void note(const std::string& name, const mlscribe::found_runs& found) {
    std::ofstream file(name + ".txt");
    for (const mlscribe::run_record& run : found.runs) file << run.info.run_id << '\n';
}
void note(const std::string& name, const mlscribe::run_record& run) {
    std::ofstream file(name + ".txt");
    file.precision(17);
    file << run.info.run_id << '\n';
    for (const auto& [key, value] : run.params) file << key << ' ' << value << '\n';
    for (const auto& [key, value] : run.metrics) file << key << ' ' << value << '\n';
}
void note(const std::string& name, const std::vector<mlscribe::point>& points) {
    std::ofstream file(name + ".txt");
    file.precision(17);
    for (const mlscribe::point& each : points) {
        file << each.timestamp << ' ' << each.value << ' ' << each.step << '\n';
    }
}

/// The counter `us`: CPU time of the fastest of all calls.
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
}

mlscribe::search_query filtered() {
    mlscribe::search_query query;
    query.filter = "metrics.metric_3 < 0.5 AND params.param_2 = '6'";
    return query;
}
mlscribe::search_query in_order() {
    mlscribe::search_query query;
    query.order_by = {"metrics.metric_3 DESC"};
    query.max_results = 100;
    return query;
}
mlscribe::search_query everything() {
    mlscribe::search_query query;
    query.max_results = 50000;
    return query;
}

void measure_search(benchmark::State& state, const char* name,
                    const mlscribe::search_query& query) {
    const mlscribe::store store(store_of(state.range(0)));
    note(name + ('_' + std::to_string(state.range(0))), store.search_runs(query));
    measure_call(state, [&] { return store.search_runs(query).runs.size(); });
}
void search(benchmark::State& state) {
    measure_search(state, "search", filtered());
}
void search_in_order(benchmark::State& state) {
    measure_search(state, "search_in_order", in_order());
}
void search_all(benchmark::State& state) {
    measure_search(state, "search_all", everything());
}
/// The CPU time of both: what it is above that of search() is what sharing costs.
void shared_search(benchmark::State& state) {
    mlscribe::search_query query = filtered();
    query.threads = 2;
    measure_search(state, "shared_search", query);
}
void get_run(benchmark::State& state) {
    const mlscribe::store store(store_of(1000));
    const std::string id = store.search_runs(in_order())[0].info.run_id;
    note("get_run", store.get_run(id));
    measure_call(state, [&] { return store.get_run(id).params.size(); });
}

std::string only_run(const mlscribe::store& store) {
    return store.search_runs()[0].info.run_id;
}

void history(benchmark::State& state) {
    const mlscribe::store store(history_of(state.range(0)));
    const std::string id = only_run(store);
    note("history_" + std::to_string(state.range(0)), store.metric_history(id, "loss"));
    measure_call(state, [&] { return store.metric_history(id, "loss").size(); });
}
double sum_of(const mlscribe::store& store, const std::string& id) {
    double sum = 0;
    store.for_each_point(id, "loss", [&sum](const mlscribe::point& row) { sum += row.value; });
    return sum;
}
void streamed_history(benchmark::State& state) {
    const mlscribe::store store(history_of(state.range(0)));
    const std::string id = only_run(store);
    measure_call(state, [&] { return sum_of(store, id); });
}

/// All memory of the process. Only right as the only benchmark of one that makes no store.
template <class Call>
void measure_memory(benchmark::State& state, Call&& call) {
    for (auto _ : state) benchmark::DoNotOptimize(call());
    state.counters["bytes"] = status_bytes("VmHWM:");
}
void resident_search(benchmark::State& state) {
    const mlscribe::store store(store_of(state.range(0)));
    measure_memory(state, [&] { return store.search_runs(filtered()).runs.size(); });
}
void resident_search_all(benchmark::State& state) {
    const mlscribe::store store(store_of(state.range(0)));
    measure_memory(state, [&] { return store.search_runs(everything()).runs.size(); });
}
void resident_stream(benchmark::State& state) {
    const mlscribe::store store(history_of(state.range(0)));
    const std::string id = only_run(store);
    measure_memory(state, [&] { return sum_of(store, id); });
}

constexpr std::int64_t few_runs = 1000;
constexpr std::int64_t many_runs = 10000;
constexpr std::int64_t few_points = 1000000;
constexpr std::int64_t many_points = 10000000;

BENCHMARK(streamed_history)->Arg(few_points)->UseManualTime()->Unit(benchmark::kMillisecond);
BENCHMARK(get_run)->UseManualTime()->Unit(benchmark::kMicrosecond);
BENCHMARK(search)->Arg(few_runs)->Arg(many_runs)->UseManualTime()->Unit(benchmark::kMillisecond);
BENCHMARK(search_in_order)->Arg(few_runs)->UseManualTime()->Unit(benchmark::kMillisecond);
BENCHMARK(search_all)->Arg(few_runs)->UseManualTime()->Unit(benchmark::kMillisecond);
BENCHMARK(shared_search)->Arg(few_runs)->UseManualTime()->Unit(benchmark::kMillisecond);
BENCHMARK(history)->Arg(few_points)->UseManualTime()->Unit(benchmark::kMillisecond);
BENCHMARK(resident_search)->Arg(many_runs)->Iterations(1);
BENCHMARK(resident_search_all)->Arg(many_runs)->Iterations(1);
BENCHMARK(resident_stream)->Arg(few_points)->Arg(many_points)->Iterations(1);

}  // namespace

int main(int count, char** arguments) {
    if (count == 2 && std::strcmp(arguments[1], "--make-stores") == 0) {
        for (const std::int64_t runs : {few_runs, many_runs}) store_of(runs);
        for (const std::int64_t points : {few_points, many_points}) history_of(points);
        return 0;
    }
    benchmark::Initialize(&count, arguments);
    if (benchmark::ReportUnrecognizedArguments(count, arguments)) return 1;
    benchmark::RunSpecifiedBenchmarks();
}
