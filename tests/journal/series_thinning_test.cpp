// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/journal/series_drain.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "journal/test_journal.hpp"
#include "journal/thinning_reference.hpp"
#include "seed.hpp"

using mlscribe::error;
using mlscribe::error_code;
using mlscribe::point;
using mlscribe::detail::given_time;
using mlscribe::detail::journal_block;
using mlscribe::detail::journal_file;
using mlscribe::detail::metric_file;
using mlscribe::detail::row_filter;
using mlscribe::detail::series_drain;
using mlscribe::detail::thinned_series;
using test::noon;
using test::points_from;

namespace {

/// A series of a run that keeps so many points.
struct thinned : test::journaled_run {
    std::int64_t most = 100;
    std::uint32_t series = add("loss");
    std::unique_ptr<series_drain> drain;
    std::vector<journal_block*> blocks;

    thinned() {
        BOOST_REQUIRE_EQUAL(run.make("tags"), 0);
        begin();
    }

    void begin() {
        drain = std::make_unique<series_drain>(metric_file(run, "loss"), std::nullopt);
        drain->thin(most);
    }
    /// Another process goes on with the run, its journal is a new one.
    void resume() {
        make_journal();
        series = add("loss");
        blocks.clear();
        begin();
    }

    int put(const std::vector<point>& points) {
        for (std::size_t at = 0; at < points.size(); at += journal_block::capacity) {
            const auto first = points.begin() + static_cast<std::ptrdiff_t>(at);
            const auto count = (std::min)(points.size() - at, std::size_t{journal_block::capacity});
            blocks.push_back(fill(series, {first, first + static_cast<std::ptrdiff_t>(count)}));
        }
        return write();
    }
    int write() {
        std::uint64_t repeated = 0;
        const int failed = drain->write(journal->file(), series, blocks, journal->text(), repeated);
        if (failed == 0) {
            for (journal_block* const each : blocks) journal->file().give_back(*each);
            blocks.clear();
        }
        return failed;
    }
    int finish() { return drain->finish_thinning(journal->file(), series, journal->text()); }

    std::vector<point> file() const { return test::points(scratch.path(), "loss"); }
    std::string tag(const std::string& subject) const {
        const std::string path = scratch / ("tags/mlscribe." + subject + ".loss");
        return test::exists(path) ? test::read_file(path) : "none";
    }
    std::uint64_t inode() const {
        struct stat found {};
        BOOST_REQUIRE_EQUAL(run.status("metrics/loss", found), 0);
        return found.st_ino;
    }
    void append(const std::string& lines) const { write_behind(scratch / "metrics/loss", lines); }
    static void write_behind(const std::string& path, const std::string& lines) {
        const mlscribe::detail::descriptor file(::open(path.c_str(), O_WRONLY | O_APPEND));
        std::size_t written = 0;
        BOOST_REQUIRE_EQUAL(mlscribe::detail::write_all(file.get(), lines, written), 0);
    }

    void expect_thinned(const std::vector<point>& logged) const {
        const test::ordered_rows expected = test::thinned(logged, static_cast<std::size_t>(most));
        const std::vector<point> rows = file();
        const test::ordered_rows found(rows.begin(), rows.end());
        BOOST_TEST(rows.size() == found.size());
        BOOST_REQUIRE_EQUAL(found.size(), expected.size());
        BOOST_REQUIRE(std::equal(
            found.begin(), found.end(), expected.begin(),
            [](const point& a, const point& b) { return a.step == b.step && a.value == b.value; }));
        const std::size_t gone = logged.size() - expected.size();
        BOOST_TEST(tag("thinned_points") == (gone == 0 ? "none" : std::to_string(gone)));
    }
};

/// Values that set the lowest and the highest anew now and then.
std::vector<point> wandering(std::int64_t first, std::size_t count, std::mt19937_64& random) {
    std::vector<point> made = points_from(first, count);
    for (point& each : made) {
        each.value = static_cast<double>(static_cast<std::int64_t>(random() % 2001) - 1000) / 7.0;
    }
    return made;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(journal_series_thinning)

BOOST_FIXTURE_TEST_CASE(a_short_series_is_left_alone, thinned) {
    BOOST_TEST(put(points_from(0, 60)) == 0);
    BOOST_TEST(put(points_from(60, 40)) == 0);
    const std::uint64_t before = inode();
    BOOST_TEST(finish() == 0);
    BOOST_TEST(inode() == before);
    BOOST_TEST(text() == test::lines_of(points_from(0, 100)).substr(0, text().size()));
    BOOST_TEST(file().size() == 100u);
    BOOST_TEST(test::tree(scratch / "tags").empty());
}

BOOST_FIXTURE_TEST_CASE(the_bound_holds_after_every_drain, thinned) {
    std::mt19937_64 random(test::seed(1));
    std::vector<point> logged;
    for (int i = 0; i < 120; ++i) {
        const auto some = wandering(static_cast<std::int64_t>(logged.size()),
                                    1 + random() % (i % 40 == 0 ? 2000 : 30), random);
        BOOST_REQUIRE_EQUAL(put(some), 0);
        logged.insert(logged.end(), some.begin(), some.end());
        BOOST_REQUIRE(file().size() <= 100u);
        for (std::size_t at = 4096; at <= text().size(); at += 4096) {
            BOOST_REQUIRE(text()[at - 1] == '\n');
        }
        const test::row_counts in_file = rows();
        const auto value_less = [](const point& a, const point& b) { return a.value < b.value; };
        for (const point& must : {logged.front(), logged.back(),
                                  *std::min_element(logged.begin(), logged.end(), value_less),
                                  *std::max_element(logged.begin(), logged.end(), value_less)}) {
            BOOST_REQUIRE(in_file.count({must.timestamp, must.step, must.value}) == 1u);
        }
    }
    BOOST_TEST(finish() == 0);
    expect_thinned(logged);
    BOOST_TEST(!drain->take_problem());
}

BOOST_FIXTURE_TEST_CASE(the_end_does_not_tell_in_which_parts_points_were_drained, thinned) {
    std::mt19937_64 random(test::seed(2));
    for (int round = 0; round < 25; ++round) {
        most = static_cast<std::int64_t>(16 + random() % 200);
        run.remove("metrics/loss");
        for (const std::string& name : test::tree(scratch / "tags")) run.remove("tags/" + name);
        resume();
        const std::vector<point> logged = wandering(0, random() % 1500, random);
        for (std::size_t at = 0; at < logged.size();) {
            const std::size_t end = (std::min)(logged.size(), at + 1 + random() % 500);
            const auto begin = logged.begin();
            BOOST_REQUIRE_EQUAL(put({begin + static_cast<std::ptrdiff_t>(at),
                                     begin + static_cast<std::ptrdiff_t>(end)}),
                                0);
            at = end;
            if (random() % 20 == 0) resume();  // as after a kill that left nothing
            if (random() % 20 == 0) BOOST_REQUIRE_EQUAL(finish(), 0);
            if (random() % 20 == 0) {
                BOOST_REQUIRE_EQUAL(finish(), 0);
                resume();
            }
        }
        if (logged.empty()) continue;
        BOOST_REQUIRE_EQUAL(finish(), 0);
        const std::vector<point> rows = file();
        const test::ordered_rows expected = test::thinned(logged, static_cast<std::size_t>(most));
        BOOST_TEST_CONTEXT("round " << round << ", keep " << most << ", " << logged.size()) {
            BOOST_REQUIRE_EQUAL(rows.size(), expected.size());
            const test::row_counts found = this->rows();
            for (const point& row : expected) {
                BOOST_REQUIRE(found.count({row.timestamp, row.step, row.value}) == 1u);
            }
        }
    }
}

BOOST_FIXTURE_TEST_CASE(points_of_several_lanes_and_of_given_times, thinned) {
    std::mt19937_64 random(test::seed(3));
    std::vector<point> logged = wandering(0, 4000, random);
    for (std::size_t i = 0; i < logged.size(); ++i)
        logged[i].timestamp = noon + 20000 - 2 * logged[i].step;
    std::shuffle(logged.begin(), logged.end(), random);
    for (std::size_t at = 0; at < logged.size(); at += 250) {
        std::vector<point> some(logged.begin() + static_cast<std::ptrdiff_t>(at),
                                logged.begin() + static_cast<std::ptrdiff_t>(at + 250));
        for (point& each : some) each.timestamp = given_time(each.timestamp);
        for (std::size_t lane = 0; lane < 5; ++lane) {
            const auto first = some.begin() + static_cast<std::ptrdiff_t>(lane * 50);
            blocks.push_back(fill(series, {first, first + 50}));
        }
        BOOST_REQUIRE_EQUAL(write(), 0);
        BOOST_REQUIRE(file().size() <= 100u);
    }
    BOOST_TEST(finish() == 0);
    expect_thinned(logged);
}

BOOST_FIXTURE_TEST_CASE(a_file_that_was_long_before_is_thinned, thinned) {
    const std::vector<point> before = points_from(0, 5000);
    most = 0;
    begin();
    BOOST_TEST(put(before) == 0);
    BOOST_TEST(file().size() == 5000u);
    BOOST_REQUIRE_EQUAL(::chmod((scratch / "metrics/loss").c_str(), 0640), 0);
    most = 100;
    resume();
    std::vector<point> logged = before;
    const std::vector<point> more = points_from(5000, 3);
    BOOST_TEST(put(more) == 0);
    logged.insert(logged.end(), more.begin(), more.end());
    BOOST_TEST(file().size() <= 100u);
    BOOST_TEST(finish() == 0);
    expect_thinned(logged);
    struct stat found {};
    BOOST_REQUIRE_EQUAL(run.status("metrics/loss", found), 0);
    BOOST_TEST((found.st_mode & 07777) == 0640u);
}

BOOST_FIXTURE_TEST_CASE(few_bytes_are_written_for_a_long_series, thinned) {
    most = 1000;
    begin();
    std::size_t rewrites = 0;
    std::size_t rewritten = 0;
    std::size_t appended = 0;
    std::uint64_t present = 0;
    std::size_t length = 0;
    const auto count = [&] {
        const std::size_t now = text().size();
        if (present != 0 && inode() != present) {
            ++rewrites;
            rewritten += now;
        } else {
            appended += now - length;
        }
        present = inode();
        length = now;
    };
    for (std::int64_t step = 0; step < 1000000; step += 5000) {
        BOOST_REQUIRE_EQUAL(put(points_from(step, 5000)), 0);
        count();
    }
    BOOST_TEST(finish() == 0);
    count();
    BOOST_TEST_MESSAGE(rewrites << " rewrites of " << rewritten << " bytes, " << appended
                                << " appended");
    BOOST_TEST(rewrites < 30u);
    BOOST_TEST(rewritten + appended < 2000000u);  // of 44 MB
    BOOST_TEST(file().size() >= 375u);
    BOOST_TEST(file().size() <= 753u);
    BOOST_TEST(tag("thinned_points") == std::to_string(1000000 - file().size()));
}

BOOST_FIXTURE_TEST_CASE(another_writers_lines_stay_and_the_series_is_left_alone, thinned) {
    BOOST_TEST(put(points_from(0, 500)) == 0);
    const std::size_t before = file().size();
    append("1700000000000 77.5 3\n");
    BOOST_TEST(put(points_from(500, 500)) == 0);
    const error problem = drain->take_problem();
    BOOST_TEST((problem.code == error_code::already_exists));
    BOOST_TEST(problem.message.find("\"loss\"") != std::string::npos);
    BOOST_TEST(!drain->take_problem());
    BOOST_TEST(file().size() == before + 501u);
    BOOST_TEST(put(points_from(1000, 500)) == 0);
    BOOST_TEST(finish() == 0);
    BOOST_TEST(file().size() == before + 1001u);
    BOOST_TEST(rows().count({noon - noon + 1700000000000, 3, 77.5}) == 1u);
    BOOST_TEST(tag("thinned_points") == std::to_string(500 - before));
    BOOST_TEST(!drain->take_problem());
}

BOOST_FIXTURE_TEST_CASE(what_was_appended_to_a_file_that_was_replaced_is_carried_over, thinned) {
    BOOST_TEST(put(points_from(0, 90)) == 0);
    // Somebody has the file open.
    const mlscribe::detail::descriptor file_of_before(
        ::open((scratch / "metrics/loss").c_str(), O_WRONLY | O_APPEND));
    const std::uint64_t before = inode();
    BOOST_TEST(put(points_from(90, 20)) == 0);
    BOOST_REQUIRE(inode() != before);
    const std::size_t left = file().size();
    std::size_t written = 0;
    mlscribe::detail::write_all(file_of_before.get(), "1700000000000 77.5 3\n", written);
    BOOST_TEST(put(points_from(110, 30)) == 0);
    BOOST_TEST(rows().count({1700000000000, 3, 77.5}) == 1u);
    BOOST_TEST(file().size() == left + 31u);
    BOOST_TEST((drain->take_problem().code == error_code::already_exists));
}

BOOST_FIXTURE_TEST_CASE(the_last_look_carries_over_too, thinned) {
    BOOST_TEST(put(points_from(0, 110)) == 0);
    BOOST_TEST(put(points_from(110, 5)) == 0);
    const mlscribe::detail::descriptor file_of_before(
        ::open((scratch / "metrics/loss").c_str(), O_WRONLY | O_APPEND));
    const std::uint64_t before = inode();
    BOOST_TEST(finish() == 0);
    BOOST_REQUIRE(inode() != before);
    const std::size_t left = file().size();
    std::size_t written = 0;
    mlscribe::detail::write_all(file_of_before.get(), "1700000000000 77.5 3\n", written);
    BOOST_TEST(drain->carry_over(journal->text()) == 0);
    BOOST_TEST(file().size() == left + 1u);
    BOOST_TEST(drain->carry_over(journal->text()) == 0);
    BOOST_TEST(file().size() == left + 1u);
}

BOOST_FIXTURE_TEST_CASE(a_key_in_another_journal_is_left_alone, thinned) {
    BOOST_TEST(put(points_from(0, 90)) == 0);
    const std::string name = std::string(mlscribe::detail::writer::mark) + "+host+boot+space+1+2+0";
    journal_file other;
    BOOST_REQUIRE_EQUAL(other.create(run, name, std::size_t{1} << 20), 0);
    std::uint32_t of_other = 0;
    BOOST_REQUIRE_EQUAL(other.add_key("accuracy", of_other), 0);
    BOOST_TEST(put(points_from(90, 20)) == 0);
    BOOST_TEST(file().size() < 100u);
    BOOST_TEST(!drain->take_problem());
    BOOST_REQUIRE_EQUAL(other.add_key("loss", of_other), 0);
    const std::size_t before = file().size();
    BOOST_TEST(put(points_from(110, 1000)) == 0);
    BOOST_TEST(file().size() == before + 1000u);
    BOOST_TEST((drain->take_problem().code == error_code::already_exists));
}

BOOST_FIXTURE_TEST_CASE(lines_of_a_data_set_are_not_written_anew, thinned) {
    test::journaled_run::write("1700000000000 0.5 0 data digest\n");
    begin();
    BOOST_TEST(put(points_from(1, 500)) == 0);
    BOOST_TEST(finish() == 0);
    BOOST_TEST(text().find("1700000000000 0.5 0 data digest\n") == 0u);
    BOOST_TEST(rows().size() == 501u);
    BOOST_TEST((drain->take_problem().code == error_code::already_exists));
}

BOOST_FIXTURE_TEST_CASE(a_level_that_cannot_be_told_keeps_all_until_it_can, thinned) {
    std::filesystem::remove(scratch / "tags");
    test::write_file(scratch / "tags", "in the way");
    BOOST_TEST(put(points_from(0, 300)) == 0);
    BOOST_TEST(put(points_from(300, 300)) == 0);
    BOOST_TEST(file().size() == 600u);
    const error problem = drain->take_problem();
    BOOST_TEST((problem.code == error_code::system));
    BOOST_TEST(problem.system_code == ENOTDIR);
    BOOST_TEST(!drain->take_problem());
    BOOST_TEST(finish() != 0);
    std::filesystem::remove(scratch / "tags");
    BOOST_TEST(put(points_from(600, 1)) == 0);
    BOOST_TEST(file().size() <= 100u);
    BOOST_TEST(finish() == 0);
    expect_thinned(points_from(0, 601));
}

BOOST_FIXTURE_TEST_CASE(what_the_disk_refuses_comes_later, thinned) {
    BOOST_TEST(put(points_from(0, 300)) == 0);
    break_disk();
    BOOST_TEST(put(points_from(300, 300)) != 0);
    BOOST_TEST(write() != 0);
    drain->thin(50);  // not in between
    mend_disk();
    BOOST_TEST(write() == 0);
    BOOST_TEST(put(points_from(600, 2)) == 0);
    BOOST_TEST(finish() == 0);
    expect_thinned(points_from(0, 602));
}

BOOST_FIXTURE_TEST_CASE(a_recovery_goes_on_where_the_process_died, thinned) {
    BOOST_TEST(put(points_from(0, 90)) == 0);
    BOOST_TEST(put(points_from(90, 20)) == 0);
    for (std::int64_t step = 110; step < 3000; step += 100) {
        fill(series, points_from(step, 100));
    }
    BOOST_TEST(recover() >= 2900);
    expect_thinned(points_from(0, 3010));
    BOOST_TEST(recover() == 0);
    expect_thinned(points_from(0, 3010));
    make_journal();
    series = add("loss");
    blocks.clear();
    begin();
    BOOST_TEST(put(points_from(3010, 500)) == 0);
    BOOST_TEST(finish() == 0);
    expect_thinned(points_from(0, 3510));
}

BOOST_FIXTURE_TEST_CASE(a_recovery_thins_what_never_was, thinned) {
    BOOST_TEST(put(points_from(0, 1)) == 0);
    for (std::int64_t step = 1; step < 1000; step += 100) fill(series, points_from(step, 100));
    recover();
    expect_thinned(points_from(0, 1001));
}

BOOST_FIXTURE_TEST_CASE(an_intent_that_was_carried_out_counts_once, thinned) {
    BOOST_TEST(put(points_from(0, 150)) == 0);
    // Died when the rows of an intent stood in the file, in whole or not at all.
    thinned_series* const entry = journal->file().thinned().at(series);
    BOOST_TEST(entry->given == 150u);
    journal_block* const block = fill(series, points_from(150, 50));
    const std::vector<point> chosen = {points_from(152, 1)[0], points_from(199, 1)[0]};
    const std::uint64_t length = text().size();
    append(test::lines_of(chosen));
    journal->file().intend(series, length, chosen, {{journal->file().index_of(*block), 50}}, entry,
                           200);
    recover();
    BOOST_TEST(tag("thinned_points") == std::to_string(200 - file().size()));
    BOOST_TEST(rows().count({noon + 199, 199, points_from(199, 1)[0].value}) == 1u);
    BOOST_TEST(recover() == 0);
    BOOST_TEST(tag("thinned_points") == std::to_string(200 - file().size()));
}

BOOST_FIXTURE_TEST_CASE(thinning_that_ends_keeps_what_comes, thinned) {
    BOOST_TEST(put(points_from(0, 200)) == 0);
    drain->thin(0);
    const std::size_t before = file().size();
    BOOST_TEST(put(points_from(200, 200)) == 0);
    BOOST_TEST(file().size() == before + 200);
    drain->thin(50);
    BOOST_TEST(put(points_from(400, 200)) == 0);
    BOOST_TEST(file().size() <= 50u);
}

BOOST_AUTO_TEST_SUITE_END()
