// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/metric/scoped_timer.hpp>
#include <mlscribe/metric/step_range.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "journal/test_ledger.hpp"

using mlscribe::point;
using mlscribe::scoped_timer;
using mlscribe::step_range;
using mlscribe::detail::ledger;
using mlscribe::detail::range_kind;
using mlscribe::detail::reference;
using mlscribe::detail::series;
using mlscribe::detail::step_listener;
using mlscribe::detail::timed_values;
using mlscribe::detail::timing;

namespace {

constexpr std::int64_t second = 1000000000;

struct timed {
    reference<test::test_ledger> owner{new test::test_ledger};
    std::vector<reference<test::test_series>> targets;
    reference<timing> all;

    timed() {
        std::vector<reference<series>> outputs;
        for (std::size_t i = 0; i < timed_values::values; ++i) {
            targets.emplace_back(
                new test::test_series(reference<ledger>(owner.get()), timed_values::name(i), 0));
            outputs.emplace_back(targets.back().get());
        }
        all = reference<timing>(new timing(outputs));
        owner->listen(reference<step_listener>(all.get()));
    }
    timed(const timed&) = delete;
    timed& operator=(const timed&) = delete;
    ~timed() { owner->end_loop(); }

    step_range range(range_kind kind, std::int64_t count) const {
        return step_range(reference<ledger>(owner.get()), kind, count);
    }
    std::vector<std::int64_t> counted_steps() const {
        std::vector<std::int64_t> steps;
        for (const point& each : targets[3]->taken()) steps.push_back(each.step);
        return steps;
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(metric_scoped_timer)

BOOST_FIXTURE_TEST_CASE(a_point_an_epoch, timed) {
    for (auto epoch : range(range_kind::epochs, 2)) {
        for ([[maybe_unused]] auto step : range(range_kind::steps, 3)) {
            all->add(0, second * (epoch + 1));
            all->add(second, second * (epoch + 4));
        }
    }
    BOOST_TEST(timed_values::name(0) == "mean");
    const std::vector<point> means = targets[0]->taken();
    BOOST_REQUIRE(means.size() == 2u);
    BOOST_TEST(means[1].step == 1);
    BOOST_TEST(means[1].value == 3.0);
    BOOST_TEST(targets[1]->taken().at(0).value == 1.0);
    BOOST_TEST(targets[2]->taken().at(0).value == 3.0);
    BOOST_TEST(targets[3]->taken().at(0).value == 6.0);
}

BOOST_FIXTURE_TEST_CASE(at_steps_a_point_a_second, timed) {
    std::int64_t now = 100 * second;
    for ([[maybe_unused]] auto step : range(range_kind::steps, 25)) {
        all->add(now, now + second / 10);
        now += second / 10;
    }
    // The first, one after each second, and what is left when the range ends.
    const std::vector<std::int64_t> expected = {0, 10, 20, 24};
    BOOST_TEST(counted_steps() == expected, boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(outside_of_ranges_when_the_run_is_flushed, timed) {
    all->add(0, 1);
    owner->end_steps_outside();
    owner->end_steps_outside();
    BOOST_TEST(counted_steps().size() == 1u);
}

BOOST_FIXTURE_TEST_CASE(scopes_of_many_threads, timed) {
    std::vector<std::thread> workers;
    for (int worker = 0; worker < 3; ++worker) {
        workers.emplace_back([this] {
            for (int i = 0; i < 100; ++i) {
                scoped_timer outer(all);
                scoped_timer moved(std::move(outer));
                moved.stop();
                moved.stop();
            }
        });
    }
    for (std::thread& each : workers) each.join();
    { const scoped_timer nothing{reference<timing>()}; }
    owner->end_loop();
    BOOST_TEST(targets[3]->taken().at(0).value == 300.0);
    BOOST_TEST(targets[1]->taken().at(0).value >= 0.0);
}

BOOST_AUTO_TEST_SUITE_END()
