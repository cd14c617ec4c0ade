// SPDX-License-Identifier: MIT
/// \file Handles, ranges and runs that outlive each other, move, or live in several threads.
#include <boost/test/unit_test.hpp>

#include <unistd.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "scratch_directory.hpp"

BOOST_AUTO_TEST_SUITE(lifetimes)

BOOST_AUTO_TEST_CASE(handles_outlive_their_run) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::metric_handle handle;
    mlscribe::reduced_metric<mlscribe::mean> reduced;
    std::string folder;
    {
        mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
        folder = test::folder(scratch, run);
        handle = run.metric("loss");
        reduced = run.metric<mlscribe::mean>("mean");
        handle.log(1.0);
        reduced.add(1.0);
    }
    const auto before = test::tree(folder);
    for (int i = 0; i < 5000; ++i) {
        handle.log(2.0);
        handle.log(2.0, -1);
        reduced.add(2.0);
    }
    BOOST_TEST(handle.key() == "loss");
    BOOST_TEST(reduced.key() == "mean");
    BOOST_TEST(test::points(folder, "loss").size() == 1u);
    BOOST_TEST(test::points(folder, "mean").size() == 1u);
    BOOST_TEST(test::tree(folder) == before, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_run_that_ends_in_its_own_range) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
    auto loss = run.metric<mlscribe::mean>("loss");
    int passes = 0;
    for (auto epoch : run.epochs(5)) {
        loss.add(1.0);
        if (epoch == 2) run = mlscribe::run();
        ++passes;
    }
    BOOST_TEST(passes == 5);
}

BOOST_AUTO_TEST_CASE(a_run_moved_out_of_a_function_and_into_a_member) {
    const test::scratch_directory scratch;
    test::error_log log;
    struct trainer {
        mlscribe::run run;
        mlscribe::metric_handle loss = run.metric("loss");
    };
    const auto start = [&] {
        mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
        run.set_tag("made", "here");
        return run;
    };
    auto owner = std::make_unique<trainer>(trainer{start()});
    owner->loss.log(1.0);
    const std::string folder = test::folder(scratch, owner->run);
    BOOST_TEST(test::meta(folder, "status") == "1");
    owner.reset();
    BOOST_TEST(test::meta(folder, "status") == "3");
    BOOST_TEST(test::points(folder, "loss").size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_run_in_each_thread) {
    const test::scratch_directory scratch;
    std::vector<std::string> folders(4);
    std::vector<std::thread> threads;
    std::atomic<int> failures{0};
    for (std::size_t i = 0; i < folders.size(); ++i) {
        threads.emplace_back([&, i] {
            test::error_log log;
            mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
            folders[i] = test::folder(scratch, run);
            run.log_param("thread", i);
            for (auto epoch : run.epochs(3000)) {
                run.log_metric("loss", static_cast<double>(i), epoch);
                run.log_metric("auto", static_cast<double>(i));
            }
            run.end();
            failures += static_cast<int>(log.all().size() + run.lost_points());
        });
    }
    for (std::thread& thread : threads) thread.join();
    BOOST_TEST(failures.load() == 0);
    for (std::size_t i = 0; i < folders.size(); ++i) {
        BOOST_TEST(test::read_file(folders[i] + "/params/thread") == std::to_string(i));
        for (const std::string key : {"loss", "auto"}) {
            const auto rows = test::points(folders[i], key);
            BOOST_REQUIRE(rows.size() == 3000u);
            bool whole = true;
            for (std::size_t k = 0; k < rows.size(); ++k) {
                whole = whole && rows[k].step == static_cast<std::int64_t>(k) &&
                        rows[k].value == static_cast<double>(i);
            }
            BOOST_TEST(whole);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_thread_logs_while_the_run_ends) {
    for (int round = 0; round < 20; ++round) {
        const test::scratch_directory scratch;
        test::error_log log;
        mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
        mlscribe::metric_handle loss = run.metric("loss");
        std::atomic<bool> ended{false};
        std::uint64_t logged = 0;
        std::thread thread([&ended, &logged, loss]() mutable {
            for (; !ended; ++logged) loss.log(1.0);
        });
        ::usleep(static_cast<useconds_t>(500 * round));
        run.end();
        ended = true;
        thread.join();
        const std::string folder = test::folder(scratch, run);
        const std::uint64_t kept =
            test::exists(folder + "/metrics/loss") ? test::points(folder, "loss").size() : 0;
        BOOST_TEST(kept + run.lost_points() == logged);
        BOOST_TEST(test::meta(folder, "status") == "3");
    }
}

BOOST_AUTO_TEST_SUITE_END()
