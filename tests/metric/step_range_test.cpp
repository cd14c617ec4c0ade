// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/metric/step_range.hpp>

#include <time.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

#include "journal/test_ledger.hpp"

using mlscribe::step_range;
using mlscribe::detail::ledger;
using mlscribe::detail::no_step;
using mlscribe::detail::range_kind;
using mlscribe::detail::reference;
using mlscribe::detail::series;
using mlscribe::detail::step_border;
using mlscribe::detail::step_listener;

namespace {

using steps = std::vector<std::int64_t>;

class remembering final : public step_listener {
  public:
    void step_ended(const step_border& border) noexcept override {
        ended.push_back(border.step);
        if (border.partial) partial.push_back(border.step);
        if (border.ends_epoch) epochs.push_back(border.step);
        if (border.went_on) went_on.push_back(border.step);
    }
    steps ended;
    steps partial;
    steps epochs;
    steps went_on;
};

/// As a reducer whose point leads to a report, and that to a handler which ends the run.
class quitting final : public step_listener {
  public:
    quitting(ledger& owner, bool& gone) : owner_(owner), gone_(gone) {}
    ~quitting() override { gone_ = true; }
    void step_ended(const step_border&) noexcept override {
        if (told_++ == 0) owner_.end_loop();
        BOOST_TEST(!gone_);
    }

  private:
    ledger& owner_;
    bool& gone_;
    int told_ = 0;
};

struct loop {
    reference<test::test_ledger> owner{new test::test_ledger};
    reference<remembering> listener{new remembering};

    loop() { owner->listen(reference<step_listener>(listener.get())); }
    step_range range(range_kind kind, std::int64_t count,
                     const reference<series>& seconds = {}) const {
        return step_range(reference<ledger>(owner.get()), kind, count, seconds);
    }
    step_range epochs(std::int64_t count) const { return range(range_kind::epochs, count); }
    step_range counted(std::int64_t count) const { return range(range_kind::steps, count); }
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
    expect(listener->epochs, {0, 1, 2});
    BOOST_TEST(listener->partial.empty());
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
    expect(listener->partial, {1});
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
    expect(listener->epochs, {0, 1});
    BOOST_TEST(owner->step() == no_step);
}

BOOST_FIXTURE_TEST_CASE(a_range_may_restart, loop) {
    steps seen;
    for (int round = 0; round < 2; ++round) {
        for (auto step : range(range_kind::restarted, 3)) seen.push_back(step);
    }
    expect(seen, {0, 1, 2, 0, 1, 2});
    BOOST_TEST(owner->next_range_step() == 0);
}

BOOST_FIXTURE_TEST_CASE(ranges_that_are_left_in_another_order, loop) {
    auto outer =
        std::make_unique<step_range>(reference<ledger>(owner.get()), range_kind::epochs, 3);
    auto inner = std::make_unique<step_range>(reference<ledger>(owner.get()), range_kind::steps, 5);
    outer->begin();
    inner->begin();
    outer.reset();
    BOOST_TEST(owner->step() == 0);
    BOOST_TEST(owner->open_ranges().size() == 1u);
    inner.reset();
    BOOST_TEST(owner->step() == no_step);
    BOOST_TEST(owner->open_ranges().empty());
}

BOOST_FIXTURE_TEST_CASE(each_epoch_is_timed, loop) {
    const reference<test::test_series> seconds(
        new test::test_series(reference<ledger>(owner.get()), "epoch_seconds", 0));
    for (auto epoch : range(range_kind::epochs, 3, reference<series>(seconds.get()))) {
        if (epoch == 1) owner->finish_pass();  // not a second time when the pass ends
    }
    const std::vector<mlscribe::point> taken = seconds->taken();
    BOOST_REQUIRE(taken.size() == 3u);
    for (std::size_t i = 0; i < 3; ++i) {
        BOOST_TEST(taken[i].step == static_cast<std::int64_t>(i));
        BOOST_TEST(taken[i].value > 0.0);
    }
}

BOOST_FIXTURE_TEST_CASE(and_the_steps_of_an_epoch_together, loop) {
    const reference<test::test_series> target(
        new test::test_series(reference<ledger>(owner.get()), "step_seconds", 0));
    const reference<series> seconds(target.get());
    for (auto epoch : epochs(2)) {
        for (auto step : range(range_kind::steps, 50, seconds)) {
            const timespec pause{0, epoch == 1 && step < 70 ? 1000000 : 0};
            ::nanosleep(&pause, nullptr);
        }
    }
    for (auto step : range(range_kind::steps, 10, seconds)) {
        if (step == 104) break;
        owner->finish_pass();
    }
    for (auto step : range(range_kind::steps, 3, seconds)) {
        if (step == 107) owner->finish_pass();  // the last one: the range is timed now
    }
    const std::vector<mlscribe::point> taken = target->taken();
    BOOST_REQUIRE(taken.size() == 4u);
    BOOST_TEST(taken[0].step == 0);
    BOOST_TEST(taken[1].step == 1);
    BOOST_TEST(taken[1].value >= 20 * 0.001 / 50);
    BOOST_TEST(taken[2].step == 104);
    BOOST_TEST(taken[3].step == 107);
}

BOOST_FIXTURE_TEST_CASE(a_resumed_loop_goes_on_in_the_middle, loop) {
    // Left in epoch 1 of 3 behind step 4 of its 4 ... 7.
    owner->resume_ranges(
        {{{range_kind::epochs, 0, 1, 3}, {range_kind::steps, 4, 5, 8, 1}}, 0, 5, 0});
    steps seen;
    for (auto epoch : epochs(3)) {
        for (auto step : range(range_kind::restarted, 1)) seen.push_back(-1 - step);
        for (auto step : counted(4)) seen.push_back(epoch * 100 + step);
    }
    expect(seen, {105, 106, 107, -1, 208, 209, 210, 211});
    seen.clear();
    for (auto epoch : epochs(2)) seen.push_back(epoch);
    expect(seen, {0, 1});
}

BOOST_FIXTURE_TEST_CASE(in_the_second_of_several_loops, loop) {
    // Left in the second inner loop of epoch 1, whose first one has had its four steps.
    owner->resume_ranges(
        {{{range_kind::epochs, 0, 1, 3}, {range_kind::steps, 8, 9, 10, 1}}, 0, 9, 0});
    steps seen;
    for (auto epoch : epochs(3)) {
        for (auto step : counted(4)) seen.push_back(epoch * 100 + step);
        for (auto step : counted(2)) seen.push_back(-epoch * 100 - step);
    }
    expect(seen, {-109, 210, 211, 212, 213, -214, -215});
    expect(listener->went_on, {1});
}

BOOST_FIXTURE_TEST_CASE(in_a_loop_behind_another, loop) {
    owner->resume_ranges({{{range_kind::epochs, 0, 4, 6, 1}}, 0, 0, 0});
    steps seen;
    for (auto epoch : epochs(3)) seen.push_back(-epoch);
    for (auto epoch : epochs(6)) seen.push_back(epoch);
    for (auto epoch : epochs(2)) seen.push_back(epoch);
    expect(seen, {4, 5, 0, 1});
}

BOOST_FIXTURE_TEST_CASE(or_between_two_loops, loop) {
    owner->resume_ranges({{}, 1, 3, 0});
    steps seen;
    for (auto step : counted(3)) seen.push_back(step);
    for (auto step : counted(2)) seen.push_back(step);
    expect(seen, {3, 4});
}

BOOST_FIXTURE_TEST_CASE(a_range_with_a_name_may_be_used_again, loop) {
    steps seen;
    step_range inner = counted(5);
    for ([[maybe_unused]] auto epoch : epochs(3)) {
        for (auto step : inner) {
            seen.push_back(step);
            if (step % 5 == 1) break;
        }
    }
    expect(seen, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
    BOOST_TEST(owner->open_ranges().size() == 1u);
}

BOOST_AUTO_TEST_CASE(also_without_a_run) {
    step_range range({}, range_kind::steps, 3);
    for (int round = 0; round < 2; ++round) {
        steps seen;
        for (auto step : range) seen.push_back(step);
        expect(seen, {0, 1, 2});
    }
}

BOOST_FIXTURE_TEST_CASE(a_run_that_ends_in_another_thread_lets_the_loop_go_on, loop) {
    for (auto epoch : epochs(3)) {
        if (epoch == 1) std::thread([this] { owner->end_loop(); }).join();
    }
    expect(listener->ended, {0, 1, 2});
    owner->end_steps_outside();
    expect(listener->ended, {0, 1, 2});  // nobody listens any more
}

BOOST_FIXTURE_TEST_CASE(so_may_one_that_ends_when_a_listener_is_told, loop) {
    bool gone = false;
    owner->listen(reference<step_listener>(new quitting(*owner, gone)));
    for ([[maybe_unused]] auto epoch : epochs(2)) {
    }
    BOOST_TEST(gone);
}

BOOST_FIXTURE_TEST_CASE(also_behind_the_last_step_of_an_epoch, loop) {
    owner->resume_ranges({{{range_kind::epochs, 0, 1, 3}, {range_kind::steps, 4, 8, 8}}, 0, 7, 0});
    steps seen;
    for (auto epoch : epochs(3)) {
        for (auto step : counted(4)) seen.push_back(step);
        seen.push_back(epoch);
    }
    expect(seen, {1, 8, 9, 10, 11, 2});
}

BOOST_FIXTURE_TEST_CASE(or_behind_so_many_passes, loop) {
    owner->resume_ranges({{}, 0, 0, 2});
    steps seen;
    for (auto epoch : epochs(4)) {
        for (auto step : counted(10)) {
            seen.push_back(epoch * 100 + step);
            break;
        }
    }
    expect(seen, {220, 321});
    owner->resume_ranges({{}, 0, 0, 200});
    seen.clear();
    for (auto step : counted(202)) seen.push_back(step);
    expect(seen, {200, 201});
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
    for (auto epoch : step_range({}, range_kind::epochs, 3)) seen.push_back(epoch);
    expect(seen, {0, 1, 2});
}

BOOST_FIXTURE_TEST_CASE(the_last_step_there_is, loop) {
    steps seen;
    owner->resume_ranges({{}, 0, INT64_MAX - 2, 0});
    for (auto step : counted(INT64_MAX)) seen.push_back(step);
    expect(seen, {INT64_MAX - 2, INT64_MAX - 1});
    BOOST_TEST(owner->next_range_step() == INT64_MAX);
}

BOOST_AUTO_TEST_SUITE_END()
