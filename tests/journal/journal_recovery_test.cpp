// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/journal/journal_recovery.hpp>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "child_process.hpp"
#include "journal/test_journal.hpp"
#include "seed.hpp"

using mlscribe::metric_block;
using mlscribe::point;
using mlscribe::detail::drained_block;
using mlscribe::detail::given_time;
using mlscribe::detail::journal_block;
using mlscribe::detail::journal_file;
using mlscribe::detail::recovered_points;
using test::noon;
using test::points_from;
using test::row_counts;

namespace {

row_counts once(const std::vector<point>& rows) {
    row_counts counts;
    for (const point& row : rows) test::count_row(counts, row);
    return counts;
}

std::vector<point> joined(std::vector<point> a, const std::vector<point>& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

/// Points that a drain was about to append when its process died.
struct interrupted : test::journaled_run {
    std::vector<point> before;  ///< in the file
    std::vector<point> rows;    ///< of the intent
    std::vector<point> later;   ///< in the block, but not of the intent
    std::string old_text;
    std::string new_text;
    std::string whole_;  ///< a journal to damage

    void plan(std::size_t in_file, std::size_t intended, std::size_t behind) {
        before = points_from(0, in_file);
        rows = points_from(static_cast<std::int64_t>(in_file), intended);
        later = points_from(static_cast<std::int64_t>(in_file + intended), behind);
        const std::unique_ptr<metric_block> block(new metric_block);
        old_text = test::lines_of(before);
        block->render(rows.data(), rows.size(), old_text.size());
        new_text = std::string(block->bytes());
    }

    /// \param written    of the intent's bytes
    /// \param committed  how many of the sources were
    void die(std::size_t written, const std::string& foreign = "", std::size_t committed = 0) {
        make_journal();
        const std::uint32_t series = add("loss");
        std::vector<point> all = joined(rows, later);
        std::vector<drained_block> sources;
        std::size_t left = rows.size();
        while (!all.empty()) {
            const std::size_t count = (std::min)(all.size(), std::size_t{journal_block::capacity});
            const auto end = all.begin() + static_cast<std::ptrdiff_t>(count);
            const journal_block* const block = fill(series, {all.begin(), end});
            const std::size_t intended = (std::min)(left, count);
            if (intended != 0) {
                sources.push_back(
                    {journal->file().index_of(*block), static_cast<std::uint32_t>(intended)});
            }
            left -= intended;
            all.erase(all.begin(), end);
        }
        journal->file().intend(series, old_text.size(), rows, sources);
        for (std::size_t i = 0; i < committed; ++i) {
            journal->file().block(sources[i].block).drained = sources[i].drained;
        }
        const std::string bytes = old_text + new_text.substr(0, written) + foreign;
        if (bytes.empty()) {
            run.remove("metrics/loss");
        } else {
            write(bytes);
        }
    }

    std::vector<point> expected() const { return joined(joined(before, rows), later); }

    /// Recovers twice. \return whether every point stands in the file once
    bool is_made_whole(const std::vector<point>& others = {}) {
        if (recover() < 0) return false;
        const std::string after = text();
        const bool whole = rows_in_file() == once(joined(expected(), others));
        const bool again = recover() == 0 && text() == after;
        return whole && again && !test::exists(scratch / "artifacts/torn_lines");
    }
    row_counts rows_in_file() const { return test::journaled_run::rows(); }
};

/// Pages reach the disk in any order when a host loses its power, and a copy may be cut off.
std::string damaged(std::string bytes, std::mt19937& random) {
    const auto below = [&random](std::size_t end) { return random() % end; };
    const auto overwrite = [&](std::size_t at, std::size_t count, int kind) {
        for (std::size_t i = at; i < (std::min)(at + count, bytes.size()); ++i) {
            bytes[i] = static_cast<char>(kind == 0 ? 0 : kind == 1 ? 255 : below(256));
        }
    };
    const std::size_t page = 4096;
    for (std::size_t i = 0; i < 1 + below(4); ++i) {
        if (bytes.size() < 2 * page) break;
        const std::size_t of_header = 12 + below(100);
        const std::size_t block = page * below(bytes.size() / page);
        switch (below(8)) {
            case 0:
                bytes.resize(below(bytes.size()));
                break;
            case 1:
                overwrite(block, page, static_cast<int>(below(3)));
                break;
            case 2:
                overwrite(block, 4 + below(60), static_cast<int>(below(3)));
                break;
            case 3:
                overwrite(of_header, 1 + below(8), static_cast<int>(below(3)));
                break;
            case 4:
                bytes.replace(block, page, bytes, page * below(bytes.size() / page), page);
                break;
            case 5:
                bytes += bytes.substr(bytes.size() - page);
                break;
            default:
                for (std::size_t k = 0; k < 1 + below(8); ++k) {
                    overwrite(12 + below(bytes.size() - 12), 1, 2);
                }
        }
    }
    return bytes;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(journal_journal_recovery)

BOOST_FIXTURE_TEST_CASE(no_intent_only_points, test::journaled_run) {
    const std::uint32_t loss = add("loss");
    add("never");
    fill(loss, points_from(0, 168));
    fill(loss, points_from(168, 3));
    recovered_points result;
    BOOST_TEST(recover(result) == 0);
    BOOST_TEST(result.points == 171u);
    BOOST_TEST(result.last_time == noon + 170);
    BOOST_TEST((rows() == once(points_from(0, 171))));
    BOOST_TEST(!test::exists(scratch / "metrics/never"));
    BOOST_TEST(recover() == 0);
    BOOST_TEST((rows() == once(points_from(0, 171))));
}

BOOST_FIXTURE_TEST_CASE(an_empty_journal, test::journaled_run) {
    recovered_points result;
    BOOST_TEST(recover(result) == 0);
    BOOST_TEST(result.points == 0u);
    BOOST_TEST(result.last_time == INT64_MIN);
    BOOST_TEST(test::tree(scratch / "metrics").empty());
}

BOOST_FIXTURE_TEST_CASE(at_every_byte_of_the_write, interrupted) {
    for (const std::size_t in_file : {std::size_t{0}, std::size_t{2}}) {
        for (const std::size_t behind : {std::size_t{0}, std::size_t{3}}) {
            plan(in_file, 4, behind);
            for (std::size_t written = 0; written <= new_text.size(); ++written) {
                if (in_file == 0 && written != 0 && written != new_text.size()) continue;
                die(written);
                BOOST_REQUIRE_MESSAGE(is_made_whole(), "at " << written << " of " << new_text);
            }
        }
    }
}

BOOST_FIXTURE_TEST_CASE(the_count_is_of_what_was_written, interrupted) {
    plan(2, 4, 3);
    die(0);
    BOOST_TEST(recover() == 7);
    die(new_text.find('\n') + 5);
    BOOST_TEST(recover() == 6);
    die(new_text.size());
    BOOST_TEST(recover() == 3);
    die(new_text.size(), "", 1);
    BOOST_TEST(recover() == 3);
}

BOOST_FIXTURE_TEST_CASE(across_a_page_border_with_its_padding, interrupted) {
    std::size_t padded = 0;
    for (std::size_t in_file = 104; in_file <= 107; ++in_file) {
        plan(in_file, 12, 2);
        const std::size_t border = 4096 - old_text.size();
        BOOST_REQUIRE(old_text.size() < 4096u);
        BOOST_REQUIRE(new_text.size() > border);
        BOOST_REQUIRE(new_text[border - 1] == '\n');
        padded += new_text[border - 2] == ' ' ? 1u : 0u;
        for (std::size_t written = 0; written <= new_text.size(); ++written) {
            die(written);
            BOOST_REQUIRE_MESSAGE(is_made_whole(), in_file << " rows, at " << written);
        }
    }
    BOOST_TEST(padded != 0u);
}

// The disk was full when it was named: that part of the journal was memory.
BOOST_FIXTURE_TEST_CASE(the_intent_of_a_series_without_a_name_holds_nobody_up, interrupted) {
    const std::uint32_t loss = add("loss");
    fill(loss, points_from(0, 10));
    journal->file().intend(loss + 5, 0, points_from(20, 3), {});
    BOOST_TEST(recover() == 10);
    BOOST_TEST(text() == test::lines_of(points_from(0, 10)));
    BOOST_TEST(journal->file().header().intended.load() == 0u);
}

BOOST_FIXTURE_TEST_CASE(a_whole_write_over_many_blocks_and_pages, interrupted) {
    plan(50, 800, 100);
    std::mt19937 random(test::seed(7));
    for (int i = 0; i < 60; ++i) {
        die(random() % (new_text.size() + 1));
        BOOST_REQUIRE(is_made_whole());
    }
}

BOOST_FIXTURE_TEST_CASE(written_and_committed_in_part_but_not_cleared, interrupted) {
    plan(2, 500, 20);
    for (std::size_t committed = 0; committed <= 3; ++committed) {
        die(new_text.size(), "", committed);
        BOOST_TEST(is_made_whole());
        BOOST_TEST(journal->file().header().intended.load() == 0u);
    }
}

BOOST_FIXTURE_TEST_CASE(another_writers_lines_in_between, interrupted) {
    const std::vector<point> others = {{noon - 9, 123.0, 77}, {noon + 1, 124.0, 78}};
    const std::string foreign = test::lines_of(others);
    plan(2, 5, 2);
    for (std::size_t at = 0; at != std::string::npos; at = new_text.find('\n', at)) {
        at += at == 0 ? 0 : 1;
        die(at, foreign);
        BOOST_TEST(is_made_whole(others));
        BOOST_TEST(text().find(foreign) != std::string::npos);
        if (at == new_text.size()) break;
        if (at == 0) at = 1;
    }
}

BOOST_FIXTURE_TEST_CASE(another_writers_line_behind_a_torn_one, interrupted) {
    const std::vector<point> other = {{noon + 1, 124.0, 78}};
    plan(2, 5, 2);
    const std::size_t line = new_text.find('\n') + 1;
    for (std::size_t written = 1; written < line; ++written) {
        die(written, test::lines_of(other));
        BOOST_REQUIRE(recover() == 7);
        const row_counts found = rows_in_file();
        for (const auto& [row, count] : once(joined(before, rows))) {
            BOOST_REQUIRE(found.count(row) == 1u);
            BOOST_REQUIRE(found.at(row) == count);
        }
        // The two lines that became one may look like a row of a far future: later ones follow it.
        for (const point& row : later) {
            int times = 0;
            for (const auto& [key, count] : found) {
                if (std::get<1>(key) == row.step && std::get<2>(key) == row.value) times += count;
            }
            BOOST_REQUIRE(times == 1);
        }
        BOOST_REQUIRE(recover() == 0);
    }
}

BOOST_FIXTURE_TEST_CASE(another_writers_torn_line_is_kept_aside, interrupted) {
    plan(2, 5, 2);
    for (const std::size_t written : {std::size_t{0}, new_text.size()}) {
        die(written, "1600000000000 0.1");
        BOOST_TEST(recover() == (written == 0 ? 7 : 2));
        BOOST_TEST((rows_in_file() == once(expected())));
        BOOST_TEST(test::read_file(scratch / "artifacts/torn_lines/loss.txt") ==
                   "1600000000000 0.1\n");
        BOOST_TEST(recover() == 0);
        std::filesystem::remove_all(scratch / "artifacts/torn_lines");
    }
}

/// The pending append of one metric must not be forgotten over the points of another.
BOOST_FIXTURE_TEST_CASE(points_of_another_metric_wait_as_well, test::journaled_run) {
    for (const bool written : {false, true}) {
        make_journal();
        const std::uint32_t accuracy = add("accuracy");
        const std::uint32_t loss = add("loss");
        const std::uint32_t rate = add("rate");
        fill(accuracy, points_from(0, 5));
        const journal_block* const block = fill(loss, points_from(0, 5));
        fill(rate, points_from(0, 5));
        journal->file().intend(loss, 0, points_from(0, 3), {{journal->file().index_of(*block), 3}});
        for (const char* key : {"accuracy", "loss", "rate"}) {
            run.remove(std::string("metrics/") + key);
        }
        if (written) write(test::lines_of(points_from(0, 3)));
        BOOST_TEST(recover() == (written ? 12 : 15));
        for (const char* key : {"accuracy", "loss", "rate"}) {
            BOOST_TEST((rows(key) == once(points_from(0, 5))), key);
        }
        BOOST_TEST(recover() == 0);
    }
}

BOOST_FIXTURE_TEST_CASE(repeats_are_not_counted_as_points, test::journaled_run) {
    const std::uint32_t loss = add("loss");
    fill(loss, {{given_time(noon), 0.5, 1}, {given_time(noon), 0.5, 1}, {noon + 1, 0.5, 2}});
    const journal_block* const block = fill(loss, {{given_time(noon), 0.5, 1}});
    // Nothing to append: what was taken were repeats.
    journal->file().intend(loss, 0, {}, {{journal->file().index_of(*block), 1}});
    recovered_points result;
    BOOST_TEST(recover(result) == 0);
    BOOST_TEST(result.points == 2u);
    BOOST_TEST(result.last_time == noon + 1);
    BOOST_TEST(rows().size() == 2u);
}

BOOST_FIXTURE_TEST_CASE(library_times_go_on_behind_the_file, test::journaled_run) {
    write(test::lines_of({{noon + 100, 0.5, 0}}));
    const std::uint32_t loss = add("loss");
    fill(loss, {{noon, 0.5, 0}, {noon + 100, 0.5, 0}});
    BOOST_TEST(recover() == 2);
    BOOST_TEST(rows().size() == 3u);
    for (const auto& [row, count] : rows()) BOOST_TEST(count == 1);
}

BOOST_FIXTURE_TEST_CASE(a_refusing_disk_and_a_second_try, interrupted) {
    plan(2, 5, 3);
    for (const std::size_t written : {std::size_t{0}, std::size_t{30}, new_text.size()}) {
        die(written);
        break_disk();
        recovered_points result;
        BOOST_TEST(recover(result) == ENOTDIR);
        BOOST_TEST(result.failed_key == "loss");
        mend_disk();
        BOOST_TEST(is_made_whole());
    }
}

BOOST_FIXTURE_TEST_CASE(killed_while_it_recovers, interrupted) {
    std::mt19937 random(test::seed(11));
    // Kills must fall into a recovery and behind it, however fast this build and machine are.
    plan(20, 800, 9000);
    die(0);
    const auto begin = std::chrono::steady_clock::now();
    BOOST_REQUIRE(test::in_child([this] { return std::to_string(recover()); }) == "9800");
    const auto one = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::steady_clock::now() - begin);
    const auto window =
        static_cast<unsigned>(std::clamp<std::int64_t>(3 * one.count() / 2, 1, 200000));
    int killed = 0;
    for (int round = 0; round < 40; ++round) {
        plan(20, 800, 9000);
        die(random() % (new_text.size() + 1));
        for (int attempt = 0; attempt < 3; ++attempt) {
            test::child_process child([this] { return std::to_string(recover()); });
            ::usleep(static_cast<useconds_t>(random() % window));
            child.kill();
            killed += child.result() == "signal 9" ? 1 : 0;
        }
        BOOST_REQUIRE(is_made_whole());
    }
    BOOST_TEST_MESSAGE(killed << " of 120 recoveries were killed");
    BOOST_TEST(killed > 10);
}

BOOST_FIXTURE_TEST_CASE(a_damaged_journal_harms_nothing, interrupted) {
    std::mt19937 random(test::seed(13));
    plan(5, 300, 100);
    std::size_t written = 0;
    std::size_t refused = 0;
    const std::int64_t until = mlscribe::detail::milliseconds_now() + 5000;
    int round = 0;
    for (; round < 3000 && mlscribe::detail::milliseconds_now() < until; ++round) {
        if (round % 50 == 0) die(random() % (new_text.size() + 1), "", random() % 3);
        if (round % 50 == 0) whole_ = test::read_file(scratch / "journal");
        std::filesystem::remove_all(scratch / "metrics");
        std::filesystem::remove_all(scratch / "artifacts");
        run.make("metrics");
        run.make("artifacts");
        write(old_text);
        test::write_file(scratch / "journal", damaged(whole_, random));
        journal.reset(new mlscribe::detail::run_journal);
        const int unopened = journal->file().open(run, "journal");
        recovered_points result;
        if (unopened == 0) {
            recover_points(run, *journal, result);
            written += static_cast<std::size_t>(result.points);
        } else {
            BOOST_REQUIRE(unopened == EINVAL);
            ++refused;
        }
        BOOST_REQUIRE(text().compare(0, old_text.size(), old_text) == 0);
        // No file but of metrics that MLflow reads, no line that it does not.
        for (const std::string& path : test::tree(scratch.path())) {
            if (path.back() == '/' || path == "journal") continue;
            BOOST_REQUIRE_MESSAGE(path.compare(0, 8, "metrics/") == 0, path);
            const std::string key = path.substr(8);
            BOOST_REQUIRE(!key_problem(mlscribe::key_kind::metric, key));
            BOOST_REQUIRE_NO_THROW(test::points(scratch.path(), key));
        }
    }
    BOOST_TEST_MESSAGE(round << " journals: " << refused << " refused, " << written << " points");
    BOOST_TEST(round >= 20);
    BOOST_TEST(refused > 0u);
    BOOST_TEST(written > 0u);
}

BOOST_FIXTURE_TEST_CASE(a_key_that_is_none_makes_no_file, test::journaled_run) {
    test::write_file(scratch / "outside", "1 2 3\n");
    for (const char* key : {"../outside", "../../x", "/x", "a//b", "a\n", "a@", "..", "."}) {
        make_journal();
        fill(add(key), points_from(0, 3));
        const auto before = test::tree(scratch.path());
        BOOST_TEST(recover() == 0, key);
        BOOST_TEST(test::tree(scratch.path()) == before, boost::test_tools::per_element());
    }
    BOOST_TEST(test::read_file(scratch / "outside") == "1 2 3\n");
}

BOOST_FIXTURE_TEST_CASE(one_series_in_the_way_does_not_hold_up_the_others, test::journaled_run) {
    for (const char* key : {"a", "loss", "z"}) fill(add(key), points_from(0, 5));
    std::filesystem::create_directory(scratch / "metrics/loss");
    recovered_points result;
    BOOST_TEST(recover(result) != 0);
    BOOST_TEST(result.failed_key == "loss");
    BOOST_TEST(result.points == 10u);
    BOOST_TEST((rows("a") == once(points_from(0, 5))));
    BOOST_TEST((rows("z") == once(points_from(0, 5))));
    std::filesystem::remove(scratch / "metrics/loss");
    BOOST_TEST(recover() == 5);
    BOOST_TEST((rows() == once(points_from(0, 5))));
}

BOOST_FIXTURE_TEST_CASE(others_see_that_the_recovery_lives, test::journaled_run) {
    fill(add("loss"), points_from(0, 5));
    timespec times[2] = {};
    BOOST_REQUIRE(::utimensat(AT_FDCWD, (scratch / "journal").c_str(), times, 0) == 0);
    BOOST_TEST(recover() == 5);
    struct stat found {};
    BOOST_REQUIRE(run.status("journal", found) == 0);
    BOOST_TEST(found.st_mtime > 1000000);
}

BOOST_AUTO_TEST_SUITE_END()
