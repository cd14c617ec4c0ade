// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/journal/series.hpp>

#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "journal/test_ledger.hpp"

using mlscribe::point;
using mlscribe::detail::given_time;
using mlscribe::detail::is_given_time;
using mlscribe::detail::ledger;
using mlscribe::detail::milliseconds_now;
using mlscribe::detail::no_step;
using mlscribe::detail::reference;
using mlscribe::detail::series;
using test::test_ledger;
using test::test_series;

namespace {

struct logged {
    reference<test_ledger> owner{new test_ledger};
    reference<test_series> metric{new test_series(reference<ledger>(owner.get()), "loss", 0)};

    std::vector<std::int64_t> steps() const {
        std::vector<std::int64_t> found;
        for (const point& row : metric->taken()) found.push_back(row.step);
        return found;
    }
};

void expect(const std::vector<std::int64_t>& found, const std::vector<std::int64_t>& expected) {
    BOOST_TEST(found == expected, boost::test_tools::per_element());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(journal_series)

BOOST_AUTO_TEST_CASE(given_times_are_told_from_the_clocks) {
    for (const std::int64_t time :
         {std::int64_t{0}, std::int64_t{1}, std::int64_t{1700000000000}, std::int64_t{INT64_MAX}}) {
        BOOST_TEST(is_given_time(given_time(time)));
        BOOST_TEST(!is_given_time(time));
        BOOST_TEST(~given_time(time) == time);
    }
}

BOOST_FIXTURE_TEST_CASE(a_step_the_ranges_step_or_the_next, logged) {
    metric->log(0.5);
    metric->log(0.5);
    metric->log(0.5, 100);
    metric->log(0.5);
    owner->set_step(7);
    metric->log(0.5);
    owner->set_step(no_step);
    metric->log(0.5);
    metric->log(0.5, INT64_MAX);
    metric->log(0.5);
    expect(steps(), {0, 1, 100, 101, 7, 8, INT64_MAX, INT64_MAX});
}

BOOST_AUTO_TEST_CASE(begins_behind_what_the_file_holds) {
    const reference<test_ledger> owner(new test_ledger);
    const reference<test_series> metric(
        new test_series(reference<ledger>(owner.get()), "loss", 42));
    metric->log(1.0);
    BOOST_TEST(metric->taken().at(0).step == 42);
}

BOOST_FIXTURE_TEST_CASE(points_keep_value_and_time, logged) {
    const std::int64_t before = milliseconds_now();
    metric->log(0.25, 3);
    metric->log(-0.0, 4, given_time(12));
    const std::vector<point> taken = metric->taken();
    BOOST_REQUIRE(taken.size() == 2u);
    BOOST_TEST(taken[0].value == 0.25);
    BOOST_TEST(taken[0].timestamp >= before);
    BOOST_TEST(taken[0].timestamp <= milliseconds_now());
    BOOST_TEST(taken[1].timestamp == given_time(12));
    BOOST_TEST(metric->taken().empty());
}

BOOST_FIXTURE_TEST_CASE(a_full_buffer_is_drained_and_nothing_lost, logged) {
    std::vector<point> drained;
    owner->on_drain = [&](series&) {
        for (const point& row : metric->taken()) drained.push_back(row);
        return true;
    };
    for (int i = 0; i < 10000; ++i) metric->log(1.0);
    for (const point& row : metric->taken()) drained.push_back(row);
    BOOST_TEST(drained.size() == 10000u);
    BOOST_TEST(drained.back().step == 9999);
    BOOST_TEST(owner->lost() == 0u);
    BOOST_TEST(owner->drains.load() < 100);
}

BOOST_FIXTURE_TEST_CASE(what_finds_no_room_is_counted, logged) {
    for (int i = 0; i < 5000; ++i) metric->log(1.0);  // nobody drains
    const std::size_t kept = metric->taken().size();
    BOOST_TEST(kept > 0u);
    BOOST_TEST(owner->lost() + kept == 5000u);
}

BOOST_FIXTURE_TEST_CASE(a_refused_drain_that_made_room_loses_nothing, logged) {
    std::size_t taken = 0;
    owner->on_drain = [&](series&) {
        taken += metric->taken().size();
        return false;
    };
    for (int i = 0; i < 1500; ++i) metric->log(1.0);
    BOOST_TEST(taken + metric->taken().size() == 1500u);
    BOOST_TEST(owner->lost() == 0u);
}

BOOST_FIXTURE_TEST_CASE(after_the_last_take_points_are_lost, logged) {
    metric->log(1.0);
    BOOST_TEST(metric->taken(true).size() == 1u);
    metric->log(2.0);
    BOOST_TEST(metric->taken().empty());
    BOOST_TEST(owner->lost() == 1u);
}

BOOST_FIXTURE_TEST_CASE(not_recording_all_points_are_lost, logged) {
    owner->stop_recording();
    metric->log(1.0);
    metric->log(1.0, 3);
    BOOST_TEST(metric->taken().empty());
    BOOST_TEST(owner->lost() == 2u);
    BOOST_TEST(owner->drains.load() == 0);
}

BOOST_FIXTURE_TEST_CASE(without_a_thread_the_first_call_after_the_interval_drains, logged) {
    metric->log(1.0);
    BOOST_TEST(owner->all_drains.load() == 0);
    owner->set_due(milliseconds_now() - 1000, 100);
    metric->log(1.0);
    BOOST_TEST(owner->all_drains.load() == 1);
}

BOOST_FIXTURE_TEST_CASE(many_threads_lose_nothing, logged) {
    std::atomic<std::size_t> drained{0};
    owner->on_drain = [&](series&) {
        drained += metric->taken().size();
        return true;
    };
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([this] {
            for (int k = 0; k < 20000; ++k) metric->log(1.0, k);
        });
    }
    for (std::thread& thread : threads) thread.join();
    drained += metric->taken().size();
    BOOST_TEST(drained.load() + owner->lost() == 80000u);
    BOOST_TEST(owner->lost() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
