// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/journal/metric_file.hpp>

#include <sys/resource.h>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <string>
#include <vector>

#include "scratch_directory.hpp"

using mlscribe::point;
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
    BOOST_TEST(found.last_step == -1);
    BOOST_TEST(metrics().empty());
}

BOOST_FIXTURE_TEST_CASE(born_with_its_first_lines_and_appended_to, run_folder) {
    metric_file file(run, "train/loss");
    const std::vector<point> points = rows(3);
    std::size_t written = 0;
    BOOST_TEST(file.append(points.data(), 0, written) == 0);
    BOOST_TEST(metrics().empty());
    BOOST_TEST(file.append(points.data(), 2, written) == 0);
    BOOST_TEST(written == 2u);
    BOOST_TEST(file.append(points.data() + 2, 1, written) == 0);
    BOOST_TEST(written == 1u);
    BOOST_TEST(text("train/loss") ==
               "1700000000000 0.3333333333333333 0\n1700000000001 0.25 1\n1700000000002 0.2 2\n");
    const std::vector<std::string> expected = {"metrics/", "metrics/train/", "metrics/train/loss"};
    BOOST_TEST(test::tree(scratch.path()) == expected, boost::test_tools::per_element());
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
            BOOST_TEST(found.last_step == (lines == whole ? 41 : 42));
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
    BOOST_TEST(found.last_step == 3);
    BOOST_TEST(text() == lines);
}

BOOST_FIXTURE_TEST_CASE(no_line_crosses_a_page_border, run_folder) {
    metric_file file(run, "loss");
    std::vector<point> all;
    std::size_t total = 0;
    for (std::size_t count = 1; count < 9000; count = count * 2 + 1) {
        const std::vector<point> points = rows(count, static_cast<std::int64_t>(total));
        std::size_t written = 0;
        BOOST_TEST(file.append(points.data(), count, written) == 0);
        BOOST_TEST(written == count);
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
    const std::vector<point> points = rows(2);
    std::size_t written = 0;
    BOOST_TEST(file.append(points.data(), points.size(), written) == 0);
    BOOST_TEST(text().compare(0, whole.size(), whole) == 0);
    BOOST_TEST(test::steps(scratch.path(), "loss").size() == 3u);
}

BOOST_FIXTURE_TEST_CASE(a_full_disk_leaves_no_part_of_a_line, run_folder) {
    metric_file file(run, "loss");
    const std::vector<point> points = rows(3000);
    std::size_t written = 0;
    std::size_t total = 0;
    BOOST_TEST(file.append(points.data(), 10, written) == 0);
    rlimit before{};
    ::getrlimit(RLIMIT_FSIZE, &before);
    rlimit limit = before;
    limit.rlim_cur = 80000;  // the write that reaches it is a short one
    const auto signal_before = std::signal(SIGXFSZ, SIG_IGN);
    ::setrlimit(RLIMIT_FSIZE, &limit);
    const int failed = file.append(points.data() + 10, 2990, written);
    ::setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, signal_before);
    BOOST_TEST(failed == EFBIG);
    total = 10 + written;
    BOOST_TEST(total < 3000u);
    BOOST_TEST(test::steps(scratch.path(), "loss").size() == total);
    BOOST_TEST(file.append(points.data() + total, 3000 - total, written) == 0);
    const std::vector<std::int64_t> steps = test::steps(scratch.path(), "loss");
    BOOST_TEST(steps.size() == 3000u);
    BOOST_TEST(steps.back() == 2999);
    BOOST_TEST(borders_kept(text()));
}

BOOST_FIXTURE_TEST_CASE(a_folder_or_a_link_of_that_name, run_folder) {
    metric_file_state found;
    std::size_t written = 0;
    const std::vector<point> points = rows(1);
    BOOST_TEST(run.make("metrics/folder") == 0);
    metric_file folder(run, "folder");
    BOOST_TEST(folder.open_existing(found) != 0);
    BOOST_TEST(folder.append(points.data(), 1, written) != 0);
    test::write_file(scratch / "target", whole);
    boost::filesystem::create_symlink("../target", scratch / "metrics/link");
    metric_file link(run, "link");
    BOOST_TEST(link.open_existing(found) == ELOOP);
    BOOST_TEST(link.append(points.data(), 1, written) == ELOOP);
    BOOST_TEST(written == 0u);
    BOOST_TEST(test::read_file(scratch / "target") == whole);
}

BOOST_AUTO_TEST_SUITE_END()
