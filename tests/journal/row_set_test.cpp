// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/journal/row_set.hpp>

#include <cstdint>
#include <limits>
#include <random>
#include <set>
#include <tuple>

#include "seed.hpp"

using mlscribe::point;
using mlscribe::detail::row_key;
using mlscribe::detail::row_set;

BOOST_AUTO_TEST_SUITE(journal_row_set)

BOOST_AUTO_TEST_CASE(a_row_is_its_time_step_and_value) {
    row_set rows;
    BOOST_TEST(!rows.contains(row_key({1, 0.5, 2})));
    BOOST_TEST(rows.insert(row_key({1, 0.5, 2})));
    BOOST_TEST(!rows.insert(row_key({1, 0.5, 2})));
    BOOST_TEST(rows.contains(row_key({1, 0.5, 2})));
    BOOST_TEST(!rows.contains(row_key({2, 0.5, 2})));
    BOOST_TEST(!rows.contains(row_key({1, 0.5, 3})));
    BOOST_TEST(!rows.contains(row_key({1, 0.25, 2})));
    const double nan = std::numeric_limits<double>::quiet_NaN();
    BOOST_TEST(rows.insert(row_key({1, nan, 2})));
    BOOST_TEST(!rows.insert(row_key({1, -nan, 2})));  // the file says nan for both
    BOOST_TEST(rows.insert(row_key({0, 0, 0})));
    BOOST_TEST(rows.insert(row_key({INT64_MAX, 0, INT64_MAX})));
    BOOST_TEST(rows.size() == 4u);
}

BOOST_AUTO_TEST_CASE(as_a_set_of_the_standard_library_has_it) {
    std::mt19937_64 random(test::seed(7));
    row_set rows;
    for (int filling = 0; filling < 20; ++filling) {
        std::set<std::tuple<std::int64_t, std::int64_t, double>> expected;
        const int count = filling == 10 ? 100000 : 3000;  // one that is too large to be kept
        int different = 0;
        for (int i = 0; i < count; ++i) {
            const point row{static_cast<std::int64_t>(random() % 3),
                            static_cast<double>(random() % 5),
                            static_cast<std::int64_t>(random() % static_cast<unsigned>(count))};
            const auto key = std::make_tuple(row.timestamp, row.step, row.value);
            different += rows.contains(row_key(row)) != (expected.count(key) != 0) ? 1 : 0;
            different += rows.insert(row_key(row)) != expected.insert(key).second ? 1 : 0;
        }
        BOOST_TEST(different == 0);
        BOOST_TEST(rows.size() == expected.size());
        rows.clear();
        BOOST_TEST(rows.size() == 0u);
        BOOST_TEST(!rows.contains(row_key({0, 0, 0})));
    }
}

BOOST_AUTO_TEST_SUITE_END()
