// SPDX-License-Identifier: MIT
/// \file Metrics with options over the life of a run: handles made anew, mapped keys, resumed runs,
/// forked children, an end in another thread.
#include <boost/test/unit_test.hpp>

#include <mlscribe/mlscribe.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <limits>
#include <string>
#include <thread>
#include <vector>

#include "child_process.hpp"
#include "scratch_directory.hpp"

namespace {

std::vector<double> values(const std::string& run, const std::string& key) {
    std::vector<double> found;
    for (const mlscribe::point& each : test::points(run, key)) found.push_back(each.value);
    return found;
}

mlscribe::metric_options seeking(mlscribe::best which) {
    mlscribe::metric_options options;
    options.best = which;
    return options;
}

using numbers = std::vector<double>;
using steps = std::vector<std::int64_t>;

}  // namespace

BOOST_AUTO_TEST_SUITE(watched_loops)

BOOST_AUTO_TEST_CASE(a_handle_made_in_each_epoch_knows_the_best_value) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
    const std::string folder = test::folder(scratch, run);
    const numbers all = {0.5, 0.9, 0.7, 0.6};
    for (auto epoch : run.epochs(4)) {
        auto accuracy = run.metric("accuracy", seeking(mlscribe::best::max));
        accuracy.log(all[static_cast<std::size_t>(epoch)]);
    }
    run.end();
    BOOST_TEST(values(folder, "accuracy.best") == (numbers{0.5, 0.9}),
               boost::test_tools::per_element());
    BOOST_TEST(log.all().empty());
}

BOOST_AUTO_TEST_CASE(keys_are_mapped_once) {
    const test::scratch_directory scratch;
    test::error_log log;
    auto options = test::options(scratch, log);
    options.keys = mlscribe::sanitize::map;
    mlscribe::run run = mlscribe::start_run(options);
    const std::string folder = test::folder(scratch, run);
    auto recall = run.metric("recall@5", seeking(mlscribe::best::max));
    recall.log(0.5);
    auto several = run.metric<mlscribe::mean_min_max>("loss@5", seeking(mlscribe::best::min));
    several.add(2);
    run.end();
    BOOST_TEST(test::exists(folder + "/metrics/recall_x40_5.best"));
    BOOST_TEST(test::exists(folder + "/metrics/loss_x40_5.mean.best"));
}

BOOST_AUTO_TEST_CASE(a_resumed_run_counts_on) {
    const test::scratch_directory scratch;
    test::error_log log;
    std::string id;
    std::string folder;
    mlscribe::metric_options options = seeking(mlscribe::best::min);
    options.nan = mlscribe::nan_policy::skip;
    for (int life = 0; life < 3; ++life) {
        mlscribe::run run = life == 0 ? mlscribe::start_run(test::options(scratch, log))
                                      : mlscribe::resume_run(id, test::resuming(scratch, log));
        id = run.id();
        folder = test::folder(scratch, run);
        auto loss = run.metric("loss", options);
        loss.log(std::numeric_limits<double>::quiet_NaN());
        loss.log(life == 1 ? 5.0 : 3.0 - life);
    }
    BOOST_TEST(test::read_file(folder + "/tags/mlscribe.nan_values.loss") == "3");
    BOOST_TEST(values(folder, "loss.best") == (numbers{3, 1}), boost::test_tools::per_element());
    BOOST_TEST(test::steps(folder, "loss.best_step") == (steps{0, 2}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_thinned_metric_goes_back) {
    const test::scratch_directory scratch;
    test::error_log log;
    auto options = test::options(scratch, log);
    options.thinning = mlscribe::keep{16};
    auto again = test::resuming(scratch, log);
    again.thinning = options.thinning;
    std::string id;
    {
        mlscribe::run run = mlscribe::start_run(options);
        id = run.id();
        auto loss = run.metric("loss");
        for (int i = 0; i < 100; ++i) loss.log(i);
        run.checkpoint("c");
        for (int i = 0; i < 4900; ++i) loss.log(i);
    }
    mlscribe::run run = mlscribe::resume_run(id, mlscribe::from_checkpoint{"c"}, again);
    const std::string folder = test::folder(scratch, run);
    auto loss = run.metric("loss");
    for (int i = 0; i < 100; ++i) loss.log(100 + i);
    run.end();
    const auto rows = test::points(folder, "loss");
    BOOST_TEST(rows.back().step == 199);
    BOOST_TEST(rows.back().value == 199.0);
    BOOST_TEST(rows.size() <= 16u);
    BOOST_TEST(rows.size() >= 6u);
    for (const mlscribe::point& each : rows) {
        BOOST_TEST(each.value == static_cast<double>(each.step));
    }
    BOOST_TEST(log.all().empty());
}

BOOST_AUTO_TEST_CASE(a_forked_child_does_not_wait_for_threads_that_are_gone) {
    const test::scratch_directory scratch;
    test::error_log log;
    auto options = test::options(scratch, log);
    options.drain = mlscribe::drain_mode::inline_;
    options.flush_interval = std::chrono::milliseconds(1);
    mlscribe::run run = mlscribe::start_run(options);
    auto loss = run.metric("loss", seeking(mlscribe::best::min));
    auto sums = run.metric<mlscribe::sum>("sums");
    std::atomic<bool> done{false};
    std::thread worker([&done, copy = loss, &run, &sums]() mutable {
        for (double value = 0; !done; value -= 1) {
            copy.log(value);
            auto timer = run.timer("seconds");
            auto share = sums;
        }
    });
    for (int i = 0; i < 10; ++i) {
        const std::string ended = test::in_child([&]() -> std::string {
            for (int step = 0; step < 10; ++step) loss.log(-1e9);
            auto share = sums;
            share.add(1);
            auto timer = run.timer("seconds");
            timer.stop();
            return "done";
        });
        BOOST_TEST(ended == "done");
    }
    done = true;
    worker.join();
    BOOST_TEST(log.all().empty());
}

BOOST_AUTO_TEST_CASE(the_end_may_come_from_another_thread) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
    std::vector<mlscribe::reduced_metric<mlscribe::mean>> means;
    for (int i = 0; i < 20; ++i) {
        means.push_back(run.metric<mlscribe::mean>("mean" + std::to_string(i)));
    }
    std::atomic<bool> began{false};
    std::thread watchdog([&] {
        while (!began) std::this_thread::yield();
        run.flush();
        run.end(mlscribe::run_status::killed);
    });
    for (auto step : run.steps(INT64_MAX)) {
        for (auto& each : means) each.add(step);
        began = true;
        if (!run.recording()) break;
    }
    watchdog.join();
    BOOST_TEST(!run.recording());
}

BOOST_AUTO_TEST_CASE(the_end_inside_of_a_loop_loses_nothing) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
    const std::string folder = test::folder(scratch, run);
    auto mean = run.metric<mlscribe::mean>("mean");
    for (auto epoch : run.epochs(3)) {
        mean.add(epoch);
        if (epoch == 1) run.end();
    }
    BOOST_TEST(run.lost_points() == 0u);
    BOOST_TEST(test::steps(folder, "mean") == (steps{0, 1}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
