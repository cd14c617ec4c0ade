// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/journal/row_cut.hpp>
#include <mlscribe/journal/rows_tail.hpp>

#include <cstdint>
#include <vector>

using mlscribe::point;
using mlscribe::detail::row_cut;

namespace {

/// Rows {time, step}.
using rows = std::vector<std::pair<std::int64_t, std::int64_t>>;

std::vector<std::int64_t> steps_left(const rows& given, const row_cut& cut) {
    mlscribe::detail::row_cutter cutter(cut);
    std::vector<std::int64_t> left;
    for (const auto& [time, step] : given) {
        if (!cutter.cuts({time, 1.0, step})) left.push_back(step);
    }
    return left;
}

}  // namespace

#define LEAVES(given, cut, ...)                                                   \
    BOOST_TEST(steps_left(given, cut) == (std::vector<std::int64_t> __VA_ARGS__), \
               boost::test_tools::per_element())

BOOST_AUTO_TEST_SUITE(journal_row_cut)

BOOST_AUTO_TEST_CASE(nothing_is_chosen) {
    LEAVES((rows{{1, 0}, {INT64_MAX, INT64_MAX}}), row_cut{}, {0, INT64_MAX});
}

BOOST_AUTO_TEST_CASE(by_step_wherever_it_stands) {
    row_cut cut;
    cut.from_step = 2;
    LEAVES((rows{{1, 0}, {2, 2}, {3, 1}, {4, 3}, {5, 0}}), cut, {0, 1, 0});
}

BOOST_AUTO_TEST_CASE(by_time) {
    row_cut cut;
    cut.after_time = 2;
    LEAVES((rows{{1, 7}, {2, 8}, {3, 0}, {2, 9}}), cut, {7, 8, 9});
}

BOOST_AUTO_TEST_CASE(rows_of_the_pass_that_is_done_stay_while_they_come_first) {
    row_cut cut;
    cut.from_step = 5;
    cut.done_step = 5;
    LEAVES((rows{{1, 4}, {2, 5}, {3, 5}, {4, 6}, {5, 5}}), cut, {4, 5, 5});
    LEAVES((rows{{1, 4}, {4, 6}, {5, 5}}), cut, {4});
    cut.done_until = 2;
    LEAVES((rows{{1, 4}, {2, 5}, {3, 5}, {4, 6}}), cut, {4, 5});
    cut.after_time = 0;
    cut.from_step = {};
    LEAVES((rows{{0, 9}, {1, 5}, {2, 0}}), cut, {9, 5});
}

BOOST_AUTO_TEST_CASE(the_tail_of_rows) {
    mlscribe::detail::rows_tail tail;
    BOOST_TEST(tail.empty());
    tail.note({5, 1.0, 3});
    tail.note({4, 1.0, 3});
    BOOST_TEST(!tail.empty());
    BOOST_TEST(!tail.restarts);
    BOOST_TEST(tail.highest_time == 5);
    tail.note({6, 1.0, 1});
    tail.note({6, 1.0, 2});
    BOOST_TEST(tail.restarts);
    BOOST_TEST(tail.last_step == 2);
    BOOST_TEST(tail.highest_step == 3);
}

BOOST_AUTO_TEST_SUITE_END()
