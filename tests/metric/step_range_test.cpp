// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/metric/step_range.hpp>

#include <cstdint>
#include <stdexcept>
#include <vector>

#include "journal/test_ledger.hpp"

using mlscribe::step_range;
using mlscribe::detail::ledger;
using mlscribe::detail::no_step;
using mlscribe::detail::reference;
using mlscribe::detail::step_listener;

namespace {

using steps = std::vector<std::int64_t>;

class remembering final : public step_listener {
  public:
    void step_ended(std::int64_t step) noexcept override { ended.push_back(step); }
    steps ended;
};

struct loop {
    reference<test::test_ledger> owner{new test::test_ledger};
    reference<remembering> listener{new remembering};

    loop() { owner->listen(reference<step_listener>(listener.get())); }
    step_range epochs(std::int64_t count) const {
        return step_range(reference<ledger>(owner.get()), 0, count, false);
    }
    step_range counted(std::int64_t count) const {
        const std::int64_t first = owner->next_range_step();
        return step_range(reference<ledger>(owner.get()), first, first + count, true);
    }
};

void expect(const steps& found, const steps& expected) {
    BOOST_TEST(found == expected, boost::test_tools::per_element());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(metric_step_range)

BOOST_FIXTURE_TEST_CASE(each_pass_has_its_step, loop) {
    steps seen;
    for (auto epoch : epochs(3)) {
        BOOST_TEST(owner->step() == epoch);
        BOOST_TEST(listener->ended.size() == static_cast<std::size_t>(epoch));
        seen.push_back(epoch);
    }
    expect(seen, {0, 1, 2});
    expect(listener->ended, {0, 1, 2});
    BOOST_TEST(owner->step() == no_step);
    BOOST_TEST(owner->next_range_step() == 0);
}

BOOST_FIXTURE_TEST_CASE(counted_steps_go_on_over_the_run, loop) {
    steps seen;
    for (int round = 0; round < 3; ++round) {
        for (auto step : counted(2)) seen.push_back(step);
    }
    expect(seen, {0, 1, 2, 3, 4, 5});
    for (auto step : counted(10)) {
        if (step == 7) break;
    }
    BOOST_TEST(owner->next_range_step() == 8);
}

BOOST_FIXTURE_TEST_CASE(a_pass_left_by_break_ends_like_any_other, loop) {
    for (auto epoch : epochs(10)) {
        if (epoch == 1) break;
    }
    expect(listener->ended, {0, 1});
    BOOST_TEST(owner->step() == no_step);
}

BOOST_FIXTURE_TEST_CASE(and_one_left_by_an_exception, loop) {
    const auto train = [this] {
        for (auto epoch : epochs(10)) {
            if (epoch == 2) throw std::runtime_error("diverged");
        }
    };
    BOOST_CHECK_THROW(train(), std::runtime_error);
    expect(listener->ended, {0, 1, 2});
    BOOST_TEST(owner->step() == no_step);
}

BOOST_FIXTURE_TEST_CASE(ranges_nest, loop) {
    for (auto epoch : epochs(2)) {
        for (auto step : counted(2)) BOOST_TEST(owner->step() == step);
        BOOST_TEST(owner->step() == epoch);
    }
    expect(listener->ended, {0, 1, 0, 2, 3, 1});
    BOOST_TEST(owner->step() == no_step);
}

BOOST_FIXTURE_TEST_CASE(nothing_to_loop_over, loop) {
    for (const std::int64_t count : {0, -5}) {
        for (auto epoch : epochs(count)) BOOST_ERROR("a pass with step " << epoch);
    }
    const step_range unused = epochs(5);
    BOOST_TEST(owner->step() == no_step);
    BOOST_TEST(listener->ended.empty());
}

BOOST_AUTO_TEST_CASE(without_a_run_it_only_counts) {
    steps seen;
    for (auto epoch : step_range({}, 0, 3, false)) seen.push_back(epoch);
    expect(seen, {0, 1, 2});
}

BOOST_FIXTURE_TEST_CASE(the_last_step_there_is, loop) {
    steps seen;
    for (auto step : step_range(reference<ledger>(owner.get()), INT64_MAX - 2, INT64_MAX, true)) {
        seen.push_back(step);
    }
    expect(seen, {INT64_MAX - 2, INT64_MAX - 1});
    BOOST_TEST(owner->next_range_step() == INT64_MAX);
}

BOOST_AUTO_TEST_SUITE_END()
