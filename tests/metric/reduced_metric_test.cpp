// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/metric/reduced_metric.hpp>
#include <mlscribe/metric/several.hpp>
#include <mlscribe/metric/step_range.hpp>

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "journal/test_ledger.hpp"

using mlscribe::metric_options;
using mlscribe::reduced_metric;
using mlscribe::detail::ledger;
using mlscribe::detail::open_lane;
using mlscribe::detail::range_kind;
using mlscribe::detail::reducer_key;
using mlscribe::detail::reducer_outputs;
using mlscribe::detail::reducer_shares;
using mlscribe::detail::reduction;
using mlscribe::detail::reference;
using mlscribe::detail::remark;
using mlscribe::detail::series_of_reducer;
using mlscribe::detail::step_listener;
using mlscribe::detail::value_watch;

namespace {

class largest {
  public:
    void add(double value) noexcept { value_ = value > value_ ? value : value_; }
    double value() const noexcept { return value_; }

  private:
    double value_ = -std::numeric_limits<double>::infinity();
};

template <class Reducer>
struct reduced {
    reference<test::test_ledger> owner{new test::test_ledger};
    std::vector<reference<test::test_series>> targets;
    reference<remark> partial{new remark("partial")};
    reference<reducer_shares<Reducer>> shares;
    reduced_metric<Reducer> metric;

    explicit reduced(const metric_options& options = {}, const Reducer& first = Reducer{},
                     reference<value_watch> watch = {}) {
        reducer_outputs outputs;
        for (std::size_t i = 0; i < series_of_reducer<Reducer>(); ++i) {
            targets.emplace_back(new test::test_series(reference<ledger>(owner.get()),
                                                       reducer_key<Reducer>("loss", i), 0));
            outputs.ways.push_back(open_lane(*targets.back()));
        }
        outputs.partial = partial;
        outputs.watch = std::move(watch);
        const reference<reduction<Reducer>> made(
            new reduction<Reducer>(first, options, std::move(outputs)));
        owner->listen(reference<step_listener>(made.get()));
        shares = made->shares();
        metric = reduced_metric<Reducer>(shares);
    }
    reduced(const reduced&) = delete;
    reduced& operator=(const reduced&) = delete;
    ~reduced() { owner->end_loop(); }  // as the end of a run does
    mlscribe::step_range epochs(std::int64_t count) const {
        return mlscribe::step_range(reference<ledger>(owner.get()), range_kind::epochs, count);
    }
    mlscribe::step_range steps(std::int64_t count) const {
        return mlscribe::step_range(reference<ledger>(owner.get()), range_kind::steps, count);
    }
    /// "step:value" of what was logged since the last call, joined by blanks.
    std::string taken(std::size_t which = 0) const {
        std::string text;
        for (const mlscribe::point& each : targets[which]->taken()) {
            text += (text.empty() ? "" : " ") + std::to_string(each.step) + ':' +
                    fmt::format("{}", each.value);
        }
        return text;
    }
    std::int64_t partial_step() const {
        std::int64_t step = -1;
        return partial->is_news(step) ? step : -1;
    }
};

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

}  // namespace

BOOST_AUTO_TEST_SUITE(metric_reduced_metric)

BOOST_AUTO_TEST_CASE(a_mean_a_step) {
    reduced<mlscribe::mean> run;
    for (auto epoch : run.epochs(3)) {
        for (int batch = 0; batch < 4; ++batch) run.metric.add(epoch * 10 + batch);
    }
    BOOST_TEST(run.taken() == "0:1.5 1:11.5 2:21.5");
    BOOST_TEST(run.partial_step() == -1);
}

BOOST_AUTO_TEST_CASE(a_reducer_of_ones_own) {
    reduced<largest> run;
    for (auto epoch : run.epochs(2)) {
        if (epoch == 0) run.metric.add(7.0F);
        run.metric.add(2);  // a new step knows nothing of the last
    }
    BOOST_TEST(run.taken() == "0:7 1:2");
}

BOOST_AUTO_TEST_CASE(a_step_without_values_has_no_point) {
    reduced<mlscribe::mean> run;
    for (auto epoch : run.epochs(3)) {
        if (epoch == 1) run.metric.add(1.0);
    }
    BOOST_TEST(run.taken() == "1:1");
}

BOOST_AUTO_TEST_CASE(break_writes_what_there_is_and_says_so) {
    reduced<mlscribe::mean> run;
    for (auto epoch : run.epochs(10)) {
        run.metric.add(epoch);
        if (epoch == 2) break;
    }
    BOOST_TEST(run.taken() == "0:0 1:1 2:2");
    BOOST_TEST(run.partial_step() == 2);
}

BOOST_AUTO_TEST_CASE(the_innermost_border_or_the_epochs) {
    reduced<mlscribe::sum> inner;
    metric_options by_epoch;
    by_epoch.border = mlscribe::border::epoch;
    reduced<mlscribe::sum> outer(by_epoch);
    for (reduced<mlscribe::sum>* run : {&inner, &outer}) {
        for (auto epoch : run->epochs(2)) {
            for (auto step : run->steps(2)) run->metric.add(step);
            run->metric.add(epoch * 100);
        }
    }
    BOOST_TEST(inner.taken() == "0:0 1:1 0:0 2:2 3:3 1:100");
    BOOST_TEST(outer.taken() == "0:1 1:105");
    // Without epochs the outermost range stands for them.
    for (auto step : outer.steps(1)) outer.metric.add(step);
    BOOST_TEST(outer.taken() == "4:4");
}

BOOST_AUTO_TEST_CASE(outside_of_ranges_the_next_step) {
    reduced<mlscribe::mean> run;
    run.metric.add(1.0);
    run.owner->end_steps_outside();
    run.metric.add(1.0);
    run.owner->end_loop();
    BOOST_TEST(run.taken() == "0:1 1:1");
}

BOOST_AUTO_TEST_CASE(the_work_of_a_pass_may_be_done_before_its_end) {
    reduced<mlscribe::mean> run;
    for (auto epoch : run.epochs(2)) {
        run.metric.add(epoch);
        run.owner->finish_pass();
    }
    BOOST_TEST(run.taken() == "0:0 1:1");
}

BOOST_AUTO_TEST_CASE(the_end_of_the_run_inside_of_ranges) {
    reduced<mlscribe::mean> run;
    for ([[maybe_unused]] auto epoch : run.epochs(2)) {
        for (auto step : run.steps(5)) {
            run.metric.add(step);
            if (step != 1) continue;
            run.owner->end_loop();
        }
    }
    BOOST_TEST(run.taken() == "0:0 1:1");
    BOOST_TEST(run.partial_step() == 1);
}

BOOST_AUTO_TEST_CASE(several_values_have_a_series_each) {
    reduced<mlscribe::mean_min_max> run;
    for (auto epoch : run.epochs(2)) {
        for (const double value : {1.0, 2.0, 6.0})
            run.metric.add(value + static_cast<double>(epoch));
    }
    BOOST_TEST(run.targets[1]->key() == "loss.min");
    BOOST_TEST(run.taken(0) == "0:3 1:4");
    BOOST_TEST(run.taken(1) == "0:1 1:2");
    BOOST_TEST(run.taken(2) == "0:6 1:7");
}

BOOST_AUTO_TEST_CASE(copies_in_threads_are_merged_at_the_border) {
    reduced<mlscribe::several<mlscribe::count, mlscribe::sum, mlscribe::max>> run;
    for (auto epoch : run.epochs(3)) {
        std::vector<std::thread> workers;
        for (int worker = 0; worker < 4; ++worker) {
            workers.emplace_back([copy = run.metric, worker, epoch]() mutable {
                for (int i = 0; i < 1000; ++i) copy.add(epoch * 10 + worker);
            });
        }
        run.metric.add(-1);
        for (std::thread& each : workers) each.join();
    }
    BOOST_TEST(run.taken(0) == "0:4001 1:4001 2:4001");
    BOOST_TEST(run.taken(1) == "0:5999 1:45999 2:85999");
    BOOST_TEST(run.taken(2) == "0:3 1:13 2:23");
}

BOOST_AUTO_TEST_CASE(copies_of_what_cannot_be_merged_share_it) {
    reduced<mlscribe::moving_average> run({}, mlscribe::moving_average(0.5));
    auto copy = run.metric;
    auto another = copy;
    for (auto epoch : run.epochs(2)) {
        copy.add(epoch);
        another.add(2.0);
        copy = run.metric;
    }
    BOOST_TEST(run.taken() == "0:1 1:1.5");
}

BOOST_AUTO_TEST_CASE(copies_that_are_made_after_the_end_take_nothing_and_no_memory) {
    reduced<mlscribe::mean> run;
    for ([[maybe_unused]] auto epoch : run.epochs(1)) run.metric.add(1.0);
    BOOST_TEST(static_cast<bool>(run.shares->another_share()));
    run.owner->end_loop();
    BOOST_TEST(!run.shares->another_share());
    auto copy = run.metric;
    copy.add(2.0);
    BOOST_TEST(copy.key() == "loss");
    BOOST_TEST(run.taken() == "0:1");
}

BOOST_AUTO_TEST_CASE(nan_is_not_hidden) {
    reduced<mlscribe::mean_min_max> run;
    for ([[maybe_unused]] auto epoch : run.epochs(1)) {
        for (const double value : {1.0, not_a_number, 2.0}) run.metric.add(value);
    }
    for (std::size_t i = 0; i < 3; ++i) BOOST_TEST(run.taken(i) == "0:nan");
}

BOOST_AUTO_TEST_CASE(unless_it_shall_be_left_out) {
    const reference<test::test_ledger> owner(new test::test_ledger);
    const reference<test::test_series> nans(
        new test::test_series(reference<ledger>(owner.get()), "loss.nan", 0));
    const reference<remark> count(new remark("nan_values"));
    metric_options options;
    options.nan = mlscribe::nan_policy::divert;
    mlscribe::detail::watch_outputs outputs;
    outputs.nan = reference<mlscribe::detail::series>(nans.get());
    outputs.nan_count = count;
    const reference<value_watch> watch(new value_watch(options, outputs));
    reduced<mlscribe::mean> run(options, {}, watch);
    for (auto epoch : run.epochs(3)) {
        auto copy = run.metric;
        if (epoch != 1) run.metric.add(epoch);
        run.metric.add(not_a_number);
        if (epoch == 2) copy.add(-not_a_number);
    }
    BOOST_TEST(run.taken() == "0:0 2:2");
    const std::vector<mlscribe::point> diverted = nans->taken();
    BOOST_REQUIRE(diverted.size() == 3u);
    BOOST_TEST(diverted[1].value == 1.0);
    BOOST_TEST(diverted[2].value == 2.0);
    BOOST_TEST(diverted[2].step == 2);
    std::int64_t counted = 0;
    BOOST_TEST(count->is_news(counted));
    BOOST_TEST(counted == 4);
    BOOST_TEST(!count->is_news(counted));
}

BOOST_AUTO_TEST_CASE(a_default_made_one_does_nothing) {
    reduced_metric<mlscribe::mean> metric;
    auto copy = metric;
    copy.add(1.0);
    BOOST_TEST(copy.key().empty());
    const reduced<mlscribe::mean> run;
    BOOST_TEST(run.metric.key() == "loss");
}

static_assert(noexcept(reduced_metric<mlscribe::mean>().add(1.0)), "as a handle's log");

BOOST_AUTO_TEST_SUITE_END()
