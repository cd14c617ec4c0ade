// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/sync/metric_push.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "scratch_directory.hpp"

using namespace mlscribe::detail;

namespace {

/// A run whose metrics are sent to nobody.
struct sent_run {
    test::scratch_directory scratch;
    push_state state;
    std::vector<std::int64_t> steps;
    std::vector<std::string> failures;
    int notes = 0;  ///< how often the state was worth being saved
    tracking_server nobody{server_settings{}};

    sent_run() { test::write_file(scratch / "meta.yaml", ""); }

    static std::string rows(int first, int end) {
        std::string text;
        for (int i = first; i != end; ++i) {
            text += std::to_string(1700000000000 + i) + " 0.5 " + std::to_string(i) + '\n';
        }
        return text;
    }
    /// \return the steps of what a push sends
    std::vector<std::int64_t> push(std::uint64_t every = 1, bool is_last = true,
                                   const std::string& folder = {}) {
        const std::string path = folder.empty() ? scratch.path() : folder;
        directory run;
        metric_text_file text;
        steps.clear();
        BOOST_REQUIRE(directory::open(path, run) == 0);
        batch_sender sender(
            nobody, "remote", true,
            [this](const batch_item* items, std::size_t count) {
                for (std::size_t i = 0; i != count; ++i) steps.push_back(items[i].row.step);
            },
            [](const batch_item&, const mlscribe::error&) {});
        run_metrics metrics(run, path.substr(path.rfind('/') + 1), path, text);
        if (!is_last) metrics.leave_torn_ends();
        metric_push one(
            run, metrics, state, sender, every, is_last,
            [this](const mlscribe::error& failure) { failures.push_back(failure.message); },
            [this] { ++notes; });
        BOOST_TEST(!one.push());
        BOOST_TEST(!sender.flush());
        one.settle();
        return steps;
    }
};
using steps_of = std::vector<std::int64_t>;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(sync_metric_push, sent_run)

BOOST_AUTO_TEST_CASE(only_what_was_appended_is_sent_again) {
    test::write_file(scratch / "metrics/loss", rows(0, 5));
    BOOST_TEST(push() == (steps_of{0, 1, 2, 3, 4}), boost::test_tools::per_element());
    BOOST_TEST(push().empty());
    test::write_file(scratch / "metrics/loss", rows(0, 7));
    test::write_file(scratch / "metrics/train/other", rows(20, 21));
    BOOST_TEST(push() == (steps_of{5, 6, 20}), boost::test_tools::per_element());
    BOOST_TEST(push().empty());
    BOOST_TEST(failures.empty());
}

BOOST_AUTO_TEST_CASE(a_file_that_was_written_anew_is_sent_anew) {
    test::write_file(scratch / "metrics/loss", rows(0, 100));
    push();
    // Thinned, and longer by now.
    test::write_file(scratch / "metrics/loss", rows(0, 1) + rows(50, 200));
    BOOST_TEST(push().size() == 151u);
    // Cut.
    test::write_file(scratch / "metrics/loss", rows(0, 1) + rows(50, 60));
    BOOST_TEST(push().size() == 11u);
    BOOST_TEST(push().empty());
}

BOOST_AUTO_TEST_CASE(of_many_points_some_and_the_last_are_sent) {
    test::write_file(scratch / "metrics/loss", rows(0, 6));
    BOOST_TEST(push(4, false) == (steps_of{0, 4}), boost::test_tools::per_element());
    test::write_file(scratch / "metrics/loss", rows(0, 8));
    BOOST_TEST(push(4, false).empty());
    BOOST_TEST(push(4, true) == (steps_of{7}), boost::test_tools::per_element());
    BOOST_TEST(push(4, true).empty());
    // Others than before.
    BOOST_TEST(push(1, true) == (steps_of{0, 1, 2, 3, 4, 5, 6, 7}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_damaged_metric_keeps_no_other_out) {
    test::write_file(scratch / "metrics/a", "what is this\n" + rows(0, 1));
    test::write_file(scratch / "metrics/b", rows(1, 2));
    test::write_file(scratch / ("metrics/" + std::string(125, 'x') + '/' + std::string(125, 'y')),
                     rows(2, 3));
    BOOST_TEST(push() == (steps_of{0, 1}), boost::test_tools::per_element());
    BOOST_TEST(failures.size() == 2u);
    const auto is_told = [](const std::string& each) {
        return each.find("250 characters") != std::string::npos;
    };
    BOOST_TEST(std::count_if(failures.begin(), failures.end(), is_told) == 1);
}

BOOST_AUTO_TEST_CASE(a_line_that_somebody_is_writing_is_sent_when_it_is_whole) {
    const std::string whole = rows(0, 3);
    // As it is, a row of another step.
    test::write_file(scratch / "metrics/loss", whole + "1700000000003 0.5 1");
    BOOST_TEST(push(1, false) == (steps_of{0, 1, 2}), boost::test_tools::per_element());
    BOOST_TEST(push(1, false).empty());
    test::write_file(scratch / "metrics/loss", whole + "1700000000003 0.5 13\n");
    BOOST_TEST(push(1, false) == (steps_of{13}), boost::test_tools::per_element());
    BOOST_TEST(failures.empty());
}

BOOST_AUTO_TEST_CASE(what_is_only_counted_is_noted_once) {
    test::write_file(scratch / "metrics/loss", rows(0, 50));
    BOOST_TEST(push().size() == 50u);
    BOOST_TEST(notes == 0);
}

BOOST_AUTO_TEST_CASE(refused_points_are_remembered_as_long_as_their_file_stays) {
    test::write_file(scratch / "metrics/loss", rows(0, 100));
    test::write_file(scratch / "metrics/other", rows(0, 100));
    push();
    state.refused = {{"loss", "too old"}, {"other", "too old"}, {"gone", "too old"}};
    test::write_file(scratch / "metrics/loss", rows(0, 101));
    test::write_file(scratch / "metrics/other", rows(1, 101));
    push();
    BOOST_TEST(state.refused.size() == 1u);
    BOOST_TEST(state.refused.count("loss") == 1u);
}

BOOST_AUTO_TEST_CASE(points_of_a_journal_are_sent_once) {
    test::error_log log;
    mlscribe::run_options chosen = test::options(scratch, log);
    chosen.flush_interval = std::chrono::hours(1);
    mlscribe::run run = mlscribe::start_run(chosen);
    const std::string folder = test::folder(scratch, run);
    for (int step = 0; step < 3; ++step) run.log_metric("loss", 0.5, step);
    BOOST_TEST(push(1, false, folder) == (steps_of{0, 1, 2}), boost::test_tools::per_element());
    BOOST_TEST(push(1, false, folder).empty());
    run.log_metric("loss", 0.5, 3);
    BOOST_TEST(push(1, false, folder) == (steps_of{3}), boost::test_tools::per_element());
    run.flush();
    run.log_metric("loss", 0.5, 4);
    BOOST_TEST(push(1, false, folder) == (steps_of{4}), boost::test_tools::per_element());
    run.end();
    BOOST_TEST(push(1, true, folder).empty());
    BOOST_TEST(state.metrics.at("loss").rows == 5u);
}

BOOST_AUTO_TEST_SUITE_END()
