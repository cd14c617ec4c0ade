// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/monitor.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "child_process.hpp"
#include "environment.hpp"
#include "monitor/recorded_system.hpp"
#include "scratch_directory.hpp"

using std::chrono::milliseconds;

namespace {

/// A machine of recorded texts, and a run on it that writes points every few milliseconds.
struct monitored {
    test::recorded_system system = {};
    test::scratch_directory scratch = {};
    test::error_log log = {};
    // Nobody's job tells these tests how to measure.
    test::variable interval{"MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL", nullptr};
    test::variable samples{"MLFLOW_SYSTEM_METRICS_SAMPLES_BEFORE_LOGGING", nullptr};
    test::variable node{"MLFLOW_SYSTEM_METRICS_NODE_ID", nullptr};
    test::variable enabled{"MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING", nullptr};
    test::variable gpus{"CUDA_VISIBLE_DEVICES", "0"};

    monitored() {
        system.write("/proc/meminfo", "MemTotal: 1000 kB\nMemFree: 300 kB\nMemAvailable: 400 kB\n");
        system.write("/proc/vmstat", "pgpgin 1\npgpgout 1\n");
    }
    mlscribe::run_options run_options() {
        mlscribe::run_options chosen = test::options(scratch, log);
        chosen.flush_interval = milliseconds(2);
        return chosen;
    }
    mlscribe::monitor_options options() const {
        mlscribe::monitor_options chosen;
        chosen.interval = milliseconds(1);
        chosen.root = system.root();
        chosen.nvml_library = MLSCRIBE_NVML_STAND_IN;
        return chosen;
    }
};

std::set<std::string> metrics(const std::string& run) {
    std::set<std::string> found;
    if (!test::exists(run + "/metrics")) return found;
    for (const std::string& path : test::tree(run + "/metrics")) {
        if (path.back() != '/') found.insert(path);
    }
    return found;
}

std::size_t count(const std::string& run, const std::string& key) {
    return test::exists(run + "/metrics/" + key) ? test::points(run, key).size() : 0;
}

/// Until a metric has so many points in its file.
bool soon(const std::string& run, const std::string& key, std::size_t points) {
    for (int i = 0; i < 5000; ++i) {
        if (test::exists(run + "/metrics/" + key) && count(run, key) >= points) return true;
        std::this_thread::sleep_for(milliseconds(2));
    }
    return false;
}

const std::string memory = "system/system_memory_usage_percentage";

}  // namespace

BOOST_AUTO_TEST_SUITE(monitor_monitor_system)

BOOST_AUTO_TEST_CASE(names_are_those_of_mlflow_and_some_more) {
    monitored on;
    on.system.write("/proc/stat", "cpu  1 0 0 1 0 0 0 0 0 0\n");
    auto run = mlscribe::start_run(on.run_options());
    const std::string folder = test::folder(on.scratch, run);
    const auto watch = mlscribe::monitor_system(run, on.options());
    on.system.write("/proc/stat", "cpu  2 0 0 2 0 0 0 0 0 0\n");
    on.system.write("/proc/net/dev", "lo: 1 0 0 0 0 0 0 0 1 0 0 0 0 0 0 0\n");
    // Whatever was measured before both were written.
    BOOST_TEST(soon(folder, memory, count(folder, memory) + 3));
    run.end();
    const std::set<std::string> expected = {
        "system/cpu_utilization_percentage", "system/system_memory_usage_megabytes",
        "system/system_memory_usage_percentage", "system/disk_usage_percentage",
        "system/disk_usage_megabytes", "system/disk_available_megabytes",
        "system/network_receive_megabytes", "system/network_transmit_megabytes",
        "system/gpu_0_memory_usage_percentage", "system/gpu_0_memory_usage_megabytes",
        "system/gpu_0_utilization_percentage", "system/gpu_0_power_usage_watts",
        "system/gpu_0_power_usage_percentage",
        // Beyond MLflow's.
        "system/disk_read_megabytes", "system/disk_write_megabytes",
        "system/monitor_cpu_milliseconds"};
    BOOST_TEST(metrics(folder) == expected);
    BOOST_TEST(test::points(folder, memory).front().value == 60.0);
    BOOST_TEST(on.log.all().empty());
    BOOST_TEST(run.lost_points() == 0u);
}

BOOST_AUTO_TEST_CASE(steps_count_samples_and_go_on_when_the_run_does) {
    monitored on;
    auto run = mlscribe::start_run(on.run_options());
    const std::string folder = test::folder(on.scratch, run);
    auto watch = mlscribe::monitor_system(run, on.options());
    run.log_metric("loss", 1.0, 5000);
    for ([[maybe_unused]] auto epoch : run.epochs(1)) BOOST_TEST(soon(folder, memory, 3));
    const std::string id(run.id());
    run.end();
    const std::size_t before = count(folder, memory);
    auto resuming = test::resuming(on.scratch, on.log);
    resuming.flush_interval = milliseconds(2);
    auto resumed = mlscribe::resume_run(id, resuming);
    watch = mlscribe::monitor_system(resumed, on.options());
    BOOST_TEST(soon(folder, memory, before + 2));
    resumed.end();
    for (const std::string& key : metrics(folder)) {
        if (key.compare(0, 7, "system/") != 0) continue;
        const std::vector<std::int64_t> steps = test::steps(folder, key);
        for (std::size_t i = 0; i < steps.size(); ++i) {
            BOOST_TEST(steps[i] == static_cast<std::int64_t>(i), key);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_first_sample_is_at_once_and_the_next_behind_the_interval) {
    monitored on;
    auto run = mlscribe::start_run(on.run_options());
    const std::string folder = test::folder(on.scratch, run);
    auto chosen = on.options();
    chosen.interval = std::chrono::hours(1);
    const auto watch = mlscribe::monitor_system(run, chosen);
    BOOST_TEST(soon(folder, memory, 1));
    std::this_thread::sleep_for(milliseconds(30));
    run.end();
    BOOST_TEST(count(folder, memory) == 1u);
}

BOOST_AUTO_TEST_CASE(it_ends_with_what_was_returned) {
    monitored on;
    auto run = mlscribe::start_run(on.run_options());
    const std::string folder = test::folder(on.scratch, run);
    auto watch = mlscribe::monitor_system(run, on.options());
    auto moved = std::move(watch);
    watch.stop();
    BOOST_TEST(soon(folder, memory, 2));
    moved = mlscribe::monitor();
    run.flush();
    const std::size_t stopped = count(folder, memory);
    std::this_thread::sleep_for(milliseconds(200));
    run.flush();
    BOOST_TEST(count(folder, memory) <= stopped + 1);  // one may have been under way
}

BOOST_AUTO_TEST_CASE(it_may_outlive_the_run) {
    monitored on;
    mlscribe::monitor watch;
    for (int i = 0; i < 20; ++i) {
        auto run = mlscribe::start_run(on.run_options());
        watch = mlscribe::monitor_system(run, on.options());
        std::this_thread::sleep_for(milliseconds(i % 5));
        run.end();
        BOOST_TEST(run.lost_points() == 0u);
        BOOST_TEST(!test::exists(test::folder(on.scratch, run) + "/tags/mlscribe.lost_points"));
    }
    BOOST_TEST(on.log.all().empty());
}

BOOST_AUTO_TEST_CASE(the_mean_of_several_samples_is_a_point) {
    monitored on;
    auto run = mlscribe::start_run(on.run_options());
    const std::string folder = test::folder(on.scratch, run);
    auto chosen = on.options();
    chosen.samples_before_logging = 1000000;
    {
        const auto never = mlscribe::monitor_system(run, chosen);
        std::this_thread::sleep_for(milliseconds(30));
    }
    BOOST_TEST(metrics(folder).empty());
    chosen.samples_before_logging = 3;
    const auto watch = mlscribe::monitor_system(run, chosen);
    BOOST_TEST(soon(folder, memory, 2));
    run.end();
    BOOST_TEST(test::points(folder, memory).front().value == 60.0);
}

BOOST_AUTO_TEST_CASE(a_point_knows_nothing_of_those_before) {
    monitored on;
    auto run = mlscribe::start_run(on.run_options());
    const std::string folder = test::folder(on.scratch, run);
    const auto watch = mlscribe::monitor_system(run, on.options());
    BOOST_TEST(soon(folder, memory, 3));
    on.system.write("/proc/meminfo", "MemTotal: 1000 kB\nMemFree: 900 kB\nMemAvailable: 900 kB\n");
    BOOST_TEST(soon(folder, memory, count(folder, memory) + 3));
    run.end();
    const auto points = test::points(folder, memory);
    for (const auto& point : points) BOOST_TEST((point.value == 60.0 || point.value == 10.0));
    BOOST_TEST(points.back().value == 10.0);
}

BOOST_AUTO_TEST_CASE(without_a_drain_thread_the_calls_that_write_points_measure) {
    monitored on;
    auto inline_options = on.run_options();
    inline_options.drain = mlscribe::drain_mode::inline_;
    auto run = mlscribe::start_run(inline_options);
    const std::string folder = test::folder(on.scratch, run);
    const auto watch = mlscribe::monitor_system(run, on.options());
    std::this_thread::sleep_for(milliseconds(30));
    BOOST_TEST(metrics(folder).empty());
    auto loss = run.metric("loss");
    for (int i = 0; i < 2000 && count(folder, memory) < 3; ++i) {
        loss.log(i);
        std::this_thread::sleep_for(milliseconds(5));
    }
    run.end();
    BOOST_TEST(count(folder, memory) >= 3u);
    BOOST_TEST(run.lost_points() == 0u);
}

BOOST_AUTO_TEST_CASE(a_forked_child_measures_nothing_and_ends_well) {
    monitored on;
    auto run = mlscribe::start_run(on.run_options());
    const std::string folder = test::folder(on.scratch, run);
    auto watch = mlscribe::monitor_system(run, on.options());
    BOOST_TEST(soon(folder, memory, 1));
    for (int i = 0; i < 20; ++i) {
        const std::string told = test::in_child([&] {
            auto again = mlscribe::monitor_system(run, on.options());
            watch.stop();
            again.stop();
            run.end();
            return std::string("ended");
        });
        BOOST_TEST(told == "ended");
    }
    const std::size_t before = count(folder, memory);
    BOOST_TEST(soon(folder, memory, before + 2));
    run.end();
    const std::vector<std::int64_t> steps = test::steps(folder, memory);
    BOOST_TEST(steps.back() == static_cast<std::int64_t>(steps.size() - 1));
    BOOST_TEST(run.lost_points() == 0u);
}

BOOST_AUTO_TEST_CASE(several_nodes_of_one_run) {
    monitored on;
    auto run = mlscribe::start_run(on.run_options());
    const std::string folder = test::folder(on.scratch, run);
    auto chosen = on.options();
    chosen.node_id = "node-7";
    const auto first = mlscribe::monitor_system(run, chosen);
    const test::variable node("MLFLOW_SYSTEM_METRICS_NODE_ID", "node-8");
    const auto second = mlscribe::monitor_system(run, chosen);
    BOOST_TEST(soon(folder, "system/node-7/system_memory_usage_percentage", 1));
    BOOST_TEST(soon(folder, "system/node-8/system_memory_usage_percentage", 1));
    run.end();
    for (const std::string& key : metrics(folder)) {
        BOOST_TEST(key.compare(0, 12, "system/node-") == 0, key);
    }
}

BOOST_AUTO_TEST_CASE(mlflow_variables_override_the_options) {
    monitored on;
    {
        const test::variable off("MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING", "False");
        auto run = mlscribe::start_run(on.run_options());
        const auto watch = mlscribe::monitor_system(run, on.options());
        std::this_thread::sleep_for(milliseconds(30));
        run.end();
        BOOST_TEST(metrics(test::folder(on.scratch, run)).empty());
    }
    const test::variable often("MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL", "0.001");
    const test::variable three("MLFLOW_SYSTEM_METRICS_SAMPLES_BEFORE_LOGGING", "3");
    const test::variable on_all_the_same("MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING", "true");
    mlscribe::monitor_options seldom = on.options();
    seldom.interval = std::chrono::hours(1);
    const auto choices = mlscribe::detail::choose(seldom);
    BOOST_TEST(choices.wanted);
    BOOST_TEST(choices.interval == 1);
    BOOST_TEST(choices.samples == 3);
    BOOST_TEST(!choices.told);
}

BOOST_AUTO_TEST_CASE(choices_that_make_no_sense_are_told_and_not_taken) {
    monitored on;
    const auto told = [&](const mlscribe::monitor_options& options) {
        const auto choices = mlscribe::detail::choose(options);
        BOOST_TEST((choices.told.code == mlscribe::error_code::invalid_value));
        BOOST_TEST(choices.interval > 0);
        BOOST_TEST(choices.samples > 0);
        return choices.told.message;
    };
    auto chosen = on.options();
    chosen.interval = milliseconds(0);
    BOOST_TEST(told(chosen).find("above 0; system metrics are taken every 10 s") !=
               std::string::npos);
    chosen = on.options();
    chosen.samples_before_logging = 0;
    BOOST_TEST(told(chosen).find("1 or more; each sample is a point") != std::string::npos);
    for (const char* text : {"x", "0", "-1", "10 s", "nan", "inf", "1e300"}) {
        const test::variable wrong("MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL", text);
        BOOST_TEST(told(on.options()).find(text) != std::string::npos);
    }
    for (const char* text : {"x", "0", "-1", "1.5", "99999999999999999999"}) {
        const test::variable wrong("MLFLOW_SYSTEM_METRICS_SAMPLES_BEFORE_LOGGING", text);
        BOOST_TEST(told(on.options()).find(text) != std::string::npos);
    }
    auto run = mlscribe::start_run(on.run_options());
    chosen = on.options();
    chosen.node_id = "node @";
    const auto watch = mlscribe::monitor_system(run, chosen);
    std::this_thread::sleep_for(milliseconds(20));
    run.end();
    BOOST_TEST(on.log.tells({"node @", "give it another node_id"}));
    BOOST_TEST(metrics(test::folder(on.scratch, run)).empty());
}

BOOST_AUTO_TEST_CASE(the_longest_interval_is_no_short_one) {
    monitored on;
    auto run = mlscribe::start_run(on.run_options());
    const std::string folder = test::folder(on.scratch, run);
    auto chosen = on.options();
    chosen.interval = (milliseconds::max)();
    const auto watch = mlscribe::monitor_system(run, chosen);
    BOOST_TEST(soon(folder, memory, 1));
    std::this_thread::sleep_for(milliseconds(30));
    run.end();
    BOOST_TEST(count(folder, memory) == 1u);
    BOOST_TEST(on.log.all().empty());
}

BOOST_AUTO_TEST_CASE(a_metric_in_the_way_is_told_once) {
    monitored on;
    auto run = mlscribe::start_run(on.run_options());
    const std::string folder = test::folder(on.scratch, run);
    run.log_metric(memory + "/mine", 1.0);
    const auto watch = mlscribe::monitor_system(run, on.options());
    BOOST_TEST(soon(folder, "system/disk_usage_megabytes", 3));
    run.end();
    BOOST_TEST(on.log.count(mlscribe::error_code::key_clash) == 1u);
    BOOST_TEST(run.lost_points() >= 3u);
}

BOOST_AUTO_TEST_CASE(a_handler_may_end_the_run_from_a_sample) {
    monitored on;
    auto chosen = on.run_options();
    mlscribe::run run;
    std::atomic<bool> ended{false};
    std::atomic<bool> started{false};
    chosen.on_error = [&](const mlscribe::error&) {
        while (!started) std::this_thread::yield();
        run.end();
        ended = true;
    };
    run = mlscribe::start_run(chosen);
    run.log_metric(memory + "/mine", 1.0);
    const auto watch = mlscribe::monitor_system(run, on.options());
    started = true;
    for (int i = 0; i < 5000 && !ended; ++i) std::this_thread::sleep_for(milliseconds(2));
    BOOST_TEST(ended.load());
    BOOST_TEST(test::meta(test::folder(on.scratch, run), "status") == "3");
}

BOOST_AUTO_TEST_CASE(runs_that_record_nothing_have_nothing_measured) {
    monitored on;
    mlscribe::run none;
    auto watch = mlscribe::monitor_system(none, on.options());
    const test::variable mode("MLSCRIBE_MODE", "disabled");
    auto off = mlscribe::start_run(on.run_options());
    watch = mlscribe::monitor_system(off, on.options());
    off.end();
    BOOST_TEST(!test::exists(on.scratch.store()));
}

BOOST_AUTO_TEST_CASE(an_empty_machine_has_its_disk) {
    const monitored on;
    const test::scratch_directory empty;
    mlscribe::run_options chosen;
    chosen.tracking_uri = on.scratch.store();
    chosen.flush_interval = milliseconds(2);
    auto run = mlscribe::start_run(chosen);
    const std::string folder = test::folder(on.scratch, run);
    auto options = on.options();
    options.root = empty.path();
    options.gpus = false;
    const auto watch = mlscribe::monitor_system(run, options);
    BOOST_TEST(soon(folder, "system/disk_usage_megabytes", 2));
    run.end();
    BOOST_TEST(metrics(folder).size() == 4u);
}

BOOST_AUTO_TEST_SUITE_END()
