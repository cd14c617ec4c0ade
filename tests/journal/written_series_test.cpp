// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/journal/written_series.hpp>

#include <boost/filesystem.hpp>

#include <cerrno>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "journal/test_ledger.hpp"
#include "scratch_directory.hpp"

using mlscribe::detail::directory;
using mlscribe::detail::drain_reason;
using mlscribe::detail::given_time;
using mlscribe::detail::ledger;
using mlscribe::detail::metric_file;
using mlscribe::detail::reference;
using mlscribe::detail::row_filter;
using mlscribe::detail::series;
using mlscribe::detail::written_series;

namespace {

struct logged {
    test::scratch_directory scratch;
    directory run;
    reference<test::test_ledger> owner{new test::test_ledger};
    reference<written_series> metric;

    logged() {
        BOOST_REQUIRE_EQUAL(directory::open(scratch.path(), run), 0);
        BOOST_REQUIRE_EQUAL(run.make("metrics"), 0);
        metric = reference<written_series>(new written_series(
            reference<ledger>(owner.get()), "loss", 0, metric_file(run, "loss"), row_filter()));
        owner->on_drain = [this](series& full) {
            const int failed = static_cast<written_series&>(full).drain(drain_reason::due);
            return failed == 0 && owner->recording();
        };
    }
    std::vector<std::int64_t> steps() const { return test::steps(scratch.path(), "loss"); }

    /// Makes every write fail until mended.
    void break_disk() const { boost::filesystem::rename(scratch / "metrics", scratch / "away"); }
    void mend_disk() const { boost::filesystem::rename(scratch / "away", scratch / "metrics"); }
    void block_disk() const {
        break_disk();
        test::write_file(scratch / "metrics", "in the way");
    }
    void unblock_disk() const {
        boost::filesystem::remove(scratch / "metrics");
        mend_disk();
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(journal_written_series)

BOOST_FIXTURE_TEST_CASE(drained_it_stands_in_the_file, logged) {
    BOOST_TEST(metric->drain(drain_reason::due) == 0);
    BOOST_TEST(!test::exists(scratch / "metrics/loss"));
    for (int i = 0; i < 5; ++i) metric->log(0.5);
    BOOST_TEST(metric->drain(drain_reason::flush) == 0);
    BOOST_TEST(steps().size() == 5u);
    metric->log(0.5);
    owner->stop_recording();
    BOOST_TEST(metric->drain(drain_reason::end) == 0);
    const std::vector<std::int64_t> expected = {0, 1, 2, 3, 4, 5};
    BOOST_TEST(steps() == expected, boost::test_tools::per_element());
    metric->log(0.5);
    BOOST_TEST(owner->lost() == 1u);
}

BOOST_FIXTURE_TEST_CASE(repeats_are_counted, logged) {
    for (int i = 0; i < 3; ++i) metric->log(0.5, 1, given_time(1700000000000));
    BOOST_TEST(metric->drain(drain_reason::flush) == 0);
    for (int i = 0; i < 2; ++i) metric->log(0.5, 1, given_time(1700000000000));
    metric->log(0.5, 1, given_time(1600000000000));
    metric->log(0.5, 1, given_time(1600000000000));
    BOOST_TEST(metric->drain(drain_reason::flush) == 0);
    BOOST_TEST(steps().size() == 2u);
    BOOST_TEST(owner->repeated() == 5u);
    BOOST_TEST(owner->lost() == 0u);
}

BOOST_FIXTURE_TEST_CASE(a_refused_key_loses_all, logged) {
    const reference<written_series> refused(
        new written_series(reference<ledger>(owner.get()), "a@b", 0, std::nullopt, row_filter()));
    for (int i = 0; i < 3000; ++i) refused->log(1.0);
    BOOST_TEST(refused->drain(drain_reason::end) == 0);
    BOOST_TEST(owner->lost() == 3000u);
    BOOST_TEST(test::tree(scratch / "metrics").empty());
}

BOOST_FIXTURE_TEST_CASE(a_refusing_disk_is_waited_for_and_nothing_lost, logged) {
    metric->log(0.5);
    BOOST_TEST(metric->drain(drain_reason::flush) == 0);
    block_disk();
    for (int i = 0; i < 1500; ++i) metric->log(0.5);
    BOOST_TEST(metric->drain(drain_reason::flush) == ENOTDIR);
    BOOST_TEST(metric->drain(drain_reason::due) == EAGAIN);  // no second try within a second
    unblock_disk();
    metric->log(0.5);
    BOOST_TEST(metric->drain(drain_reason::flush) == 0);
    const std::vector<std::int64_t> found = steps();
    BOOST_TEST(found.size() == 1502u);
    for (std::size_t i = 0; i < found.size(); ++i) {
        BOOST_REQUIRE(found[i] == static_cast<std::int64_t>(i));
    }
    BOOST_TEST(owner->lost() == 0u);
}

BOOST_FIXTURE_TEST_CASE(a_disk_that_keeps_refusing_costs_points_and_no_memory, logged) {
    block_disk();
    for (int i = 0; i < 100000; ++i) metric->log(0.5);
    BOOST_TEST(owner->lost() > 90000u);
    BOOST_TEST(metric->drain(drain_reason::end) == ENOTDIR);
    BOOST_TEST(owner->lost() == 100000u);
}

BOOST_FIXTURE_TEST_CASE(points_logged_while_it_is_drained, logged) {
    std::atomic<bool> ended{false};
    std::thread drain([&] {
        while (!ended) metric->drain(drain_reason::due);
    });
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            for (int k = 0; k < 20000; ++k) metric->log(0.5, k);
        });
    }
    for (std::thread& thread : threads) thread.join();
    ended = true;
    drain.join();
    BOOST_TEST(metric->drain(drain_reason::end) == 0);
    BOOST_TEST(steps().size() + owner->lost() == 80000u);
    BOOST_TEST(owner->lost() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
