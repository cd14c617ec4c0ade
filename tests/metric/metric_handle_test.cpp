// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/metric/metric_handle.hpp>

#include <cstddef>
#include <cstdint>
#include <thread>
#include <utility>
#include <vector>

#include "journal/test_ledger.hpp"

using mlscribe::metric_handle;
using mlscribe::timestamp;
using mlscribe::detail::given_time;
using mlscribe::detail::ledger;
using mlscribe::detail::open_lane;
using mlscribe::detail::reference;
using mlscribe::detail::refusal;

namespace {

struct logged {
    reference<test::test_ledger> owner{new test::test_ledger};
    reference<test::test_series> metric{
        new test::test_series(reference<ledger>(owner.get()), "train/loss", 0)};
    metric_handle handle{open_lane(*metric)};
};

}  // namespace

BOOST_AUTO_TEST_SUITE(metric_metric_handle)

BOOST_AUTO_TEST_CASE(a_default_made_one_does_nothing) {
    metric_handle handle;
    handle.log(1.0);
    handle.log(1.0, -1);
    handle.log(1.0, 0, timestamp{-1});
    BOOST_TEST(handle.key().empty());
}

BOOST_FIXTURE_TEST_CASE(values_and_steps_of_any_number_type, logged) {
    handle.log(1);
    handle.log(0.5f);
    handle.log(2.5L, std::uint8_t{7});
    handle.log(true, 100u);
    handle.log(std::uint64_t{1} << 53, std::size_t{101});
    handle.log(-1, std::int64_t{INT64_MAX});
    const std::vector<mlscribe::point> taken = metric->taken();
    const std::vector<double> values = {1.0, 0.5, 2.5, 1.0, 9007199254740992.0, -1.0};
    const std::vector<std::int64_t> steps = {0, 1, 7, 100, 101, INT64_MAX};
    BOOST_REQUIRE(taken.size() == values.size());
    for (std::size_t i = 0; i < taken.size(); ++i) {
        BOOST_TEST(taken[i].value == values[i]);
        BOOST_TEST(taken[i].step == steps[i]);
    }
    BOOST_TEST(handle.key() == "train/loss");
}

BOOST_FIXTURE_TEST_CASE(moved_it_is_for_any_thread, logged) {
    handle.log(1.0);
    metric_handle moved(std::move(handle));
    std::thread([&moved] { moved.log(2.0); }).join();
    metric_handle assigned;
    assigned = std::move(moved);
    assigned.log(3.0);
    moved = metric_handle();
    BOOST_TEST(metric->blocks() == 1u);
    std::thread([&assigned] { assigned.log(5.0); }).join();
    assigned.log(4.0);
    const std::vector<mlscribe::point> taken = metric->taken();
    BOOST_REQUIRE(taken.size() == 5u);  // block by block, then those by name
    for (std::size_t i = 0; i < taken.size(); ++i)
        BOOST_TEST(taken[i].value == static_cast<double>(i + 1));
}

BOOST_FIXTURE_TEST_CASE(a_clock_of_ones_own, logged) {
    struct counter {
        static std::int64_t milliseconds() noexcept {
            static std::int64_t now = 100;
            return now++;
        }
    };
    mlscribe::basic_metric_handle<counter> counted(handle);
    counted.log(1.0);
    mlscribe::basic_metric_handle<counter> copy = counted;
    copy.log(2.0, 7);
    owner->set_step(9);
    copy.log(3.0);
    copy.log(4.0);
    const std::vector<mlscribe::point> taken = metric->taken();
    BOOST_REQUIRE(taken.size() == 4u);
    for (std::size_t i = 0; i < taken.size(); ++i) {
        BOOST_TEST(taken[i].timestamp == 100 + static_cast<std::int64_t>(i));
        BOOST_TEST(taken[i].value == 1.0 + static_cast<double>(i));
    }
    BOOST_TEST(metric->lanes() == 3u);
    const mlscribe::basic_metric_handle<mlscribe::fine_clock> none{mlscribe::metric_handle()};
    BOOST_TEST(none.key().empty());
}

BOOST_FIXTURE_TEST_CASE(a_time_of_ones_own, logged) {
    handle.log(1.0, 3, timestamp{0});
    handle.log(1.0, 3, timestamp{1700000000000});
    const std::vector<mlscribe::point> taken = metric->taken();
    BOOST_REQUIRE(taken.size() == 2u);
    BOOST_TEST(taken[0].timestamp == given_time(0));
    BOOST_TEST(taken[1].timestamp == given_time(1700000000000));
}

BOOST_FIXTURE_TEST_CASE(what_is_refused_is_told_and_lost, logged) {
    handle.log(1.0, -1);
    handle.log(1.0, INT64_MIN);
    handle.log(1.0, UINT64_MAX);
    handle.log(1.0, 3, timestamp{-1});
    handle.log(1.0, -3, timestamp{5});
    const std::vector<refusal> expected = {refusal::negative_step, refusal::negative_step,
                                           refusal::large_step, refusal::time,
                                           refusal::negative_step};
    BOOST_TEST((owner->refused == expected));
    BOOST_TEST(metric->taken().empty());
}

BOOST_FIXTURE_TEST_CASE(copies_log_to_the_same_metric, logged) {
    metric_handle copy = handle;
    handle.log(1.0);
    copy.log(2.0);
    handle = metric_handle();
    copy.log(3.0);
    const std::vector<mlscribe::point> taken = metric->taken();
    BOOST_REQUIRE(taken.size() == 3u);
    BOOST_TEST(taken[0].step == 0);  // steps are counted together
    BOOST_TEST(taken[1].step == 1);
    BOOST_TEST(taken[2].step == 2);
}

BOOST_FIXTURE_TEST_CASE(a_copy_has_a_way_of_its_own_and_a_moved_one_none, logged) {
    BOOST_TEST(metric->lanes() == 1u);
    {
        metric_handle copy = handle;
        BOOST_TEST(metric->lanes() == 2u);
        metric_handle moved = std::move(copy);
        BOOST_TEST(metric->lanes() == 2u);
        metric_handle assigned;
        assigned = moved;
        BOOST_TEST(metric->lanes() == 3u);
        moved = moved.key().empty() ? metric_handle() : assigned;
        BOOST_TEST(metric->lanes() == 3u);
        assigned.log(1.0);
        moved.log(1.0);
        BOOST_TEST(metric->blocks() == 2u);
        BOOST_TEST(moved.key() == "train/loss");
    }
    BOOST_TEST(metric->lanes() == 1u);
    const metric_handle none;
    const metric_handle copy_of_none = none;
    BOOST_TEST(copy_of_none.key().empty());
}

BOOST_AUTO_TEST_CASE(a_handle_keeps_its_run_alive) {
    metric_handle handle;
    {
        const logged made;
        handle = made.handle;
    }
    handle.log(1.0);
    BOOST_TEST(handle.key() == "train/loss");
}

static_assert(noexcept(metric_handle().log(1.0)), "a loop cannot be stopped by its log");
static_assert(noexcept(metric_handle().log(1.0, 1)), "a loop cannot be stopped by its log");
static_assert(noexcept(metric_handle().log(1.0, 1, timestamp{1})), "nor by a time of one's own");

BOOST_AUTO_TEST_SUITE_END()
