// SPDX-License-Identifier: MIT
/// \file mpi_driver CASE [blocking|overlapping]: one process of an MPI job that logs to ./mlruns,
/// and looks at what came of it. Ends the job with what is wrong.
#include <mlscribe/hpc.hpp>
#include <mlscribe/mlscribe.hpp>
#include <mlscribe/mpi.hpp>
#include <mlscribe/query.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <map>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "counted_collectives.hpp"

namespace {

using mlscribe::across_ranks;
using mlscribe::mean;
using mlscribe::several;

mlscribe::exchange how = mlscribe::exchange::blocking;
int rank = 0;
int size = 1;

[[noreturn]] void fail(const std::string& why) {
    std::fprintf(stderr, "rank %d: %s\n", rank, why.c_str());
    int in_job = 0;
    MPI_Initialized(&in_job);
    if (in_job != 0) MPI_Abort(MPI_COMM_WORLD, 1);
    std::abort();
}

void expect(bool met, const std::string& what) {
    if (!met) fail(what);
}

template <class Value>
void expect_equal(const Value& got, const Value& wanted, const std::string& what) {
    if (!(got == wanted)) {
        fail(what + " is " + std::to_string(got) + ", not " + std::to_string(wanted));
    }
}

/// What was reported to a run's handler.
struct told_errors {
    std::string text;

    mlscribe::run_options options() {
        mlscribe::run_options made;
        made.experiment = "ranks";
        made.on_error = [this](const mlscribe::error& failure) { text += failure.message + '\n'; };
        return made;
    }
};

mlscribe::found_runs all_runs() {
    return mlscribe::store("mlruns").search_runs();
}

using points = std::map<std::int64_t, double>;

points points_of(const std::string& key) {
    const mlscribe::store store("mlruns");
    const mlscribe::found_runs runs = store.search_runs();
    expect(runs.size() == 1 && runs.damaged.empty(), "there is not one run");
    points found;
    for (const mlscribe::point& each : store.metric_history(runs[0].info.run_id, key)) {
        expect(found.emplace(each.step, each.value).second, key + " has a step twice");
    }
    return found;
}

/// What rank `of` adds in an epoch: any number of values, on some none.
std::vector<double> values_of(int of, std::int64_t epoch, bool whole) {
    std::vector<double> values;
    const std::int64_t count = of == 1 ? 0 : (epoch * 3 + of * 5) % 7;
    for (std::int64_t i = 0; i < count; ++i) {
        const double value = static_cast<double>((epoch * 7919 + of * 104729 + i * 1299709) % 9973);
        values.push_back(whole ? value : std::sin(value) * std::exp(value / 1000));
    }
    return values;
}

/// The reductions of a step, computed in one process.
struct serial {
    double count = 0;
    double sum = 0;
    double magnitude = 0;
    double low = HUGE_VAL;
    double high = -HUGE_VAL;
    int low_rank = -1;
    int high_rank = -1;

    serial(std::int64_t epoch, bool whole) {
        for (int of = 0; of < size; ++of) {
            for (const double value : values_of(of, epoch, whole)) {
                count += 1;
                sum += value;
                magnitude += std::fabs(value);
                if (value < low) low_rank = of;
                if (value > high) high_rank = of;
                low = std::fmin(low, value);
                high = std::fmax(high, value);
            }
        }
    }
    double rounding() const { return count * std::ldexp(magnitude, -53); }
};

constexpr int epochs = 25;

void reductions() {
    for (const bool whole : {true, false}) {
        const test::collectives before = test::counted_collectives();
        {
            auto run = mlscribe::start_run("ranks", "reductions");
            expect_equal(run.recording(), rank == 0, "recording()");
            across_ranks ranks(run, MPI_COMM_WORLD, how);
            auto of_all =
                ranks.metric<several<mean, mlscribe::sum, mlscribe::count, mlscribe::min,
                                     mlscribe::max, mlscribe::min_rank, mlscribe::max_rank>>("all");
            auto loss = ranks.metric<mean>("loss");
            auto none = ranks.metric<mean>("none");
            std::vector<mlscribe::reduced_metric<mlscribe::detail::rank_values>> more;
            for (int i = 0; i < 17; ++i) {
                more.push_back(ranks.metric<mlscribe::sum>("more/" + std::to_string(i)));
            }
            for (auto epoch : run.epochs(epochs)) {
                for (const double value : values_of(rank, epoch, whole)) {
                    of_all.add(value);
                    loss.add(value);
                }
                for (auto& each : more) each.add(1);
            }
        }
        // One to agree who logs, one a border, one for the metrics that were made, one to leave.
        const test::collectives after = test::counted_collectives();
        const bool overlaps = how == mlscribe::exchange::overlapping;
        expect_equal(after.others, before.others, "other collectives");
        expect_equal(after.blocking - before.blocking, overlaps ? 1 : epochs + 3, "MPI_Allreduce");
        expect_equal(after.begun - before.begun, overlaps ? epochs + 2 : 0, "MPI_Iallreduce");
        expect_equal(after.waited - before.waited, after.begun - before.begun, "MPI_Wait");
        if (rank == 0) {
            const points means = points_of("all.mean");
            for (std::int64_t epoch = 0; epoch < epochs; ++epoch) {
                const serial wanted(epoch, whole);
                const std::string at = " of epoch " + std::to_string(epoch);
                if (wanted.count == 0) {
                    expect_equal(means.count(epoch), std::size_t{0}, "values" + at);
                    continue;
                }
                const double rounding = whole ? 0 : wanted.rounding();
                const double sum = points_of("all.sum").at(epoch);
                expect(std::fabs(sum - wanted.sum) <= rounding, "the sum" + at + " is off");
                expect_equal(means.at(epoch), sum / wanted.count, "the mean" + at);
                expect_equal(points_of("loss").at(epoch), means.at(epoch), "the loss" + at);
                expect_equal(points_of("all.count").at(epoch), wanted.count, "the count" + at);
                expect_equal(points_of("all.min").at(epoch), wanted.low, "the lowest" + at);
                expect_equal(points_of("all.max").at(epoch), wanted.high, "the highest" + at);
                expect_equal(points_of("all.min_rank").at(epoch), double(wanted.low_rank),
                             "the lowest one's rank" + at);
                expect_equal(points_of("all.max_rank").at(epoch), double(wanted.high_rank),
                             "the highest one's rank" + at);
                expect_equal(points_of("more/16").at(epoch), double(size), "one a rank" + at);
            }
            expect(means.size() > epochs / 2, "hardly a point");
            expect(points_of("none").empty(), "a metric without values has points");
            mlscribe::client("mlruns").delete_run(std::string(all_runs()[0].info.run_id));
        }
        MPI_Barrier(MPI_COMM_WORLD);
    }
}

void timers() {
    const int most_scopes = 9;
    {
        auto run = mlscribe::start_run("ranks", "timers");
        across_ranks ranks(run, MPI_COMM_WORLD, how);
        auto timer = ranks.timer("seconds");
        for ([[maybe_unused]] auto epoch : run.epochs(3)) {
            const int scopes = rank == 1 ? most_scopes : rank + 1;
            for (int scope = 0; scope < scopes; ++scope) {
                const auto timed = timer.start();
                // The slowest in all has neither the longest scope nor the most of them.
                const int milliseconds = rank == 0 ? 25 : rank == size - 1 ? 20 : 0;
                std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
            }
            auto stopped = timer.start();
            stopped.stop();
        }
    }
    if (rank != 0) return;
    for (std::int64_t epoch = 0; epoch < 3; ++epoch) {
        const double count = size * (size + 1) / 2.0 - 2 + most_scopes + size;
        expect_equal(points_of("seconds.count").at(epoch), count, "scopes");
        expect_equal(points_of("seconds.slowest_rank").at(epoch), size - 1.0, "the slowest rank");
        expect(points_of("seconds.max").at(epoch) >= 0.02, "the longest scope is short");
        expect(points_of("seconds.min").at(epoch) >= 0, "a scope took less than nothing");
        expect(points_of("seconds.min").at(epoch) < 0.01, "the shortest scope is long");
        const double mean_seconds = points_of("seconds.mean").at(epoch);
        expect(mean_seconds >= (size * 0.02 + 0.025) / count, "the mean is too low");
        expect(mean_seconds < points_of("seconds.max").at(epoch), "the mean is too high");
    }
}

/// Ranks that leave their loop before the others, the one that logs among them.
void early_leavers() {
    for (const int leaver : {size - 1, 0}) {
        {
            auto run = mlscribe::start_run("ranks", "early leavers");
            across_ranks ranks(run, MPI_COMM_WORLD, how);
            auto ones = ranks.metric<mlscribe::sum>("ones");
            for (auto epoch : run.epochs(6)) {
                ones.add(1);
                if (rank == leaver && epoch == 2) break;
            }
        }
        if (rank == 0) {
            const double all = size;
            const points wanted = {{0, all},     {1, all},     {2, all},
                                   {3, all - 1}, {4, all - 1}, {5, all - 1}};
            expect(points_of("ones") == wanted, "a rank that left is not right");
            const mlscribe::run_record left = all_runs()[0];
            expect_equal(left.tags.count("mlscribe.partial_step.ones"), std::size_t{1}, "partial");
            expect(left.tags.at("mlscribe.partial_step.ones") == "2", "another step is partial");
            mlscribe::client("mlruns").delete_run(std::string(left.info.run_id));
        }
        MPI_Barrier(MPI_COMM_WORLD);
    }
}

/// Different metrics, then different numbers of batches: told and left out, and nobody hangs.
void other_ways() {
    told_errors told;
    {
        auto run = mlscribe::start_run(told.options());
        across_ranks ranks(run, MPI_COMM_WORLD, how);
        auto same = ranks.metric<mlscribe::sum>("same");
        for ([[maybe_unused]] auto step : run.steps(2)) same.add(1);
        auto other = ranks.metric<mlscribe::sum>(rank == 2 ? "validation" : "train");
        for ([[maybe_unused]] auto step : run.steps(2)) {
            same.add(2);
            other.add(1);
        }
        ranks.finish();
        same.add(1);
        if (rank == 0) expect_equal(run.lost_points(), std::uint64_t{2}, "lost points");
    }
    if (rank == 0) {
        expect(told.text.find("other metrics than rank") != std::string::npos,
               "told: " + told.text);
        expect(told.text.find("rank 2") != std::string::npos, "not by rank: " + told.text);
        const double all = size;
        expect(points_of("same") == points{{0, all}, {1, all}, {2, 2 * all}, {3, 2 * all}},
               "what all have is not reduced");
        expect(all_runs()[0].metrics.count("train") == 0, "a metric that not all have has a point");
        mlscribe::client("mlruns").delete_run(std::string(all_runs()[0].info.run_id));
    }
    MPI_Barrier(MPI_COMM_WORLD);
    told.text.clear();
    {
        auto run = mlscribe::start_run(told.options());
        across_ranks ranks(run, MPI_COMM_WORLD, how);
        auto batch = ranks.metric<mlscribe::sum>("batch");
        for ([[maybe_unused]] auto epoch : run.epochs(2)) {
            for ([[maybe_unused]] auto step : run.steps(rank == 1 ? 2 : 3)) batch.add(1);
        }
    }
    if (rank == 0) {
        expect(told.text.find("the same borders") != std::string::npos, "told: " + told.text);
        const points found = points_of("batch");
        expect(found.at(0) == size && found.at(1) == size, "the steps of all are wrong");
        mlscribe::client("mlruns").delete_run(std::string(all_runs()[0].info.run_id));
    }
    MPI_Barrier(MPI_COMM_WORLD);
    told.text.clear();
    {  // As the report says.
        auto run = mlscribe::start_run(told.options());
        across_ranks ranks(run, MPI_COMM_WORLD, how);
        mlscribe::metric_options by_epoch;
        by_epoch.border = mlscribe::border::epoch;
        auto batch = ranks.metric<mlscribe::sum>("batch", by_epoch);
        for ([[maybe_unused]] auto epoch : run.epochs(2)) {
            for ([[maybe_unused]] auto step : run.steps(rank == 1 ? 2 : 3)) batch.add(1);
        }
    }
    if (rank == 0) {
        expect(told.text.empty(), "told: " + told.text);
        expect(points_of("batch") == points{{0, size * 3.0 - 1}, {1, size * 3.0 - 1}},
               "batches by epoch are wrong");
    }
}

/// Metrics that are made in the loop, values outside of it, copies in threads, NaN, a flush and a
/// checkpoint, which the other ranks do not take part in.
void whole_loop() {
    {
        auto run = mlscribe::start_run("ranks", "whole loop");
        across_ranks ranks(run, MPI_COMM_WORLD, how);
        auto ones = ranks.metric<mlscribe::sum>("ones");
        mlscribe::reduced_metric<mlscribe::detail::rank_values> late;
        mlscribe::metric_options skip;
        skip.nan = mlscribe::nan_policy::divert;
        skip.best = mlscribe::best::min;
        for (auto epoch : run.epochs(4)) {
            if (epoch == 2) late = ranks.metric<mlscribe::min>("late", skip);
            std::vector<std::thread> threads;
            for (int i = 0; i < 3; ++i) {
                threads.emplace_back([copy = ones]() mutable { copy.add(1); });
            }
            for (std::thread& each : threads) each.join();
            late.add(static_cast<double>(epoch * 10 + rank));
            late.add(std::nan(""));
            if (epoch != 1) continue;
            ranks.reduce();
            run.checkpoint("epoch-1");
        }
        run.flush();
        ones.add(0.5);
        ranks.reduce();
        ones.add(0.25);
    }
    if (rank != 0) return;
    const double all = size;
    expect(
        points_of("ones") ==
            points{
                {0, all * 3}, {1, all * 3}, {2, all * 3}, {3, all * 3}, {4, all / 2}, {5, all / 4}},
        "what is added in threads or outside of ranges is not right");
    expect(points_of("late") == points{{2, 20}, {3, 30}}, "a metric made late is not right");
    expect(points_of("late.nan") == points{{2, all}, {3, all}}, "NaNs are not counted");
    expect(points_of("late.best") == points{{2, 20}}, "the best value is not kept");
    const std::string id(all_runs()[0].info.run_id);
    auto back = mlscribe::resume_run(id, mlscribe::from_checkpoint{"epoch-1"});
    back.end();
    expect(points_of("ones") == points{{0, all * 3}, {1, all * 3}}, "the checkpoint lacks a point");
}

/// So many metrics made while a collective goes on that what it sends and receives must move.
void late_metrics() {
    {
        auto run = mlscribe::start_run("ranks", "late metrics");
        across_ranks ranks(run, MPI_COMM_WORLD, how);
        auto ones = ranks.metric<mlscribe::sum>("ones");
        std::vector<mlscribe::reduced_metric<mlscribe::detail::rank_values>> more;
        for (auto epoch : run.epochs(4)) {
            ones.add(1);
            for (auto& each : more) each.add(epoch);
            if (epoch != 1) continue;
            for (int i = 0; i < 100; ++i) {
                more.push_back(ranks.metric<mlscribe::sum>("more/" + std::to_string(i)));
                const test::collectives now = test::counted_collectives();
                expect_equal(now.waited, now.begun, "collectives waited for");
            }
        }
    }
    if (rank != 0) return;
    const double all = size;
    expect(points_of("ones") == points{{0, all}, {1, all}, {2, all}, {3, all}}, "ones are wrong");
    expect(points_of("more/99") == points{{2, 2 * all}, {3, 3 * all}}, "late ones are wrong");
}

/// Children that go on in the loop and leave it: MPI is their parents', who reduce as ever.
void forks() {
    bool is_child = false;
    {
        auto run = mlscribe::start_run("ranks", "forks");
        across_ranks ranks(run, MPI_COMM_WORLD, how);
        auto ones = ranks.metric<mlscribe::sum>("ones");
        for (auto epoch : run.epochs(4)) {
            ones.add(1);
            if (epoch != 1) continue;
            const pid_t child = ::fork();
            is_child = child == 0;
            if (is_child) continue;
            int status = 0;
            ::waitpid(child, &status, 0);
            expect(WIFEXITED(status) && WEXITSTATUS(status) == 0, "the child does not end");
        }
        if (is_child) ranks.reduce();
    }
    if (is_child) ::_exit(0);
    if (rank != 0) return;
    const double all = size;
    expect(points_of("ones") == points{{0, all}, {1, all}, {2, all}, {3, all}}, "ones are wrong");
}

/// A job of every policy that ends behind its checkpoint, and the job that goes on with it.
void start_of_a_job(bool again) {
    for (const std::string policy : {"first", "every", "children", "one", "node"}) {
        setenv("MLSCRIBE_RANKS", policy.c_str(), 1);
        mlscribe::run_options options;
        options.experiment = policy;
        options.run_id = "job_" + policy;
        auto run = mlscribe::start_job_run(options, mlscribe::from_last_checkpoint{});
        across_ranks ranks(run, MPI_COMM_WORLD, how);
        auto sum = ranks.metric<mlscribe::sum>("sum");
        for (auto epoch : run.epochs(6)) {
            if (again) expect(epoch > 2, "a rank does not go on at the checkpoint, " + policy);
            sum.add(static_cast<double>(epoch));
            if (epoch == 2) {
                ranks.reduce();
                run.checkpoint("latest");
            }
            if (!again && epoch == 4) break;
        }
        ranks.finish();
        run.end();
        if (!again || rank != 0) continue;
        const mlscribe::store store("mlruns");
        const std::string id = "job_" + policy;
        std::string key = "sum";
        for (const auto& each : store.get_run(id).metrics) {
            if (policy == "node" && each.first.find("/sum") != std::string::npos) key = each.first;
        }
        points found;
        for (const mlscribe::point& each : store.metric_history(id, key)) {
            expect(found.emplace(each.step, each.value).second, "a step is there twice, " + policy);
        }
        points wanted;
        for (int epoch = 0; epoch < 6; ++epoch) wanted[epoch] = static_cast<double>(epoch * size);
        expect(found == wanted, "not every step is there, " + policy);
    }
}

/// MPI that is not there yet or no more.
void outside_of_mpi(int& count, char**& words) {
    told_errors told;
    auto run = mlscribe::start_run(told.options());
    {
        across_ranks ranks(run, MPI_COMM_WORLD, how);
        auto loss = ranks.metric<mean>("loss");
        for ([[maybe_unused]] auto epoch : run.epochs(2)) loss.add(1);
        ranks.reduce();
    }
    const bool logs = run.recording();
    if (logs && told.text.find("MPI is not at work") == std::string::npos) std::abort();
    MPI_Init(&count, &words);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    {
        across_ranks ranks(run, MPI_COMM_NULL, how);
        expect(!logs || told.text.find("MPI_COMM_NULL") != std::string::npos, told.text);
    }
    across_ranks ranks(run, MPI_COMM_WORLD, how);
    auto loss = ranks.metric<mean>("loss");
    for ([[maybe_unused]] auto epoch : run.epochs(2)) loss.add(rank);
    across_ranks moved(std::move(ranks));
    if (how == mlscribe::exchange::overlapping) moved.reduce();
    MPI_Finalize();
    loss.add(1);
    moved.finish();
}

/// No rank logs: no collective but those that find it out.
void nobody_logs() {
    setenv("MLSCRIBE_MODE", "disabled", 1);
    auto run = mlscribe::start_run("ranks", "nobody");
    across_ranks ranks(run, MPI_COMM_WORLD, how);
    const test::collectives before = test::counted_collectives();
    auto loss = ranks.metric<mean>("loss");
    auto timer = ranks.timer("seconds");
    for ([[maybe_unused]] auto epoch : run.epochs(100)) {
        const auto timed = timer.start();
        loss.add(1);
    }
    ranks.finish();
    const test::collectives after = test::counted_collectives();
    expect_equal(after.blocking + after.begun + after.others,
                 before.blocking + before.begun + before.others, "collectives");
}

/// A part of the job, which has its own rank 0 and an every-rank policy.
void halves() {
    setenv("MLSCRIBE_RANKS", "every", 1);
    const int half = rank % 2;
    MPI_Comm part = MPI_COMM_NULL;
    MPI_Comm_split(MPI_COMM_WORLD, half, rank, &part);
    {
        auto run = mlscribe::start_run("ranks", "rank " + std::to_string(rank));
        across_ranks ranks(run, part, how);
        auto sum = ranks.metric<mlscribe::sum>("sum");
        for ([[maybe_unused]] auto epoch : run.epochs(3)) sum.add(rank);
    }
    MPI_Comm_free(&part);
    MPI_Barrier(MPI_COMM_WORLD);
    if (rank != 0) return;
    const mlscribe::found_runs runs = all_runs();
    expect_equal(runs.size(), static_cast<std::size_t>(size), "runs");
    for (const mlscribe::run_record& each : runs) {
        const int of = std::stoi(each.info.run_name.substr(5));
        double wanted = 0;
        for (int other = of % 2; other < size; other += 2) wanted += other;
        expect_equal(each.metrics.count("sum"), std::size_t{of < 2 ? 1u : 0u}, "who logs");
        if (of < 2) expect_equal(each.metrics.at("sum"), wanted, "the sum of a half");
    }
}

/// Every policy: what is reduced is logged once, by rank 0.
void policies() {
    for (const std::string policy : {"first", "every", "children", "one", "node"}) {
        setenv("MLSCRIBE_RANKS", policy.c_str(), 1);
        {
            mlscribe::run_options options;
            options.experiment = policy;
            options.run_id = "job_" + policy;
            auto run = mlscribe::start_job_run(options);
            across_ranks ranks(run, MPI_COMM_WORLD, how);
            auto sum = ranks.metric<mlscribe::sum>("sum");
            auto own = run.metric("own");
            for ([[maybe_unused]] auto epoch : run.epochs(3)) {
                sum.add(rank);
                own.log(rank);
            }
        }
        MPI_Barrier(MPI_COMM_WORLD);
        if (rank != 0) continue;
        const mlscribe::store store("mlruns");
        mlscribe::search_query query;
        query.experiments = {policy};
        std::size_t sums = 0;
        std::size_t own = 0;
        std::size_t children = 0;
        const mlscribe::found_runs runs = store.search_runs(query);
        expect(runs.damaged.empty(), "a run is damaged");
        for (const mlscribe::run_record& each : runs) {
            expect(each.info.status == mlscribe::run_status::finished, "a run is not FINISHED");
            children += each.tags.count("mlflow.parentRunId");
            for (const auto& metric : each.metrics) {
                const std::string& key = metric.first;
                if (key.substr(key.rfind('/') + 1) == "own") ++own;
                if (key.substr(key.rfind('/') + 1) != "sum") continue;
                ++sums;
                expect(policy == "node" || key == "sum", "the key is " + key);
                expect_equal(metric.second, size * (size - 1) / 2.0, "the sum");
                expect_equal(store.metric_history(each.info.run_id, key).size(), std::size_t{3},
                             "points of the sum");
            }
        }
        const auto all = static_cast<std::size_t>(size);
        const bool runs_each = policy == "every" || policy == "children";
        expect_equal(runs.size(), runs_each ? all : 1, "runs of " + policy);
        expect_equal(children, policy == "children" ? all - 1 : 0, "children of " + policy);
        expect_equal(own, runs_each || policy == "one" ? all : 1, "metrics of ranks, " + policy);
        expect_equal(sums, std::size_t{1}, "sums of " + policy);
    }
}

/// What a killed job left: first as it stands, then recovered. Not in a job.
void look_at_killed(const std::string& status) {
    const auto wanted =
        status == "KILLED" ? mlscribe::run_status::killed : mlscribe::run_status::running;
    expect(all_runs().size() == 1 && all_runs().damaged.empty(), "there is not one run");
    expect(all_runs()[0].info.status == wanted, "the run is not " + status);
    const points before = points_of("ones");
    mlscribe::recover();
    expect(all_runs()[0].info.status == mlscribe::run_status::killed, "it is not KILLED at last");
    const points found = points_of("ones");
    expect(found == before, "recover() changes points");
    expect(found.size() > 10, "there are hardly " + std::to_string(found.size()) + " points");
    std::int64_t step = 0;
    for (const auto& each : found) {
        expect(each == std::pair<const std::int64_t, double>(step++, 4.0), "a point is not right");
    }
}

/// Loops until it is killed; each rank's process id in a file of its name.
void endless() {
    auto run = mlscribe::start_run("ranks", "endless");
    across_ranks ranks(run, MPI_COMM_WORLD, how);
    auto ones = ranks.metric<mlscribe::sum>("ones");
    std::ofstream("pid." + std::to_string(rank)) << ::getpid();
    for (auto epoch : run.epochs(1000000)) {
        ones.add(1);
        if (epoch == 25 && rank == 0) std::ofstream("ready") << "yes";
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
}

}  // namespace

int main(int count, char** words) {
    const std::string chosen = words[1];
    if (count > 2 && std::string(words[2]) == "overlapping") how = mlscribe::exchange::overlapping;
    if (chosen == "outside_of_mpi") {
        outside_of_mpi(count, words);
        return 0;
    }
    if (chosen == "look") {
        look_at_killed(words[2]);
        return 0;
    }
    const std::map<std::string, std::function<void()>> cases = {
        {"reductions", reductions},
        {"timers", timers},
        {"early_leavers", early_leavers},
        {"other_ways", other_ways},
        {"whole_loop", whole_loop},
        {"nobody_logs", nobody_logs},
        {"halves", halves},
        {"endless", endless},
        {"policies", policies},
        {"forks", forks},
        {"first_start", [] { start_of_a_job(false); }},
        {"second_start", [] { start_of_a_job(true); }},
        {"late_metrics", late_metrics},
    };
    MPI_Init(&count, &words);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    cases.at(chosen)();
    MPI_Finalize();
}
