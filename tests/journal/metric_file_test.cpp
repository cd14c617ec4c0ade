// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/journal/metric_file.hpp>

#include <sys/resource.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "scratch_directory.hpp"

using mlscribe::metric_block;
using mlscribe::metric_line_capacity;
using mlscribe::point;
using mlscribe::detail::descriptor;
using mlscribe::detail::directory;
using mlscribe::detail::metric_file;
using mlscribe::detail::metric_file_state;

namespace {

struct run_folder {
    test::scratch_directory scratch;
    directory run;

    run_folder() {
        BOOST_REQUIRE_EQUAL(directory::open(scratch.path(), run), 0);
        BOOST_REQUIRE_EQUAL(run.make("metrics"), 0);
    }
    std::string text(const std::string& key = "loss") const {
        return test::read_file(scratch / ("metrics/" + key));
    }
    void write(const std::string& bytes) const {
        test::write_file(scratch / "metrics/loss", bytes);
    }
    std::vector<std::string> metrics() const { return test::tree(scratch / "metrics"); }
};

std::vector<point> rows(std::size_t count, std::int64_t first = 0) {
    std::vector<point> made;
    for (std::size_t i = 0; i < count; ++i) {
        const std::int64_t step = first + static_cast<std::int64_t>(i);
        made.push_back({1700000000000 + step, 1.0 / (static_cast<double>(step) + 3), step});
    }
    return made;
}

/// Appends in as many parts as it takes, until one fails.
int append(const metric_file& file, const std::vector<point>& points) {
    const std::unique_ptr<metric_block> block(new metric_block);
    descriptor open_file;
    for (std::size_t at = 0; at < points.size(); at += metric_file::max_rows) {
        const std::size_t count = (std::min)(metric_file::max_rows, points.size() - at);
        const auto first = points.begin() + static_cast<std::ptrdiff_t>(at);
        const int failed =
            file.append(open_file, {first, first + static_cast<std::ptrdiff_t>(count)}, *block,
                        [](std::uint64_t) {});
        if (failed != 0) return failed;
    }
    return 0;
}

/// Whether no line of the file crosses a page border.
bool borders_kept(const std::string& text) {
    for (std::size_t at = 4096; at <= text.size(); at += 4096) {
        if (text[at - 1] != '\n') return false;
    }
    return true;
}

const std::string whole = "1700000000000 0.9876 41\n";

}  // namespace

BOOST_AUTO_TEST_SUITE(journal_metric_file)

BOOST_FIXTURE_TEST_CASE(no_file_yet, run_folder) {
    metric_file file(run, "loss");
    metric_file_state found;
    BOOST_TEST(file.path() == "metrics/loss");
    BOOST_TEST(file.open_existing(found) == 0);
    BOOST_TEST(!found.exists);
    BOOST_TEST(found.highest_step == -1);
    BOOST_TEST(metrics().empty());
}

BOOST_FIXTURE_TEST_CASE(a_file_that_was_removed_meanwhile_is_born_again, run_folder) {
    metric_file file(run, "loss");
    const std::vector<point> points = rows(4);
    const std::unique_ptr<metric_block> block(new metric_block);
    const auto intend = [](std::uint64_t) {};
    descriptor open_file;
    BOOST_TEST(file.append(open_file, {points[0]}, *block, intend) == 0);
    BOOST_TEST(!open_file);  // it was born whole
    BOOST_TEST(file.append(open_file, {points[1]}, *block, intend) == 0);
    BOOST_TEST(!!open_file);
    BOOST_TEST(run.remove("metrics/loss") == 0);
    BOOST_TEST(file.length() == 0u);
    BOOST_TEST(file.append(open_file, {points[2]}, *block, intend) == 0);
    BOOST_TEST(file.append(open_file, {points[3]}, *block, intend) == 0);
    BOOST_TEST(text() == "1700000000002 0.2 2\n1700000000003 0.16666666666666666 3\n");
    BOOST_TEST(file.length() == text().size());
}

BOOST_FIXTURE_TEST_CASE(rows_that_stand_in_it_are_told_from_those_that_do_not, run_folder) {
    metric_file file(run, "loss");
    const std::vector<point> points = rows(6);
    std::vector<point> wanted = points;
    BOOST_TEST(file.drop_present(wanted) == 0);
    BOOST_TEST(wanted.size() == 6u);
    BOOST_TEST(append(file, {points[0], points[3]}) == 0);
    // The beginning of one of them behind the line of another writer goes.
    test::write_file(scratch / "metrics/loss", text() + "5 1 1\n1700000000004 0.1");
    BOOST_TEST(file.drop_present(wanted) == 0);
    BOOST_REQUIRE(wanted.size() == 4u);
    BOOST_TEST(wanted[0].step == 1);
    BOOST_TEST(wanted[1].step == 2);
    BOOST_TEST(wanted[2].step == 4);
    BOOST_TEST(wanted[3].step == 5);
    BOOST_TEST(text().substr(text().size() - 6) == "5 1 1\n");
}

BOOST_FIXTURE_TEST_CASE(born_with_its_first_lines_and_appended_to, run_folder) {
    metric_file file(run, "train/loss");
    const std::vector<point> points = rows(3);
    const std::unique_ptr<metric_block> block(new metric_block);
    std::vector<std::uint64_t> lengths;
    const auto intend = [&](std::uint64_t length) {
        lengths.push_back(length);
        const bool born = test::exists(scratch / "metrics/train/loss");
        BOOST_TEST(born == (length != 0));  // told before a byte is written
        if (born) BOOST_TEST(text("train/loss").size() == length);
    };
    descriptor open_file;
    BOOST_TEST(file.append(open_file, {points[0], points[1]}, *block, intend) == 0);
    BOOST_TEST(file.append(open_file, {points[2]}, *block, intend) == 0);
    BOOST_TEST(text("train/loss") ==
               "1700000000000 0.3333333333333333 0\n1700000000001 0.25 1\n1700000000002 0.2 2\n");
    const std::vector<std::uint64_t> told = {0, 56};
    BOOST_TEST(lengths == told, boost::test_tools::per_element());
    const std::vector<std::string> expected = {"metrics/", "metrics/train/", "metrics/train/loss"};
    BOOST_TEST(test::tree(scratch.path()) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_most_rows_always_fit_into_one_block) {
    const std::unique_ptr<metric_block> block(new metric_block);
    const std::vector<point> longest(metric_file::max_rows,
                                     {INT64_MIN + 1, -2.2250738585072014e-308, INT64_MIN + 1});
    char line[metric_line_capacity];
    BOOST_TEST(mlscribe::write_metric_line(line, longest[0]) - line >= 66);
    std::vector<point> shortest(metric_file::max_rows, {0, 1.0, 0});
    for (std::uint64_t length = 0; length <= 3 * 4096; ++length) {
        BOOST_REQUIRE(block->render(longest.data(), longest.size(), length) == longest.size());
        if (length % 16 != 0) continue;
        BOOST_REQUIRE(block->render(shortest.data(), shortest.size(), length) == shortest.size());
    }
    BOOST_TEST(metric_file::max_rows > 800u);
}

BOOST_FIXTURE_TEST_CASE(the_torn_line_of_ones_own_is_cut, run_folder) {
    const metric_file file(run, "loss");
    const std::vector<point> points = rows(3);
    BOOST_TEST(file.cut_torn(points) == 0);
    BOOST_TEST(metrics().empty());
    char line[metric_line_capacity];
    for (const point& row : points) {
        const std::string own(line, mlscribe::write_metric_line(line, row));
        for (std::size_t size = 0; size < own.size(); ++size) {
            for (const char* padding : {"", " ", "       "}) {
                if (size == 0 && *padding != 0) continue;
                write(whole + own.substr(0, size) + padding);
                BOOST_REQUIRE(file.cut_torn(points) == 0);
                BOOST_REQUIRE_EQUAL(text(), whole);
            }
        }
        write(whole + own);
        BOOST_TEST(file.cut_torn(points) == 0);
        BOOST_TEST(text() == whole + own);
    }
}

BOOST_FIXTURE_TEST_CASE(the_torn_line_of_another_writer_is_not, run_folder) {
    const metric_file file(run, "loss");
    for (const char* torn : {"1700000000003", "1700000000000 0.34", "x", "1700000000000 0.3 1 "}) {
        write(whole + torn);
        BOOST_TEST(file.cut_torn(rows(3)) == 0);
        BOOST_TEST(text() == whole + torn);
        write(whole + "1700000000000 0.3");
        BOOST_TEST(file.cut_torn({}) == 0);
        BOOST_TEST(text() == whole + "1700000000000 0.3");
    }
}

// Another writer's lines behind what was refused do not make it doubtful.
BOOST_FIXTURE_TEST_CASE(a_failure_says_whether_a_part_was_left_behind, run_folder) {
    const metric_file file(run, "loss");
    const std::vector<point> points = rows(600);
    const std::unique_ptr<metric_block> block(new metric_block);
    BOOST_TEST(append(file, points) == 0);
    rlimit before{};
    ::getrlimit(RLIMIT_FSIZE, &before);
    for (const std::uint64_t room : {0u, 100u}) {
        for (const bool another : {false, true}) {
            const std::string present = text();
            const std::string line = another ? "5 1 1\n" : "";
            const auto intend = [&](std::uint64_t length) {
                test::write_file(scratch / "metrics/loss", text() + line);
                rlimit full = before;
                full.rlim_cur = length + line.size() + room;
                ::setrlimit(RLIMIT_FSIZE, &full);
            };
            descriptor open_file;
            bool left_behind = false;
            const int failed = file.append(open_file, points, *block, intend, left_behind);
            ::setrlimit(RLIMIT_FSIZE, &before);
            BOOST_TEST(failed == EFBIG);
            BOOST_TEST(left_behind == (room != 0 && another));
            BOOST_TEST((text().size() == present.size() + line.size() + (left_behind ? room : 0)));
            write(present);
        }
    }
}

BOOST_FIXTURE_TEST_CASE(synchronised_it_is_the_same_file, run_folder) {
    const metric_file file(run, "loss");
    BOOST_TEST(file.synchronise() == ENOENT);
    BOOST_TEST(append(file, rows(2)) == 0);
    const std::string before = text();
    BOOST_TEST(file.synchronise() == 0);
    BOOST_TEST(text() == before);
}

// What the disk refused to take counts as written: the kernel has to be told of it again.
BOOST_FIXTURE_TEST_CASE(what_was_refused_is_written_again_and_is_the_same, run_folder) {
    const metric_file file(run, "loss");
    const std::string path = scratch / "metrics/loss";
    const auto changed = [&](std::uint64_t from, bool again) {
        const timespec long_ago[2] = {{1000, 0}, {1000, 0}};
        BOOST_TEST(::utimensat(AT_FDCWD, path.c_str(), long_ago, 0) == 0);
        const std::string before = text();
        BOOST_TEST(file.synchronise(from, again) == 0);
        BOOST_TEST((text() == before));
        BOOST_TEST(from == before.size());
        struct stat found {};
        BOOST_TEST(::stat(path.c_str(), &found) == 0);
        return found.st_mtime != 1000;
    };
    const std::vector<point> points = rows(5000);
    for (std::size_t at = 0; at < points.size(); at += 500) {
        const auto begin = points.begin() + static_cast<std::ptrdiff_t>(at);
        BOOST_TEST(append(file, {begin, begin + 500}) == 0);
    }
    const std::uint64_t length = text().size();
    BOOST_TEST(length > 65536u);
    BOOST_TEST(!changed(0, false));
    BOOST_TEST(changed(0, true));
    BOOST_TEST(changed(length - 5, true));
    BOOST_TEST(!changed(length, true));
    BOOST_TEST(changed(length + 5, true));  // of a file that stood there before
}

BOOST_FIXTURE_TEST_CASE(torn_tails_are_cut_off, run_folder) {
    for (const std::string& torn :
         {std::string("1700"), std::string("1700000000001 0.98"), std::string("1700000000001 "),
          std::string("1700000000001 0.98 43"), std::string(5000, '\0')}) {
        for (const std::string& lines : {whole, whole + "1700000000005 0.5 42  \n"}) {
            write(lines + torn);
            metric_file file(run, "loss");
            metric_file_state found;
            BOOST_TEST(file.open_existing(found) == 0);
            BOOST_TEST(found.exists);
            BOOST_TEST((found.torn == torn));
            BOOST_TEST(found.highest_step == (lines == whole ? 41 : 42));
            BOOST_TEST(found.highest_timestamp == (lines == whole ? 1700000000000 : 1700000000005));
            BOOST_TEST(text() == lines);
        }
    }
}

BOOST_FIXTURE_TEST_CASE(nothing_but_a_torn_line_is_no_file, run_folder) {
    for (const std::string& torn : {std::string(), std::string("1700"), std::string(9, '\0')}) {
        write(torn);
        metric_file file(run, "loss");
        metric_file_state found;
        BOOST_TEST(file.open_existing(found) == 0);
        BOOST_TEST(!found.exists);
        BOOST_TEST((found.torn == torn));
        BOOST_TEST(metrics().empty());
    }
}

BOOST_FIXTURE_TEST_CASE(a_whole_file_is_left_alone, run_folder) {
    const std::string lines = "1700000000009 nan 5\n1700000000001 0.5 3\nnot a row\n";
    write(lines);
    metric_file file(run, "loss");
    metric_file_state found;
    BOOST_TEST(file.open_existing(found) == 0);
    BOOST_TEST(found.exists);
    BOOST_TEST(found.torn.empty());
    BOOST_TEST(found.highest_timestamp == 1700000000009);
    BOOST_TEST(found.highest_step == 5);
    BOOST_TEST(text() == lines);
}

BOOST_FIXTURE_TEST_CASE(several_lanes_need_not_end_with_the_highest_step, run_folder) {
    write("1700000000001 0.5 7\n1700000000002 0.5 900\n1700000000003 0.5 8\n");
    metric_file_state found;
    BOOST_TEST(metric_file(run, "loss").open_existing(found) == 0);
    BOOST_TEST(found.highest_step == 900);
    write("1700000000001 0.5 -7\n");
    metric_file_state negative;
    BOOST_TEST(metric_file(run, "loss").open_existing(negative) == 0);
    BOOST_TEST(negative.highest_step == -1);
}

BOOST_FIXTURE_TEST_CASE(no_line_crosses_a_page_border, run_folder) {
    metric_file file(run, "loss");
    std::vector<point> all;
    std::size_t total = 0;
    for (std::size_t count = 1; count < 9000; count = count * 2 + 1) {
        const std::vector<point> points = rows(count, static_cast<std::int64_t>(total));
        BOOST_TEST(append(file, points) == 0);
        total += count;
        all.insert(all.end(), points.begin(), points.end());
    }
    BOOST_TEST(text().size() > 3u * 65536u);
    BOOST_TEST(borders_kept(text()));
    std::size_t i = 0;
    bool equal = true;
    BOOST_TEST(file.for_each_row([&](const point& row) {
        equal = equal && i < all.size() && row.step == all[i].step && row.value == all[i].value &&
                row.timestamp == all[i].timestamp;
        ++i;
    }) == 0);
    BOOST_TEST(i == total);
    BOOST_TEST(equal);
}

BOOST_FIXTURE_TEST_CASE(another_writers_lines_stay, run_folder) {
    metric_file file(run, "loss");
    metric_file_state found;
    BOOST_TEST(file.open_existing(found) == 0);
    write(whole);  // Python logs the same key meanwhile
    BOOST_TEST(append(file, rows(2)) == 0);
    BOOST_TEST(text().compare(0, whole.size(), whole) == 0);
    BOOST_TEST(test::steps(scratch.path(), "loss").size() == 3u);
}

BOOST_FIXTURE_TEST_CASE(a_full_disk_leaves_no_part_of_a_block, run_folder) {
    const metric_file file(run, "loss");
    BOOST_TEST(append(file, rows(800)) == 0);
    const std::string before = text();
    rlimit limits{};
    ::getrlimit(RLIMIT_FSIZE, &limits);
    rlimit limit = limits;
    limit.rlim_cur = before.size() + 5000;  // the write that reaches it is a short one
    ::setrlimit(RLIMIT_FSIZE, &limit);
    const int failed = append(file, rows(800, 800));
    ::setrlimit(RLIMIT_FSIZE, &limits);
    BOOST_TEST(failed == EFBIG);
    BOOST_TEST((text() == before));
    BOOST_TEST(append(file, rows(800, 800)) == 0);
    const std::vector<std::int64_t> steps = test::steps(scratch.path(), "loss");
    BOOST_TEST(steps.size() == 1600u);
    BOOST_TEST(steps.back() == 1599);
    BOOST_TEST(borders_kept(text()));
}

BOOST_FIXTURE_TEST_CASE(a_folder_or_a_link_of_that_name, run_folder) {
    metric_file_state found;
    BOOST_TEST(run.make("metrics/folder") == 0);
    metric_file folder(run, "folder");
    BOOST_TEST(folder.open_existing(found) != 0);
    BOOST_TEST(append(folder, rows(1)) != 0);
    test::write_file(scratch / "target", whole);
    std::filesystem::create_symlink("../target", scratch / "metrics/link");
    metric_file link(run, "link");
    BOOST_TEST(link.open_existing(found) == ELOOP);
    BOOST_TEST(append(link, rows(1)) == ELOOP);
    BOOST_TEST(link.cut_torn(rows(1)) == ELOOP);
    BOOST_TEST(link.synchronise() == ELOOP);
    BOOST_TEST(test::read_file(scratch / "target") == whole);
}

BOOST_AUTO_TEST_SUITE_END()
