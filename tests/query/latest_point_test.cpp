// SPDX-License-Identifier: MIT
#include <mlscribe/query/latest_point.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <initializer_list>
#include <limits>

using mlscribe::point;
using mlscribe::detail::latest_point;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

point latest(std::initializer_list<point> rows) {
    latest_point found;
    for (const point& row : rows) found.look(row);
    BOOST_TEST(found.has_value() == (rows.size() != 0));
    return found.value();
}

/// Of values with the same step and time.
double of_values(std::initializer_list<double> values) {
    latest_point found;
    for (const double value : values) found.look({7, value, 3});
    return found.value().value;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(query_latest_point)

BOOST_AUTO_TEST_CASE(none_without_a_point) {
    BOOST_TEST(!latest_point().has_value());
}

BOOST_AUTO_TEST_CASE(the_highest_step_wins_whatever_the_order_and_the_times) {
    BOOST_TEST(latest({{9, 1.0, 1}, {1, 2.0, 5}, {8, 3.0, 4}}).value == 2.0);
    BOOST_TEST(latest({{9, 1.0, 5}, {99, 2.0, 4}}).value == 1.0);
    BOOST_TEST(latest({{9, 1.0, -5}, {1, 2.0, -4}}).value == 2.0);
    BOOST_TEST(latest({{-9, 1.0, INT64_MIN}}).value == 1.0);
}

BOOST_AUTO_TEST_CASE(then_the_latest_then_the_largest) {
    BOOST_TEST(latest({{2, 1.0, 5}, {3, 0.5, 5}, {1, 9.0, 5}}).value == 0.5);
    BOOST_TEST(of_values({1.0, 3.0, 2.0}) == 3.0);
    BOOST_TEST(of_values({-infinity, infinity, 1e308}) == infinity);
    BOOST_TEST(!std::signbit(of_values({0.0, -0.0})));
    BOOST_TEST(std::signbit(of_values({-0.0, 0.0})));
}

// As Python's max() of tuples does it.
BOOST_AUTO_TEST_CASE(of_ties_with_a_nan_the_first_stays) {
    BOOST_TEST(of_values({1.0, not_a_number, 2.0}) == 2.0);
    BOOST_TEST(of_values({1.0, 2.0, not_a_number}) == 2.0);
    BOOST_TEST(of_values({2.0, not_a_number, 1.0}) == 2.0);
    BOOST_TEST(std::isnan(of_values({not_a_number, 1.0, 2.0})));
    BOOST_TEST(std::isnan(of_values({not_a_number, infinity})));
    BOOST_TEST(std::isnan(of_values({not_a_number, not_a_number})));
    BOOST_TEST(std::isnan(latest({{1, 5.0, 1}, {1, not_a_number, 2}}).value));
    BOOST_TEST(latest({{1, not_a_number, 1}, {2, 5.0, 1}}).value == 5.0);
}

BOOST_AUTO_TEST_SUITE_END()
