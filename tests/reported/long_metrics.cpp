// SPDX-License-Identifier: MIT
/// \file A metric of a million points took MLflow seconds to show, for every search.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdint>
#include <string>

#include "scratch_directory.hpp"

BOOST_AUTO_TEST_SUITE(long_metrics)

BOOST_AUTO_TEST_CASE(keep_as_many_points_as_they_are_told) {
    constexpr std::int64_t logged = 1000000;
    constexpr std::int64_t most = 100000;
    constexpr std::int64_t lowest = 123457;
    constexpr std::int64_t highest = 765431;
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run_options options = test::options(scratch, log);
    options.thinning = mlscribe::keep{most};
    mlscribe::run run = mlscribe::start_run(options);
    mlscribe::metric_handle loss = run.metric("loss");
    for (std::int64_t step = 0; step < logged; ++step) {
        const bool is_low = step == lowest;
        loss.log(is_low ? -5.0 : step == highest ? 5.0 : 1.0 / static_cast<double>(step + 1), step);
    }
    run.end();
    const std::string folder = test::folder(scratch, run);
    const auto rows = test::points(folder, "loss");
    BOOST_TEST(rows.size() <= std::size_t{most});
    BOOST_TEST(rows.size() > std::size_t{most} / 4);
    BOOST_TEST(rows.front().step == 0);
    BOOST_TEST(rows.back().step == logged - 1);
    for (const std::int64_t kept : {lowest, highest}) {
        BOOST_TEST(std::any_of(rows.begin(), rows.end(),
                               [kept](const mlscribe::point& row) { return row.step == kept; }));
    }
    BOOST_TEST(test::read_file(folder + "/tags/mlscribe.thinned_points.loss") ==
               std::to_string(logged - static_cast<std::int64_t>(rows.size())));
    BOOST_TEST(run.lost_points() == 0u);
    BOOST_TEST(log.all().empty());
}

BOOST_AUTO_TEST_SUITE_END()
