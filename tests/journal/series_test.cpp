// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/journal/series.hpp>

#include <algorithm>
#include <cstdint>
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

struct logged : test::logged_series {
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

BOOST_FIXTURE_TEST_CASE(not_recording_all_points_are_lost, logged) {
    owner->stop_recording();
    metric->log(1.0);
    metric->log(1.0, 3);
    BOOST_TEST(metric->taken().empty());
    BOOST_TEST(owner->lost() == 2u);
}

BOOST_FIXTURE_TEST_CASE(without_a_thread_the_first_call_after_the_interval_drains, logged) {
    metric->log(1.0);
    BOOST_TEST(owner->all_drains.load() == 0);
    owner->set_due(milliseconds_now() - 1000, 100);
    metric->log(1.0);
    BOOST_TEST(owner->all_drains.load() == 1);
}

BOOST_FIXTURE_TEST_CASE(steps_of_one_lane_and_of_several, logged) {
    for (const bool shared : {false, true}) {
        series& counter = *metric;
        BOOST_TEST(counter.take_step(10, shared) == 10);
        BOOST_TEST(counter.take_step(no_step, shared) == 11);
        BOOST_TEST(counter.take_step(no_step, shared) == 12);
        BOOST_TEST(counter.take_step(3, shared) == 3);
        BOOST_TEST(counter.take_step(no_step, shared) == 4);
        BOOST_TEST(counter.take_step(INT64_MAX - 1, shared) == INT64_MAX - 1);
        BOOST_TEST(counter.take_step(no_step, shared) == INT64_MAX);
        BOOST_TEST(counter.take_step(no_step, shared) == INT64_MAX);
        BOOST_TEST(counter.take_step(INT64_MAX, shared) == INT64_MAX);
    }
}

BOOST_FIXTURE_TEST_CASE(many_threads_share_the_counter, logged) {
    constexpr int each = 20000;
    std::vector<std::vector<std::int64_t>> seen(4);
    std::vector<std::thread> threads;
    for (std::vector<std::int64_t>& mine : seen) {
        threads.emplace_back([this, &mine] {
            for (int k = 0; k < each; ++k) mine.push_back(metric->take_step(no_step, true));
        });
    }
    for (std::thread& thread : threads) thread.join();
    std::vector<std::int64_t> all;
    for (const std::vector<std::int64_t>& one : seen) all.insert(all.end(), one.begin(), one.end());
    std::sort(all.begin(), all.end());
    for (std::size_t i = 0; i < all.size(); ++i) {
        BOOST_REQUIRE(all[i] == static_cast<std::int64_t>(i));
    }
}

BOOST_AUTO_TEST_SUITE_END()
