// SPDX-License-Identifier: MIT
/// \file One metric logged by many threads: a handle of its own for each, or, by mistake, one.
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "scratch_directory.hpp"

BOOST_AUTO_TEST_SUITE(shared_handles)

BOOST_AUTO_TEST_CASE(sixty_four_threads_with_a_copy_each) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run_options options = test::options(scratch, log);
    options.flush_interval = std::chrono::milliseconds(1);
    mlscribe::run run = mlscribe::start_run(options);
    mlscribe::metric_handle shared = run.metric("shared");
    constexpr std::size_t threads = 64;
    constexpr std::size_t each = 1000;
    std::vector<std::thread> all;
    for (std::size_t thread = 0; thread < threads; ++thread) {
        all.emplace_back([&run, thread, own = shared]() mutable {
            mlscribe::metric_handle other = run.metric("key" + std::to_string(thread % 8));
            for (std::size_t i = 0; i < each; ++i) {
                own.log(thread * each + i);
                other.log(thread * each + i);
                if (i % 16 == 0) run.log_metric("by name", thread * each + i);
                if (i % 256 == 0) run.flush();
            }
        });
    }
    for (std::thread& one : all) one.join();
    run.end();
    BOOST_TEST(run.lost_points() == 0u);
    BOOST_TEST(log.all().empty());
    const std::string folder = test::folder(scratch, run);
    const auto check = [&folder](const std::string& key, std::size_t expected) {
        const auto rows = test::points(folder, key);
        std::set<double> values;
        std::set<std::int64_t> steps;
        for (const mlscribe::point& row : rows) {
            values.insert(row.value);
            steps.insert(row.step);
        }
        BOOST_TEST_CONTEXT(key) {
            BOOST_TEST(rows.size() == expected);
            BOOST_TEST(values.size() == expected);
            BOOST_TEST(steps.size() == expected);
            BOOST_REQUIRE(!steps.empty());
            BOOST_TEST(*steps.rbegin() == static_cast<std::int64_t>(expected) - 1);
        }
    };
    check("shared", threads * each);
    for (int key = 0; key < 8; ++key) check("key" + std::to_string(key), threads / 8 * each);
    check("by name", threads * ((each + 15) / 16));
}

// A mistake that may cost points of that handle, and nothing else.
BOOST_AUTO_TEST_CASE(one_object_in_many_threads_harms_no_other_metric) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run_options options = test::options(scratch, log);
    options.flush_interval = std::chrono::milliseconds(1);
    options.journal_bytes = 1 << 20;
    mlscribe::run run = mlscribe::start_run(options);
    mlscribe::metric_handle shared = run.metric("shared");
    mlscribe::metric_handle alone = run.metric("alone");
    constexpr int threads = 8;
    constexpr int each = 100000;
    std::vector<std::thread> all;
    for (int thread = 0; thread < threads; ++thread) {
        all.emplace_back([&shared, thread] {
            for (int i = 0; i < each; ++i) shared.log(-1.0 - thread);
        });
    }
    for (int i = 0; i < 2 * each; ++i) alone.log(i);
    for (std::thread& one : all) one.join();
    run.end();
    const std::string folder = test::folder(scratch, run);
    const auto shared_rows = test::points(folder, "shared");
    BOOST_TEST(!shared_rows.empty());
    std::size_t strange = 0;
    for (const mlscribe::point& row : shared_rows) {
        if (!(row.value <= -1.0 && row.value >= -1.0 * threads) || row.step < 0 ||
            row.timestamp < 1)
            ++strange;
    }
    BOOST_TEST(strange == 0u);
    const auto rows = test::points(folder, "alone");
    BOOST_TEST(rows.size() <= 2u * each);
    BOOST_TEST(rows.size() + run.lost_points() >= 2u * each);
    double last = -1;
    for (const mlscribe::point& row : rows) {
        if (!(row.value > last)) ++strange;
        last = row.value;
    }
    BOOST_TEST(strange == 0u);
    BOOST_TEST(test::meta(folder, "status") == "3");
}

BOOST_AUTO_TEST_SUITE_END()
