// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/metric/observed_metric.hpp>

#include <cstdint>
#include <limits>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "journal/test_ledger.hpp"

using mlscribe::best;
using mlscribe::metric_options;
using mlscribe::nan_policy;
using mlscribe::observed_metric;
using mlscribe::point;
using mlscribe::detail::ledger;
using mlscribe::detail::open_lane;
using mlscribe::detail::reference;
using mlscribe::detail::remark;
using mlscribe::detail::series;
using mlscribe::detail::value_extremes;
using mlscribe::detail::value_watch;
using mlscribe::detail::watch_outputs;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

struct observed {
    reference<test::test_ledger> owner{new test::test_ledger};
    reference<test::test_series> target = make("accuracy");
    reference<test::test_series> best_value = make("accuracy.best");
    reference<test::test_series> best_step = make("accuracy.best_step");
    reference<test::test_series> nans = make("accuracy.nan");
    reference<remark> nan_count{new remark("nan_values")};

    reference<test::test_series> make(const std::string& key) const {
        return reference<test::test_series>(
            new test::test_series(reference<ledger>(owner.get()), key, 0));
    }
    observed_metric open(best which, nan_policy nan = nan_policy::keep) const {
        metric_options options;
        options.best = which;
        options.nan = nan;
        watch_outputs outputs;
        outputs.best = reference<series>(best_value.get());
        outputs.best_step = reference<series>(best_step.get());
        if (nan == nan_policy::divert) outputs.nan = reference<series>(nans.get());
        outputs.nan_count = nan_count;
        const reference<value_watch> watch(new value_watch(options, outputs));
        watch->begin_look();
        watch->look_back(*target);
        watch->end_look();
        return observed_metric(open_lane(*target), watch);
    }
    static std::string text(const std::vector<point>& points) {
        std::string all;
        for (const point& each : points) {
            const std::string value =
                each.value == each.value ? std::to_string(static_cast<int>(each.value)) : "nan";
            all += (all.empty() ? "" : " ") + std::to_string(each.step) + ':' + value;
        }
        return all;
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(metric_observed_metric)

BOOST_FIXTURE_TEST_CASE(the_highest_and_where_it_was, observed) {
    observed_metric accuracy = open(best::max);
    for (const double value : {3.0, 5.0, 4.0, not_a_number, 5.0, 9.0}) accuracy.log(value);
    accuracy.log(10, 70);
    owner->set_step(80);
    accuracy.log(11);
    accuracy.log(2);
    BOOST_TEST(text(target->taken()) == "0:3 1:5 2:4 3:nan 4:5 5:9 70:10 80:11 80:2");
    BOOST_TEST(text(best_value->taken()) == "0:3 1:5 5:9 70:10 80:11");
    BOOST_TEST(text(best_step->taken()) == "0:0 1:1 5:5 70:70 80:80");
}

BOOST_FIXTURE_TEST_CASE(the_lowest, observed) {
    observed_metric loss = open(best::min);
    for (const double value : {3.0, 5.0, -4.0}) loss.log(value);
    BOOST_TEST(text(best_value->taken()) == "0:3 2:-4");
    BOOST_TEST(loss.key() == "accuracy");
}

BOOST_FIXTURE_TEST_CASE(what_is_refused_is_no_best_value, observed) {
    observed_metric accuracy = open(best::max);
    accuracy.log(7.0, -1);
    BOOST_TEST(owner->refused.size() == 1u);
    BOOST_TEST(best_value->taken().empty());
    accuracy.log(7.0, 1, mlscribe::timestamp{5});
    BOOST_TEST(target->taken().at(0).timestamp == ~std::int64_t{5});
    BOOST_TEST(text(best_value->taken()) == "1:7");
}

BOOST_FIXTURE_TEST_CASE(a_resumed_run_knows_the_best_value, observed) {
    value_extremes history;
    history.look({0, 8.0, 3});
    history.look({0, 2.0, 4});
    best_value->set_history(history);
    observed_metric accuracy = open(best::max);
    accuracy.log(7.0);
    BOOST_TEST(best_value->taken().empty());
    accuracy.log(9.0);
    BOOST_TEST(text(best_value->taken()) == "1:9");
}

BOOST_FIXTURE_TEST_CASE(also_where_nobody_kept_it_before, observed) {
    value_extremes history;
    history.look({0, 8.0, 3});
    history.look({0, not_a_number, 4});
    history.look({0, 2.0, 5});
    target->set_history(history);
    observed_metric accuracy = open(best::min);
    BOOST_TEST(text(best_value->taken()) == "5:2");
    accuracy.log(3.0);
    BOOST_TEST(best_value->taken().empty());
}

BOOST_FIXTURE_TEST_CASE(nan_is_kept_skipped_or_diverted, observed) {
    for (const nan_policy policy : {nan_policy::keep, nan_policy::skip, nan_policy::divert}) {
        observed_metric accuracy = open(best::none, policy);
        owner->set_step(4);
        accuracy.log(1.0);
        accuracy.log(not_a_number);
        accuracy.log(-not_a_number, 6);
        const bool kept = policy == nan_policy::keep;
        BOOST_TEST(text(target->taken()) == (kept ? "4:1 4:nan 6:nan" : "4:1"));
        const bool diverted = policy == nan_policy::divert;
        BOOST_TEST(text(nans->taken()) == (diverted ? "4:1 6:1" : ""));
        std::int64_t count = 0;
        BOOST_TEST(nan_count->is_news(count) == !kept);
        BOOST_TEST(count == (kept ? 0 : diverted ? 4 : 2));
    }
}

BOOST_FIXTURE_TEST_CASE(copies_share_what_they_look_at, observed) {
    const observed_metric accuracy = open(best::max);
    std::vector<std::thread> workers;
    for (int worker = 0; worker < 4; ++worker) {
        workers.emplace_back([copy = accuracy, worker]() mutable {
            for (int i = 0; i < 1000; ++i) copy.log(i * 4 + worker);
        });
    }
    for (std::thread& each : workers) each.join();
    std::vector<bool> seen(4000);
    for (const point& each : target->taken()) {
        BOOST_TEST(!seen[static_cast<std::size_t>(each.step)]);
        seen[static_cast<std::size_t>(each.step)] = true;
    }
    double before = -1;
    for (const point& each : best_value->taken()) {
        BOOST_TEST(each.value > before);
        before = each.value;
    }
    BOOST_TEST(before == 3999.0);
}

BOOST_FIXTURE_TEST_CASE(a_handler_may_log_what_it_was_called_for, observed) {
    observed_metric accuracy = open(best::max);
    observed_metric again = accuracy;
    owner->set_due(0, 1);
    owner->on_drain_all = [&] {
        if (owner->all_drains == 1) again.log(7.0);
    };
    accuracy.log(6.0);
    BOOST_TEST(owner->all_drains >= 1);
    BOOST_TEST(target->taken().size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_default_made_one_does_nothing) {
    observed_metric metric;
    metric.log(1.0);
    metric.log(1.0, 2);
    BOOST_TEST(metric.key().empty());
}

BOOST_AUTO_TEST_SUITE_END()
