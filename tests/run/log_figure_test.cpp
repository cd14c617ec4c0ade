// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/figure.hpp>
#include <mlscribe/run/start_run.hpp>

#include <string>

#include "scratch_directory.hpp"

using mlscribe::error_code;
using mlscribe::figure;

BOOST_AUTO_TEST_SUITE(run_log_figure)

BOOST_AUTO_TEST_CASE(a_figure_is_written_as_it_is_drawn) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
    figure chart("Loss");
    chart.line({3, 2, 1}, "train");
    run.log_figure(chart, "plots/loss.svg");
    BOOST_TEST(test::read_file(test::folder(scratch, run) + "/artifacts/plots/loss.svg") ==
               chart.svg());
    BOOST_TEST(log.all().empty());
}

BOOST_AUTO_TEST_CASE(wrong_use_is_reported_with_the_path_and_written_all_the_same) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
    run.log_figure(figure().line({1, 2, 3}, {1, 2}, "loss"), "loss.svg");
    BOOST_TEST(test::exists(test::folder(scratch, run) + "/artifacts/loss.svg"));
    BOOST_REQUIRE(log.all().size() == 1u);
    BOOST_TEST((log.all()[0].code == error_code::invalid_value));
    BOOST_TEST(log.all()[0].message ==
               "artifact \"loss.svg\": \"loss\" has 3 places and 2 values; give as many of both, "
               "what has no partner is left out");
}

BOOST_AUTO_TEST_CASE(a_path_says_that_it_is_a_picture_and_stays_inside) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
    for (const char* const path : {"loss.png", ".svg", "", "../loss.svg", "/tmp/loss.svg"}) {
        run.log_figure(figure().line({1, 2}), path);
    }
    BOOST_TEST(log.all().size() == 5u);
    for (const auto& each : log.all()) BOOST_TEST((each.code == error_code::invalid_path));
    BOOST_TEST(std::filesystem::is_empty(test::folder(scratch, run) + "/artifacts"));
}

BOOST_AUTO_TEST_SUITE_END()
