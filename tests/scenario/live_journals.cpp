// SPDX-License-Identifier: MIT
/// \file Reads a run again and again while another process logs to it and its drain never rests.
#include <boost/test/unit_test.hpp>

#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "child_process.hpp"
#include "query/seen_run.hpp"

namespace {

constexpr int threads = 2;
constexpr std::int64_t points_of_each = 60000;

/// How many points each thread of the other process has logged.
struct shared_counts {
    std::atomic<std::int64_t> logged[threads];
    std::atomic<bool> lost;  ///< a point, to a disk that was too slow

    static shared_counts& make() {
        void* const memory = ::mmap(nullptr, sizeof(shared_counts), PROT_READ | PROT_WRITE,
                                    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED) test::give_up("no memory");
        return *new (memory) shared_counts();
    }
};

/// Thread number and count in one step, so that each thread's points are told apart.
std::string log_and_wait(mlscribe::run_options chosen, shared_counts& counts) {
    chosen.on_error = [&counts](const mlscribe::error&) { counts.lost = true; };
    mlscribe::run run = mlscribe::start_run(chosen);
    std::vector<std::thread> loggers;
    for (int which = 0; which < threads; ++which) {
        loggers.emplace_back([&run, &counts, which] {
            auto metric = run.metric("loss");
            for (std::int64_t i = 0; i != points_of_each; ++i) {
                metric.log(static_cast<double>(i), i * threads + which);
                counts.logged[which].store(i + 1);
                const timespec pause{0, 20000};
                if (i % 10 == 0) ::nanosleep(&pause, nullptr);
            }
        });
    }
    for (std::thread& each : loggers) each.join();
    while (true) ::pause();
}

/// The first points of each thread, each once. \return what is wrong
std::string check(const std::vector<mlscribe::point>& rows, std::int64_t (&seen)[threads]) {
    for (std::int64_t& each : seen) each = 0;
    for (const mlscribe::point& row : rows) {
        const auto which = row.step % threads;
        if (row.step / threads != seen[which]) {
            return "step " + std::to_string(row.step) + " behind " + std::to_string(seen[which]) +
                   " points of its thread";
        }
        ++seen[which];
    }
    return {};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(live_journals)

BOOST_AUTO_TEST_CASE(each_point_once_while_the_drain_never_rests) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run_options chosen = test::options(scratch, log);
    std::string experiment;
    {
        mlscribe::run first = mlscribe::start_run(chosen);
        experiment = std::string(first.experiment_id());
    }
    chosen.run_id = "live";
    chosen.flush_interval = std::chrono::milliseconds(1);
    chosen.journal_bytes = std::size_t{4} << 20;
    chosen.time_passes = false;
    shared_counts& counts = shared_counts::make();
    test::child_process child([&] { return log_and_wait(chosen, counts); });
    while (counts.logged[0] == 0 || counts.logged[1] == 0) std::this_thread::yield();
    test::seen_run seen(scratch.store() + '/' + experiment + "/live");
    std::int64_t before[threads] = {};
    for (int look = 0; before[0] != points_of_each || before[1] != points_of_each; ++look) {
        std::int64_t logged[threads];
        for (int which = 0; which < threads; ++which) logged[which] = counts.logged[which];
        const auto found = seen.rows();
        BOOST_REQUIRE(!counts.lost);
        std::int64_t now[threads];
        const std::string wrong = check(found.rows, now);
        BOOST_REQUIRE_MESSAGE(wrong.empty(), "look " << look << ": " << wrong);
        BOOST_REQUIRE_MESSAGE(!found.failure, found.failure.message);
        for (int which = 0; which < threads; ++which) {
            BOOST_REQUIRE_GE(now[which], logged[which]);
            BOOST_REQUIRE_GE(now[which], before[which]);
            before[which] = now[which];
        }
    }
    child.kill();
    BOOST_TEST(child.result() == "signal 9");
    const auto left = seen.rows();
    std::int64_t now[threads];
    BOOST_TEST(check(left.rows, now) == "");
    for (int which = 0; which < threads; ++which) BOOST_TEST(now[which] >= counts.logged[which]);
    mlscribe::recover(scratch.store());
    BOOST_TEST(!seen.look().journals().is_live());
    BOOST_TEST(seen.rows().rows.size() == left.rows.size());
}

BOOST_AUTO_TEST_SUITE_END()
