// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/metric/step.hpp>

#include <cstdint>

using mlscribe::detail::check_step;
using mlscribe::detail::checked_step;
using mlscribe::detail::end_of_range;

BOOST_AUTO_TEST_SUITE(metric_step)

BOOST_AUTO_TEST_CASE(every_integer_type_is_exact) {
    constexpr std::int64_t beyond_double = (std::int64_t{1} << 53) + 1;
    BOOST_TEST(check_step(std::int8_t{127}).step == 127);
    BOOST_TEST(check_step(std::uint8_t{255}).step == 255);
    BOOST_TEST(check_step(std::int32_t{1000000}).step == 1000000);
    BOOST_TEST(check_step(std::uint32_t{4294967295u}).step == 4294967295);
    BOOST_TEST(check_step(beyond_double).step == beyond_double);
    BOOST_TEST(check_step(INT64_MAX).step == INT64_MAX);
    BOOST_TEST(check_step(std::uint64_t{INT64_MAX}).step == INT64_MAX);
    BOOST_TEST(check_step(mlscribe::step_value(7)).step == 7);
}

BOOST_AUTO_TEST_CASE(what_mlflow_would_not_show_or_store) {
    for (const std::int64_t step : {std::int64_t{-1}, std::int64_t{INT64_MIN}}) {
        BOOST_TEST(check_step(step).negative);
        BOOST_TEST(!check_step(step).too_large);
    }
    const checked_step large = check_step(std::uint64_t{INT64_MAX} + 1);
    BOOST_TEST(large.too_large);
    BOOST_TEST(!large.negative);
    BOOST_TEST(check_step(UINT64_MAX).too_large);
    BOOST_TEST(!check_step(0).negative);
}

BOOST_AUTO_TEST_CASE(a_range_ends_at_the_last_step_at_most) {
    BOOST_TEST(end_of_range(0, 3) == 3);
    BOOST_TEST(end_of_range(100, 3u) == 103);
    BOOST_TEST(end_of_range(5, 0) == 5);
    BOOST_TEST(end_of_range(5, -7) == -2);
    BOOST_TEST(end_of_range(0, INT64_MAX) == INT64_MAX);
    BOOST_TEST(end_of_range(100, INT64_MAX) == INT64_MAX);
    BOOST_TEST(end_of_range(0, UINT64_MAX) == INT64_MAX);
}

BOOST_AUTO_TEST_SUITE_END()
