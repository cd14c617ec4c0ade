// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/metric/metric_handle.hpp>

#include <cstdint>
#include <vector>

#include "journal/test_ledger.hpp"

using mlscribe::metric_handle;
using mlscribe::timestamp;
using mlscribe::detail::given_time;
using mlscribe::detail::ledger;
using mlscribe::detail::reference;
using mlscribe::detail::refusal;
using mlscribe::detail::series;

namespace {

struct logged {
    reference<test::test_ledger> owner{new test::test_ledger};
    reference<test::test_series> metric{
        new test::test_series(reference<ledger>(owner.get()), "train/loss", 0)};
    metric_handle handle{reference<series>(metric.get())};
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
    BOOST_TEST(metric->taken().size() == 3u);
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
