// SPDX-License-Identifier: MIT
#include <mlscribe/layout/point.hpp>
#include <mlscribe/layout/row_identity.hpp>

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>

using mlscribe::identity_bits;

BOOST_AUTO_TEST_SUITE(layout_row_identity)

BOOST_AUTO_TEST_CASE(equal_where_the_migration_sees_equal_rows) {
    using limits = std::numeric_limits<double>;
    BOOST_TEST(identity_bits(0.0) == identity_bits(-0.0));
    BOOST_TEST(identity_bits(std::nan("1")) == identity_bits(-std::nan("2")));
    BOOST_TEST(identity_bits(limits::infinity()) == identity_bits((limits::max)()));
    BOOST_TEST(identity_bits(-limits::infinity()) == identity_bits(limits::lowest()));
}

BOOST_AUTO_TEST_CASE(different_everywhere_else) {
    using limits = std::numeric_limits<double>;
    const double values[] = {0.0,
                             1.0,
                             -1.0,
                             limits::denorm_min(),
                             -limits::denorm_min(),
                             std::nextafter(1.0, 2.0),
                             std::nextafter((limits::max)(), 0.0),
                             limits::infinity(),
                             -limits::infinity(),
                             limits::quiet_NaN()};
    for (const double& a : values) {
        for (const double& b : values) {
            BOOST_TEST((identity_bits(a) == identity_bits(b)) == (&a == &b));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
