// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/journal/metric_cut.hpp>

#include <cstdint>
#include <string>

#include "test_journal.hpp"

using mlscribe::detail::durability;
using mlscribe::detail::row_cut;

namespace {

struct cut_run : test::journaled_run {
    std::uint64_t count = 0;

    int cut(std::int64_t from_step, const std::string& key = "loss",
            const std::string& number = "1") {
        row_cut rule;
        rule.from_step = from_step;
        return cut_metric(run, key, rule, "artifacts/cut_points/" + number, durability::synced,
                          count);
    }
    std::string kept(const std::string& name = "loss.txt") const {
        return test::read_file(scratch / ("artifacts/cut_points/1/" + name));
    }
    bool has(const std::string& path) const { return test::exists(scratch / path); }
    bool is_clean() const {
        bool clean = true;
        for (const std::string& path : test::tree(scratch.path())) {
            clean = clean && path.find(".mlscribe-") == std::string::npos;
        }
        return clean;
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(journal_metric_cut)

BOOST_FIXTURE_TEST_CASE(lines_keep_their_bytes, cut_run) {
    // As Python writes them: a NaN, an integer for a value, no step, a dataset's name and digest.
    const std::string head = "1 nan 0\n2 1 1\n3 0.50\n4 1e3 2\n5 inf 3 name digest\n";
    write(head + "6 -0.0 5\n7 NaN 4\n8 1.0 3\n");
    BOOST_TEST(cut(4) == 0);
    BOOST_TEST(text() == head + "8 1.0 3\n");
    BOOST_TEST(kept() == "6 -0.0 5\n7 NaN 4\n");
    BOOST_TEST(count == 2u);
    BOOST_TEST(is_clean());
}

BOOST_FIXTURE_TEST_CASE(nothing_to_cut_touches_nothing, cut_run) {
    write("1 1.0 0\n");
    const auto before = std::filesystem::last_write_time(scratch / "metrics/loss");
    BOOST_TEST(cut(1) == 0);
    BOOST_TEST(cut(0, "absent") == 0);
    BOOST_TEST((std::filesystem::last_write_time(scratch / "metrics/loss") == before));
    BOOST_TEST(!has("artifacts/cut_points"));
    BOOST_TEST(count == 0u);
}

BOOST_FIXTURE_TEST_CASE(a_metric_without_a_row_has_no_file, cut_run) {
    write("1 1.0 0\n2 1.0 1\n", "val/loss");
    BOOST_TEST(cut(0, "val/loss") == 0);
    BOOST_TEST(!has("metrics/val/loss"));
    BOOST_TEST(kept("val/loss.txt") == "1 1.0 0\n2 1.0 1\n");
}

BOOST_FIXTURE_TEST_CASE(a_torn_line_is_kept_as_when_the_metric_is_opened, cut_run) {
    write("1 1.0 0\n2 1.0 1\n3 1.");
    BOOST_TEST(cut(1) == 0);
    BOOST_TEST(text() == "1 1.0 0\n");
    BOOST_TEST(kept() == "2 1.0 1\n");
    BOOST_TEST(test::read_file(scratch / "artifacts/torn_lines/loss.txt") == "3 1.\n");
}

BOOST_FIXTURE_TEST_CASE(artifacts_of_metrics_that_would_be_file_and_folder, cut_run) {
    write("1 1.0 0\n", "a.txt/b");
    write("1 2.0 0\n", "a");
    write("1 3.0 0\n", "c");
    write("1 4.0 0\n", "c.txt/d");
    for (const char* key : {"a.txt/b", "a", "c", "c.txt/d"}) BOOST_TEST(cut(0, key) == 0);
    BOOST_TEST(kept("a.txt/b.txt") == "1 1.0 0\n");
    BOOST_TEST(kept("a_x_.txt") == "1 2.0 0\n");
    BOOST_TEST(kept("c.txt") == "1 3.0 0\n");
    BOOST_TEST(kept("c.txt_x2F_d.txt") == "1 4.0 0\n");
}

BOOST_FIXTURE_TEST_CASE(no_line_crosses_a_border, cut_run) {
    std::string lines;
    for (int i = 0; i < 5000; ++i) {
        lines += std::to_string(1700000000000 + i) + " 0." + std::to_string(i) + ' ' +
                 std::to_string(i % 7 == 0 ? 9000 : i) + '\n';
    }
    write(lines);
    BOOST_TEST(cut(4900) == 0);
    for (const std::string& file : {text(), kept()}) {
        for (std::size_t at = 4095; at < file.size(); at += 4096) BOOST_REQUIRE(file[at] == '\n');
    }
    BOOST_TEST(rows().size() + count == 5000u);
}

BOOST_FIXTURE_TEST_CASE(rows_that_no_file_has_lost_are_withdrawn, cut_run) {
    const std::string place = "artifacts/cut_points/1";
    write("1 nan 0\n2 1.0 1\n");
    test::write_file(scratch / (place + "/loss.txt"), "2 1.0 1\n");
    BOOST_TEST(withdraw_cut_rows(run, "loss", place) == 0);
    BOOST_TEST(!has(place + "/loss.txt"));
    // The row went; another came.
    write("1 nan 0\n9 1.0 1\n");
    test::write_file(scratch / (place + "/loss.txt"), "2 1.0 1\n9 1.0 1\n");
    BOOST_TEST(withdraw_cut_rows(run, "loss", place) == 0);
    BOOST_TEST(has(place + "/loss.txt"));
    BOOST_TEST(withdraw_cut_rows(run, "absent", place) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
