// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/figure/scale.hpp>

#include <limits>

using mlscribe::detail::is_drawn;
using mlscribe::detail::scale;
using mlscribe::detail::value_range;
using mlscribe::detail::widened;

namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr double nan_value = std::numeric_limits<double>::quiet_NaN();

value_range range_of(double low, double high) {
    return {low, high, false};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(figure_scale)

BOOST_AUTO_TEST_CASE(a_value_goes_to_its_place) {
    const scale even(range_of(0, 10), false, 100, 200);
    BOOST_TEST(even.place(0) == 100);
    BOOST_TEST(even.place(2.5) == 125);
    BOOST_TEST(even.place(10) == 200);
    const scale powers(range_of(0.01, 100), true, 400, 0);
    BOOST_TEST(powers.place(0.01) == 400, boost::test_tools::tolerance(1e-9));
    BOOST_TEST(powers.place(1) == 200, boost::test_tools::tolerance(1e-9));
    BOOST_TEST(powers.place(100) + 1 == 1, boost::test_tools::tolerance(1e-9));
}

BOOST_AUTO_TEST_CASE(what_lies_beside_the_picture_stays_within_bounds) {
    const scale even(range_of(0, 1), false, 0, 100);
    BOOST_TEST(even.place(1e300) == 10000);
    BOOST_TEST(even.place(-1e300) == -9900);
}

BOOST_AUTO_TEST_CASE(what_has_no_place_is_not_shown) {
    const scale even(range_of(0, 1), false, 0, 100);
    const scale powers(range_of(1, 10), true, 0, 100);
    for (const double value : {nan_value, infinite, -infinite, 1e301, -1.7e308}) {
        BOOST_TEST(!is_drawn(value));
        BOOST_TEST(!even.shows(value));
        BOOST_TEST(!powers.shows(value));
    }
    BOOST_TEST(even.shows(-1));
    BOOST_TEST(even.shows(0));
    BOOST_TEST(!powers.shows(0));
    BOOST_TEST(!powers.shows(-1));
    BOOST_TEST(powers.shows(5e-324));
}

BOOST_AUTO_TEST_CASE(a_range_leaves_room_and_begins_at_zero_where_that_is_close) {
    BOOST_TEST(widened(range_of(100, 200), false, 0.1).low == 90);
    BOOST_TEST(widened(range_of(100, 200), false, 0.1).high == 210);
    BOOST_TEST(widened(range_of(10, 200), false, 0.1).low == 0);
    BOOST_TEST(widened(range_of(-200, -10), false, 0.1).high == 0);
    BOOST_TEST(widened(range_of(-1, 1), false, 0.1).low == -1.2);
}

BOOST_AUTO_TEST_CASE(a_range_without_length_gets_one) {
    for (const double value : {0.0, 1.0, -7.0, 1e-320, 1e300, -1e300, 123456789.0}) {
        const value_range even = widened(range_of(value, value), false, 0.05);
        BOOST_TEST(even.low < value);
        BOOST_TEST(even.high > value);
    }
    for (const double value : {5e-324, 1e-300, 1.0, 1e300}) {
        const value_range powers = widened(range_of(value, value), true, 0.05);
        BOOST_TEST(powers.low < powers.high);
        BOOST_TEST(powers.low > 0);
        BOOST_TEST(is_drawn(powers.high / 10));
    }
    const value_range all = widened(range_of(5e-324, 1e300), true, 0.05);
    BOOST_TEST(all.low > 0);
    BOOST_TEST(all.high < 1.7e308);
    BOOST_TEST(widened({}, false, 0.05).high == 1);
    BOOST_TEST(widened({}, true, 0.05).low > 0);
}

BOOST_AUTO_TEST_SUITE_END()
