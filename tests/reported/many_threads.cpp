// SPDX-License-Identifier: MIT
/// \file Loggers lost or mixed lines when many threads wrote one metric.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "scratch_directory.hpp"

namespace {

#if defined(__SANITIZE_THREAD__)
constexpr std::size_t points_each = 10000;
#else
constexpr std::size_t points_each = 100000;
#endif
constexpr std::size_t thread_count = 8;

std::string private_key(std::size_t thread) {
    return "thread/" + std::to_string(thread);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(many_threads)

BOOST_AUTO_TEST_CASE(one_shared_key_and_one_each) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
    mlscribe::metric_handle shared = run.metric("shared");
    std::vector<std::thread> threads;
    for (std::size_t thread = 0; thread < thread_count; ++thread) {
        threads.emplace_back([&run, shared, thread]() mutable {
            mlscribe::metric_handle own = run.metric(private_key(thread));
            for (std::size_t i = 0; i < points_each; ++i) {
                shared.log(thread * points_each + i);
                own.log(i);
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    run.end();
    BOOST_TEST(run.lost_points() == 0u);
    BOOST_TEST(log.all().empty());

    // Each line is a point of three fields (test::points refuses others); no point is there twice,
    // none is missing, and the steps of one thread's points are in their order.
    const std::string folder = test::folder(scratch, run);
    auto rows = test::points(folder, "shared");
    std::sort(rows.begin(), rows.end(),
              [](const auto& a, const auto& b) { return a.step < b.step; });
    BOOST_REQUIRE(rows.size() == thread_count * points_each);
    std::vector<std::size_t> next(thread_count, 0);
    std::size_t out_of_order = 0;
    for (std::size_t step = 0; step < rows.size(); ++step) {
        const auto value = static_cast<std::size_t>(rows[step].value);
        const bool in_order = value / points_each < thread_count &&
                              next[value / points_each]++ == value % points_each &&
                              rows[step].step == static_cast<std::int64_t>(step);
        out_of_order += in_order ? 0 : 1;
    }
    BOOST_TEST(out_of_order == 0u);

    for (std::size_t thread = 0; thread < thread_count; ++thread) {
        const auto own = test::points(folder, private_key(thread));
        BOOST_REQUIRE(own.size() == points_each);
        out_of_order = 0;
        for (std::size_t i = 0; i < own.size(); ++i) {
            const bool in_order = own[i].step == static_cast<std::int64_t>(i) &&
                                  own[i].value == static_cast<double>(i);
            out_of_order += in_order ? 0 : 1;
        }
        BOOST_TEST(out_of_order == 0u);
    }
}

BOOST_AUTO_TEST_SUITE_END()
