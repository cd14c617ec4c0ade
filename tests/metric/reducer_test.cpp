// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/metric/reducer.hpp>
#include <mlscribe/metric/step_range.hpp>

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "journal/test_ledger.hpp"

using mlscribe::reduced_metric;
using mlscribe::detail::ledger;
using mlscribe::detail::no_step;
using mlscribe::detail::open_lane;
using mlscribe::detail::reducing_listener;
using mlscribe::detail::reference;
using mlscribe::detail::step_listener;

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
    reference<test::test_series> target{
        new test::test_series(reference<ledger>(owner.get()), "loss", 0)};
    reduced_metric<Reducer> metric;

    reduced() {
        const reference<reducing_listener<Reducer>> listener(
            new reducing_listener<Reducer>(open_lane(*target)));
        owner->listen(reference<step_listener>(listener.get()));
        metric = reduced_metric<Reducer>(listener);
    }
    reduced(const reduced&) = delete;
    reduced& operator=(const reduced&) = delete;
    ~reduced() { owner->forget_listeners(); }  // as the end of a run does
    mlscribe::step_range epochs(std::int64_t count) const {
        return mlscribe::step_range(reference<ledger>(owner.get()), 0, count, false);
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(metric_reducer)

BOOST_AUTO_TEST_CASE(a_mean_a_step) {
    reduced<mlscribe::mean> run;
    for (auto epoch : run.epochs(3)) {
        for (int batch = 0; batch < 4; ++batch) {
            run.metric.add(static_cast<double>(epoch * 10 + batch));
        }
    }
    const std::vector<mlscribe::point> taken = run.target->taken();
    BOOST_REQUIRE(taken.size() == 3u);
    for (std::size_t i = 0; i < 3; ++i) {
        BOOST_TEST(taken[i].step == static_cast<std::int64_t>(i));
        BOOST_TEST(taken[i].value == static_cast<double>(i) * 10 + 1.5);
    }
}

BOOST_AUTO_TEST_CASE(the_last_and_a_reducer_of_ones_own) {
    reduced<mlscribe::last> last;
    reduced<largest> most;
    for (const double value : {3.0, 7.0, -1.0}) {
        last.metric.add(value);
        most.metric.add(value);
    }
    last.owner->end_step(5);
    most.owner->end_step(5);
    BOOST_TEST(last.target->taken().at(0).value == -1.0);
    BOOST_TEST(most.target->taken().at(0).value == 7.0);
    most.metric.add(2.0);  // a new step knows nothing of the last
    most.owner->end_step(6);
    BOOST_TEST(most.target->taken().at(0).value == 2.0);
}

BOOST_AUTO_TEST_CASE(a_step_without_values_has_no_point) {
    reduced<mlscribe::mean> run;
    for (auto epoch : run.epochs(3)) {
        if (epoch == 1) run.metric.add(1.0);
    }
    const std::vector<mlscribe::point> taken = run.target->taken();
    BOOST_REQUIRE(taken.size() == 1u);
    BOOST_TEST(taken[0].step == 1);
}

BOOST_AUTO_TEST_CASE(outside_of_ranges_the_next_step) {
    reduced<mlscribe::mean> run;
    run.metric.add(1.0);
    run.owner->end_step(no_step);
    run.metric.add(1.0);
    run.owner->end_step(no_step);
    const std::vector<mlscribe::point> taken = run.target->taken();
    BOOST_REQUIRE(taken.size() == 2u);
    BOOST_TEST(taken[0].step == 0);
    BOOST_TEST(taken[1].step == 1);
}

BOOST_AUTO_TEST_CASE(nan_is_not_hidden) {
    reduced<mlscribe::mean> run;
    run.metric.add(1.0);
    run.metric.add(std::numeric_limits<double>::quiet_NaN());
    run.owner->end_step(0);
    BOOST_TEST(std::isnan(run.target->taken().at(0).value));
}

BOOST_AUTO_TEST_CASE(a_default_made_one_does_nothing) {
    reduced_metric<mlscribe::mean> metric;
    metric.add(1.0);
    BOOST_TEST(metric.key().empty());
    const reduced<mlscribe::mean> run;
    BOOST_TEST(run.metric.key() == "loss");
}

static_assert(noexcept(reduced_metric<mlscribe::mean>().add(1.0)), "as a handle's log");

BOOST_AUTO_TEST_SUITE_END()
