// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/journal/series_drain.hpp>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "journal/test_journal.hpp"

using mlscribe::point;
using mlscribe::detail::filter_behind;
using mlscribe::detail::given_time;
using mlscribe::detail::journal_block;
using mlscribe::detail::journal_header;
using mlscribe::detail::metric_file;
using mlscribe::detail::metric_file_state;
using mlscribe::detail::row_filter;
using mlscribe::detail::series_drain;
using test::noon;
using test::points_from;

namespace {

struct drained : test::journaled_run {
    std::uint32_t series = add("loss");
    series_drain drain{metric_file(run, "loss"), row_filter()};
    std::vector<journal_block*> blocks;
    std::uint64_t repeated = 0;

    void put(const std::vector<point>& points) { blocks.push_back(fill(series, points)); }
    int write() { return drain.write(journal->file(), series, blocks, journal->text(), repeated); }
    bool all_drained() const {
        for (const journal_block* const each : blocks) {
            if (each->count.load() != each->drained.load()) return false;
        }
        return journal->file().header().intended.load() == 0;
    }
    std::vector<std::int64_t> steps() const { return test::steps(scratch.path(), "loss"); }
};

void expect(const std::vector<std::int64_t>& found, const std::vector<std::int64_t>& expected) {
    BOOST_TEST(found == expected, boost::test_tools::per_element());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(journal_series_drain)

BOOST_FIXTURE_TEST_CASE(nothing_to_write, drained) {
    BOOST_TEST(write() == 0);
    put({});
    BOOST_TEST(write() == 0);
    BOOST_TEST(test::tree(scratch / "metrics").empty());
}

BOOST_FIXTURE_TEST_CASE(every_point_once_and_what_comes_later_behind, drained) {
    put(points_from(0, 100));
    BOOST_TEST(write() == 0);
    BOOST_TEST(text() == test::lines_of(points_from(0, 100)).substr(0, text().size()));
    BOOST_TEST(steps().size() == 100u);
    BOOST_TEST(all_drained());
    BOOST_TEST(write() == 0);
    BOOST_TEST(steps().size() == 100u);
    blocks[0]->points[100] = {noon + 100, 0.5, 100};
    blocks[0]->count = 101;
    put(points_from(101, 50));
    BOOST_TEST(write() == 0);
    const std::vector<std::int64_t> found = steps();
    BOOST_REQUIRE(found.size() == 151u);
    for (std::size_t i = 0; i < found.size(); ++i) {
        BOOST_REQUIRE(found[i] == static_cast<std::int64_t>(i));
    }
    BOOST_TEST(all_drained());
}

BOOST_FIXTURE_TEST_CASE(lanes_are_merged_by_time, drained) {
    put({{noon + 5, 1.0, 5}, {noon + 7, 1.0, 7}});
    put({{noon + 1, 1.0, 1}, {noon + 6, 1.0, 6}});
    put({{given_time(noon + 3), 1.0, 3}, {noon + 9, 1.0, 9}});
    BOOST_TEST(write() == 0);
    expect(steps(), {1, 3, 5, 6, 7, 9});
    BOOST_TEST(test::points(scratch.path(), "loss")[1].timestamp == noon + 3);
    BOOST_TEST(all_drained());
}

BOOST_FIXTURE_TEST_CASE(blocks_of_one_millisecond_keep_the_order_of_their_hand_out, drained) {
    for (std::int64_t i = 0; i < 4; ++i) put({{noon, 1.0, 2 * i}, {noon, 1.0, 2 * i + 1}});
    std::swap(blocks[0], blocks[3]);
    std::swap(blocks[1], blocks[2]);
    BOOST_TEST(write() == 0);
    expect(steps(), {0, 1, 2, 3, 4, 5, 6, 7});
}

BOOST_FIXTURE_TEST_CASE(more_rows_than_one_write_takes, drained) {
    std::int64_t next = 0;
    for (int i = 0; i < 40; ++i) {
        put(points_from(next, journal_block::capacity));
        next += journal_block::capacity;
    }
    BOOST_TEST(write() == 0);
    const std::vector<std::int64_t> found = steps();
    BOOST_REQUIRE(found.size() == 40u * journal_block::capacity);
    for (std::size_t i = 0; i < found.size(); ++i) {
        BOOST_REQUIRE(found[i] == static_cast<std::int64_t>(i));
    }
    BOOST_TEST(all_drained());
    for (std::size_t at = 4096; at <= text().size(); at += 4096) BOOST_TEST(text()[at - 1] == '\n');
}

BOOST_FIXTURE_TEST_CASE(more_blocks_than_one_intent_takes, drained) {
    for (std::int64_t i = 0; i < 1000; ++i) put(points_from(i, 1));
    BOOST_TEST(write() == 0);
    BOOST_TEST(steps().size() == 1000u);
    BOOST_TEST(all_drained());
    BOOST_TEST(blocks.size() > 2 * journal_header::max_sources);
}

BOOST_FIXTURE_TEST_CASE(repeats_move_on_or_are_dropped_and_counted, drained) {
    put({{noon, 0.5, 1}, {noon, 0.5, 1}});
    put({{given_time(noon), 0.5, 1}, {given_time(noon - 5), 0.5, 1}});
    put({{given_time(noon - 5), 0.5, 1}});
    BOOST_TEST(write() == 0);
    BOOST_TEST(repeated == 2u);
    BOOST_TEST(steps().size() == 3u);
    BOOST_TEST(all_drained());
    const std::string before = text();
    put({{given_time(noon), 0.5, 1}});  // nothing but a repeat
    BOOST_TEST(write() == 0);
    BOOST_TEST(repeated == 3u);
    BOOST_TEST(text() == before);
    BOOST_TEST(all_drained());
    for (const auto& [row, count] : rows()) BOOST_TEST(count == 1);
}

BOOST_FIXTURE_TEST_CASE(what_the_disk_refuses_stays_and_comes_later, drained) {
    put(points_from(0, 10));
    BOOST_TEST(write() == 0);
    break_disk();
    put({{noon + 20, 0.5, 20}, {noon + 20, 0.5, 20}, {given_time(noon + 20), 0.5, 20}});
    for (int i = 0; i < 3; ++i) {
        BOOST_TEST(write() == ENOTDIR);
        BOOST_TEST(blocks[1]->drained.load() == 0u);
        BOOST_TEST(journal->file().header().intended.load() == 0u);
        BOOST_TEST(repeated == 0u);
    }
    blocks[1]->points[3] = {noon + 30, 0.5, 30};
    blocks[1]->count = 4;
    put(points_from(31, 2));
    mend_disk();
    BOOST_TEST(write() == 0);
    expect(steps(), {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 20, 20, 30, 31, 32});
    BOOST_TEST(repeated == 1u);
    BOOST_TEST(all_drained());
}

BOOST_FIXTURE_TEST_CASE(a_file_that_could_not_be_read_at_first, drained) {
    test::journaled_run::write(test::lines_of(points_from(0, 3)) + "17000");
    series_drain late(metric_file(run, "loss"), std::nullopt);
    const auto write_late = [&] {
        return late.write(journal->file(), series, blocks, journal->text(), repeated);
    };
    put({{noon, 0.5, 9}, {noon + 2, 0.2, 2}});
    break_disk();
    BOOST_TEST(write_late() == ENOTDIR);
    mend_disk();
    BOOST_TEST(write_late() == 0);
    expect(steps(), {0, 1, 2, 9, 2});
    for (const auto& [row, count] : rows()) BOOST_TEST(count == 1);
    BOOST_TEST(test::points(scratch.path(), "loss")[3].timestamp > noon + 2);
}

BOOST_FIXTURE_TEST_CASE(the_intent_tells_what_is_appended, drained) {
    put(points_from(0, 3));
    BOOST_TEST(write() == 0);
    const std::uint64_t length = text().size();
    put({{noon + 4, 0.5, 4}});
    put({{given_time(noon + 5), 0.5, 5}});
    BOOST_TEST(write() == 0);
    const journal_header& head = journal->file().header();  // the last one, carried out
    BOOST_TEST(head.intended.load() == 0u);
    BOOST_TEST(head.series == series);
    BOOST_TEST(head.file_length == length);
    BOOST_REQUIRE(head.rows == 2u);
    BOOST_TEST(journal->file().rows()[0].timestamp == noon + 4);
    BOOST_TEST(journal->file().rows()[1].timestamp == noon + 5);  // a row, not a stored point
    BOOST_REQUIRE(head.source_count == 2u);
    BOOST_TEST(head.sources[0].block == journal->file().index_of(*blocks[1]));
    BOOST_TEST(head.sources[1].block == journal->file().index_of(*blocks[2]));
    BOOST_TEST(head.sources[1].drained == 1u);
}

BOOST_AUTO_TEST_CASE(the_filter_begins_behind_the_file) {
    metric_file_state found;
    point row{5, 0.5, 0};
    const auto none = [](auto&&) { BOOST_ERROR("no history is needed"); };
    row_filter fresh = filter_behind(found);
    BOOST_TEST(fresh.admit(row, none));
    BOOST_TEST(row.timestamp == 5);
    found.exists = true;
    found.highest_timestamp = noon;
    row_filter behind = filter_behind(found);
    BOOST_TEST(behind.admit(row, none));
    BOOST_TEST(row.timestamp == noon + 1);
}

BOOST_FIXTURE_TEST_CASE(a_mark_tells_earlier_rows_from_later_ones, drained) {
    mlscribe::detail::rows_tail tail;
    BOOST_TEST(drain.mark(tail) == 0);
    BOOST_TEST(tail.empty());
    put({{noon, 1.0, 4}, {noon, 1.0, 4}, {noon, 2.0, 5}});
    BOOST_TEST(write() == 0);
    BOOST_TEST(drain.mark(tail) == 0);
    BOOST_TEST(tail.last_step == 5);
    BOOST_TEST(!tail.restarts);
    BOOST_TEST(tail.highest_time == noon + 1);  // the second row would repeat the first
    put({{noon, 3.0, 0}, {given_time(noon), 3.0, 1}});
    BOOST_TEST(write() == 0);
    const std::vector<point> found = test::points(scratch.path(), "loss");
    BOOST_REQUIRE(found.size() == 5u);
    BOOST_TEST(found[3].timestamp == noon + 2);
    BOOST_TEST(found[4].timestamp == noon);
    BOOST_TEST(drain.mark(tail) == 0);
    BOOST_TEST(tail.restarts);
}

BOOST_FIXTURE_TEST_CASE(a_mark_knows_the_rows_that_were_there, drained) {
    test::write_file(scratch / "metrics/loss", "7 1.0 3\n9 1.0 1\n");
    mlscribe::detail::series_drain later{mlscribe::detail::metric_file(run, "loss"), {}};
    mlscribe::detail::rows_tail tail;
    BOOST_TEST(later.mark(tail) == 0);
    BOOST_TEST(tail.last_step == 1);
    BOOST_TEST(tail.highest_time == 9);
    BOOST_TEST(tail.restarts);
}

BOOST_AUTO_TEST_SUITE_END()
