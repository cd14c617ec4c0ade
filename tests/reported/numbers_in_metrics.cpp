// SPDX-License-Identifier: MIT
/// \file Decimal commas, `-nan(ind)`, float steps and seconds for milliseconds made files
/// unreadable or charts wrong; points without a step all landed at step 0.
#include <boost/test/unit_test.hpp>

#include <clocale>
#include <cmath>
#include <cstdint>
#include <ctime>
#include <limits>
#include <locale>

#include "scratch_directory.hpp"

namespace {

struct comma final : std::numpunct<char> {
    char do_decimal_point() const override { return ','; }
    char do_thousands_sep() const override { return '.'; }
    std::string do_grouping() const override { return "\3"; }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(numbers_in_metrics)

BOOST_AUTO_TEST_CASE(locale_with_a_decimal_comma) {
    const test::scratch_directory scratch;
    test::error_log log;
    const std::locale before = std::locale::global(std::locale(std::locale(), new comma));
    for (const char* name : {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8"}) {
        if (std::setlocale(LC_ALL, name) != nullptr) break;
    }
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
    run.log_metric("x", 1234.5678, 1000000);
    run.log_param("p", 1234.5678);
    run.end();
    std::setlocale(LC_ALL, "C");
    std::locale::global(before);
    const std::string folder = test::folder(scratch, run);
    const std::string line = test::read_file(folder + "/metrics/x");
    BOOST_TEST(line.substr(13) == " 1234.5678 1000000\n");
    BOOST_TEST(test::read_file(folder + "/params/p") == "1234.5678");
    BOOST_TEST(test::meta(folder, "start_time").size() == 13u);
}

BOOST_AUTO_TEST_CASE(values_that_are_not_finite) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
    const double infinity = std::numeric_limits<double>::infinity();
    int step = 0;
    for (const double value : {std::nan(""), infinity, -infinity, -std::nan(""),
                               (std::numeric_limits<double>::max)() * 10, 0.5}) {
        run.log_metric("x", value, step++);
    }
    run.end();
    std::string spelled;
    for (const char c : test::read_file(test::folder(scratch, run) + "/metrics/x")) {
        spelled += c;
        if (c == '\n') spelled += ' ';
    }
    for (const char* value :
         {" nan 0\n", " inf 1\n", " -inf 2\n", " nan 3\n", " inf 4\n", " 0.5 5\n"}) {
        BOOST_TEST(spelled.find(value) != std::string::npos, value);
    }
}

BOOST_AUTO_TEST_CASE(steps_of_every_integer_type) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
    const std::int64_t beyond_double = (std::int64_t{1} << 53) + 1;
    run.log_metric("x", 1, std::int8_t{5});
    run.log_metric("x", 1, std::int32_t{1000000});
    run.log_metric("x", 1, std::uint32_t{1000001});
    run.log_metric("x", 1, std::int64_t{1000002});
    run.log_metric("x", 1, std::size_t{1000003});
    run.log_metric("x", 1, beyond_double);
    run.log_metric("x", 1, 0);
    run.log_metric("x", 1, static_cast<std::uint64_t>(INT64_MAX));
    run.log_metric("x", 1, static_cast<std::uint64_t>(INT64_MAX) + 1);
    run.log_metric("x", 1, -1);
    run.log_metric("x", 1, 0, mlscribe::timestamp{-1});
    run.end();
    const auto steps = test::steps(test::folder(scratch, run), "x");
    BOOST_TEST(steps == (std::vector<std::int64_t>{5, 1000000, 1000001, 1000002, 1000003,
                                                   beyond_double, 0, INT64_MAX}),
               boost::test_tools::per_element());
    BOOST_TEST(run.lost_points() == 3u);
    BOOST_TEST(log.tells({"metric \"x\"", "2^63-1"}));
    BOOST_TEST(log.tells({"metric \"x\"", "negative step"}));
    BOOST_TEST(log.tells({"metric \"x\"", "milliseconds since 1970"}));
}

BOOST_AUTO_TEST_CASE(times_are_milliseconds_of_now) {
    const test::scratch_directory scratch;
    test::error_log log;
    const std::int64_t before = std::int64_t{std::time(nullptr)} * 1000;
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
    run.log_metric("x", 1);
    run.end();
    const std::string folder = test::folder(scratch, run);
    const std::int64_t start = std::stoll(test::meta(folder, "start_time"));
    const std::int64_t end = std::stoll(test::meta(folder, "end_time"));
    const std::int64_t stamp = test::points(folder, "x").front().timestamp;
    BOOST_TEST(start >= before - 10);
    BOOST_TEST(stamp >= start);
    BOOST_TEST(end >= stamp);
    BOOST_TEST(end < before + 60000);
}

BOOST_AUTO_TEST_CASE(steps_count_on_by_themselves) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
    for (int i = 0; i < 10; ++i) run.log_metric("a", 0.5);
    run.log_metric("a", 0.5, 100);
    run.log_metric("a", 0.5);
    run.log_metric("a", 0.5);
    run.end();
    run = mlscribe::resume_run(std::string(run.id()), test::resuming(scratch, log));
    run.log_metric("a", 0.5);
    run.end();
    BOOST_TEST(test::steps(test::folder(scratch, run), "a") ==
                   (std::vector<std::int64_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 100, 101, 102, 103}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
