// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/run/checkpoint_record.hpp>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "run/rows_tail_of.hpp"

using mlscribe::point;
using mlscribe::detail::checkpoint_record;
using mlscribe::detail::no_step;
using mlscribe::detail::range_kind;
using mlscribe::detail::row_cut;
using test::rows_tail_of;

namespace {

/// The steps that stay of a series: those at the checkpoint, and those that came later.
std::vector<std::int64_t> stays(const checkpoint_record& record, const std::string& key,
                                const std::vector<std::int64_t>& at_checkpoint,
                                const std::vector<std::int64_t>& later) {
    mlscribe::detail::row_cutter cutter(record.cut_of(key));
    std::vector<std::int64_t> left;
    std::int64_t time = 1000;
    for (const std::vector<std::int64_t>* part : {&at_checkpoint, &later}) {
        for (const std::int64_t step : *part) {
            if (!cutter.cuts({time++, 1.0, step})) left.push_back(step);
        }
    }
    return left;
}

/// A checkpoint in a pass of the innermost of these ranges.
checkpoint_record in_pass(std::vector<mlscribe::detail::range_frame> ranges) {
    checkpoint_record record;
    record.done_step = ranges.back().current;
    record.ranges = std::move(ranges);
    return record;
}

using steps = std::vector<std::int64_t>;

}  // namespace

BOOST_AUTO_TEST_SUITE(run_checkpoint_record)

BOOST_AUTO_TEST_CASE(outside_of_every_range) {
    checkpoint_record record;
    record.mark("loss", rows_tail_of({0, 1}));
    BOOST_TEST(record.resumed().frames.empty());
    BOOST_TEST((record.cut_of("loss").done_step == no_step));
    BOOST_TEST((stays(record, "loss", {0, 1}, {2, 3}) == steps{0, 1}));
    BOOST_TEST((stays(record, "unknown", {}, {0, 1}) == steps{}));
}

BOOST_AUTO_TEST_CASE(a_series_of_the_pass_logged_before_and_behind_the_call) {
    checkpoint_record record = in_pass({{range_kind::epochs, 0, 5, 100}});
    record.mark("before", rows_tail_of({3, 4, 5}));
    record.mark("behind", rows_tail_of({3, 4}));
    record.mark("both", rows_tail_of({4, 5}));
    record.mark("now and then", rows_tail_of({0}));
    BOOST_TEST((stays(record, "before", {3, 4, 5}, {6, 7}) == steps{3, 4, 5}));
    BOOST_TEST((stays(record, "behind", {3, 4}, {5, 6}) == steps{3, 4, 5}));
    BOOST_TEST((stays(record, "both", {4, 5}, {5, 6}) == steps{4, 5, 5}));
    BOOST_TEST((stays(record, "now and then", {0}, {5, 10}) == steps{0, 5}));
    BOOST_TEST((stays(record, "now and then", {0}, {10}) == steps{0}));
    BOOST_TEST((stays(record, "first in this pass", {}, {5, 6}) == steps{5}));
    BOOST_TEST((stays(record, "later", {}, {6, 5}) == steps{}));
}

BOOST_AUTO_TEST_CASE(a_series_by_the_step_of_the_outer_range) {
    checkpoint_record record =
        in_pass({{range_kind::epochs, 0, 2, 10}, {range_kind::steps, 200, 250, 300}});
    record.mark("loss", rows_tail_of({249, 250}));
    record.mark("accuracy", rows_tail_of({0, 1}));
    BOOST_TEST((stays(record, "loss", {249, 250}, {251}) == steps{249, 250}));
    BOOST_TEST((stays(record, "accuracy", {0, 1}, {2, 3}) == steps{0, 1}));
}

BOOST_AUTO_TEST_CASE(both_ranges_have_the_same_step) {
    // The third fold's third epoch: "score" comes once a fold, "loss" once an epoch.
    checkpoint_record record =
        in_pass({{range_kind::epochs, 0, 2, 5}, {range_kind::epochs, 0, 2, 10}});
    record.mark("score", rows_tail_of({0, 1}));
    record.mark("loss", rows_tail_of({8, 9, 0, 1, 2}));
    record.mark("behind", rows_tail_of({8, 9, 0, 1}));
    BOOST_TEST((stays(record, "score", {0, 1}, {2, 3}) == steps{0, 1}));
    BOOST_TEST((stays(record, "loss", {8, 9, 0, 1, 2}, {3, 4, 0}) == steps{8, 9, 0, 1, 2}));
    BOOST_TEST((stays(record, "behind", {8, 9, 0, 1}, {2, 3}) == steps{8, 9, 0, 1, 2}));
}

BOOST_AUTO_TEST_CASE(steps_that_go_down_later) {
    // At the end of the first fold; the next one begins at 0 again.
    checkpoint_record record = in_pass({{range_kind::epochs, 0, 0, 5}});
    record.mark("loss", rows_tail_of({0, 1, 2}));
    BOOST_TEST((stays(record, "loss", {0, 1, 2}, {0, 1, 2, 0}) == steps{0, 1, 2}));
}

BOOST_AUTO_TEST_CASE(what_is_sampled_goes_by_time_alone) {
    checkpoint_record record = in_pass({{range_kind::epochs, 0, 5, 100}});
    record.mark("system/cpu", rows_tail_of({5, 5}));
    const row_cut cut = record.cut_of("system/cpu");
    BOOST_TEST(!cut.from_step.has_value());
    BOOST_TEST(cut.after_time == 1001);
    BOOST_TEST((stays(record, "system/cpu", {5, 5}, {5, 5}) == steps{5, 5}));
    BOOST_TEST((stays(record, "system/new", {}, {5, 5}) == steps{}));
}

BOOST_AUTO_TEST_CASE(what_other_ranks_sample_goes_by_time_too) {
    checkpoint_record record = in_pass({{range_kind::epochs, 0, 5, 100}});
    record.own_prefix = "";
    record.time = 1001;
    record.mark("system/cpu", rows_tail_of({5, 5}));
    // Of a rank that kept nothing at this place of the loop the time of the checkpoint tells.
    BOOST_TEST((stays(record, "system/rank_1/cpu", {0, 1}, {2, 3}) == steps{0, 1}));
    checkpoint_record guest = in_pass({{range_kind::epochs, 0, 5, 100}});
    guest.own_prefix = "rank_1/";
    guest.time = 1001;
    guest.mark("system/rank_1/cpu", rows_tail_of({0, 1, 2}));
    record.guests.push_back(guest);
    BOOST_TEST((stays(record, "system/rank_1/cpu", {0, 1}, {2, 3}) == steps{0, 1, 2}));
    BOOST_TEST((stays(record, "system/rank_1/new", {}, {0, 1}) == steps{}));
    BOOST_TEST((stays(record, "system/rank_2/cpu", {0, 1}, {2, 3}) == steps{0, 1}));
    BOOST_TEST((stays(record, "system/cpu", {5, 5}, {5, 5}) == steps{5, 5}));
}

BOOST_AUTO_TEST_CASE(times_of_the_user_go_by_step) {
    checkpoint_record record = in_pass({{range_kind::epochs, 0, 1, 100}});
    record.mark("orbit", rows_tail_of({0, 1}));
    mlscribe::detail::row_cutter cutter(record.cut_of("orbit"));
    BOOST_TEST(!cutter.cuts({17, 1.0, 0}));
    BOOST_TEST(cutter.cuts({18, 1.0, 2}));
}

BOOST_AUTO_TEST_CASE(where_ranges_begin_again) {
    const checkpoint_record epochs = in_pass({{range_kind::epochs, 0, 5, 100}});
    BOOST_TEST(epochs.resumed().frames.at(0).current == 6);
    BOOST_TEST(epochs.resumed().next_range_step == 0);
    checkpoint_record record =
        in_pass({{range_kind::epochs, 0, 2, 10}, {range_kind::steps, 200, 250, 300}});
    record.next_range_step = 250;
    const auto resumed = record.resumed().frames;
    BOOST_REQUIRE(resumed.size() == 2u);
    BOOST_TEST(resumed[0].current == 2);
    BOOST_TEST(resumed[1].current == 251);
    BOOST_TEST((resumed[1].kind == range_kind::steps));
    BOOST_TEST(resumed[1].first == 200);
    BOOST_TEST(resumed[1].last == 300);
    BOOST_TEST(record.resumed().next_range_step == 251);
}

BOOST_AUTO_TEST_CASE(which_of_two_is_later) {
    checkpoint_record early;
    early.mark("loss", rows_tail_of({0, 1}));
    checkpoint_record late = early;
    BOOST_TEST(!late.is_behind(early));
    late.mark("accuracy", rows_tail_of({0}));
    BOOST_TEST(late.is_behind(early));
    BOOST_TEST(!early.is_behind(late));
    late = early;
    late.mark("loss", rows_tail_of({0, 1, 2}));
    BOOST_TEST(late.is_behind(early));
    BOOST_TEST(!early.is_behind(late));
}

BOOST_AUTO_TEST_SUITE_END()
