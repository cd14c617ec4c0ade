// SPDX-License-Identifier: MIT
/// \file Two equal metric rows made the migration of a whole store fail.
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>
#include <set>
#include <tuple>

#include "scratch_directory.hpp"

namespace {

/// How many rows a database would take for the same one.
std::size_t doubled(const std::vector<mlscribe::point>& rows) {
    std::set<std::tuple<std::int64_t, std::int64_t, std::uint64_t>> seen;
    for (const mlscribe::point& row : rows) {
        seen.emplace(row.timestamp, row.step, mlscribe::identity_bits(row.value));
    }
    return rows.size() - seen.size();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(duplicate_rows)

BOOST_AUTO_TEST_CASE(the_same_step_and_value_as_fast_as_possible) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
    for (int i = 0; i < 1000; ++i) run.log_metric("x", 1.0, 7);
    run.end();
    const std::string folder = test::folder(scratch, run);
    for (int i = 0; i < 2; ++i) {
        run = mlscribe::resume_run(std::string(run.id()), test::resuming(scratch, log));
        run.log_metric("x", 1.0, 7);
        run.log_metric("x", 0.5, 0);
        run.end();
    }
    const auto rows = test::points(folder, "x");
    BOOST_TEST(rows.size() == 1004u);
    BOOST_TEST(doubled(rows) == 0u);
    for (std::size_t i = 1; i < rows.size(); ++i) {
        BOOST_TEST(rows[i].timestamp >= rows[i - 1].timestamp);
    }
    BOOST_TEST(run.lost_points() == 0u);
}

BOOST_AUTO_TEST_CASE(values_that_a_database_cannot_tell_apart) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
    mlscribe::metric_handle x = run.metric("x");
    const double infinity = std::numeric_limits<double>::infinity();
    for (int i = 0; i < 50; ++i) {
        for (const double value : {std::nan(""), -std::nan(""), 0.0, -0.0, infinity,
                                   (std::numeric_limits<double>::max)(), -infinity}) {
            x.log(value, i % 3);
        }
    }
    run.end();
    const auto rows = test::points(test::folder(scratch, run), "x");
    BOOST_TEST(rows.size() == 350u);
    BOOST_TEST(doubled(rows) == 0u);
}

BOOST_AUTO_TEST_CASE(a_repeat_at_a_given_time_is_dropped_and_counted) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
    mlscribe::metric_handle x = run.metric("x");
    for (int round = 0; round < 2; ++round) {
        for (int i = 0; i < 100; ++i) {
            x.log(0.5 * i, i, mlscribe::timestamp{1600000000000 + i});
        }
    }
    run.end();
    const std::string folder = test::folder(scratch, run);
    BOOST_TEST(test::points(folder, "x").size() == 100u);
    BOOST_TEST(test::read_file(folder + "/tags/mlscribe.repeated_points") == "100");
    BOOST_TEST(run.lost_points() == 0u);
    run = mlscribe::resume_run(std::string(run.id()), test::resuming(scratch, log));
    run.log_metric("x", 0.5, 1, mlscribe::timestamp{1600000000001});
    run.log_metric("x", 0.75, 1, mlscribe::timestamp{1600000000001});
    run.end();
    const auto rows = test::points(folder, "x");
    BOOST_TEST(rows.size() == 101u);
    BOOST_TEST(doubled(rows) == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
