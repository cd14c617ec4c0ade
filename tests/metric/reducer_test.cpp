// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/metric/quantiles.hpp>
#include <mlscribe/metric/several.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <random>
#include <vector>

#include "seed.hpp"

namespace {

using values = std::vector<double>;

/// Values of many sizes, around an offset that may be large beside their spread.
values random_values(std::mt19937_64& random, std::size_t most) {
    const double scale = std::exp2(static_cast<double>(random() % 80) - 40);
    const double offset =
        random() % 2 == 0 ? 0 : scale * std::exp2(static_cast<double>(random() % 20));
    std::normal_distribution<double> normal(offset, scale);
    values all(1 + random() % most);
    for (double& each : all) each = normal(random);
    return all;
}

/// Takes the values in one go, or in parts that are merged.
template <class Reducer>
Reducer reduced(const values& all, std::size_t parts, const Reducer& first = Reducer{}) {
    std::vector<Reducer> each(parts, first);
    for (std::size_t i = 0; i < all.size(); ++i) each[i * parts / all.size()].add(all[i]);
    for (std::size_t i = 1; i < parts; ++i) each[0].merge(each[i]);
    return each[0];
}

struct exact {
    long double sum = 0;
    long double magnitude = 0;
    long double mean = 0;
    long double deviation = 0;

    explicit exact(const values& all) {
        const auto count = static_cast<long double>(all.size());
        for (const double value : all) {
            sum += value;
            magnitude += std::fabs(value);
        }
        mean = sum / count;
        for (const double value : all) deviation += (value - mean) * (value - mean);
        deviation = std::sqrt(deviation / count);
    }
};

/// \param bound  of the error, in units of the last place of `of`
bool is_near(double found, long double expected, long double of, long double bound) {
    const long double unit = std::numeric_limits<double>::epsilon();
    return std::fabs(static_cast<long double>(found) - expected) <= bound * unit * std::fabs(of);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(metric_reducer)

BOOST_AUTO_TEST_CASE(against_long_double) {
    std::mt19937_64 random(test::seed(11));
    for (int round = 0; round < 400; ++round) {
        const values all = random_values(random, 3000);
        const std::size_t parts = 1 + random() % 4;
        const exact right(all);
        const auto count = static_cast<long double>(all.size());
        BOOST_TEST(
            is_near(reduced<mlscribe::sum>(all, parts).value(), right.sum, right.magnitude, count));
        BOOST_TEST(is_near(reduced<mlscribe::mean>(all, parts).value(), right.mean,
                           right.magnitude / count, count));
        // Welford's error grows with the ratio of mean and deviation, not with its square.
        const double deviation = reduced<mlscribe::standard_deviation>(all, parts).value();
        BOOST_TEST(is_near(deviation, right.deviation, right.deviation + std::fabs(right.mean),
                           4 * std::sqrt(count)));
        BOOST_TEST(reduced<mlscribe::min>(all, parts).value() ==
                   *std::min_element(all.begin(), all.end()));
        BOOST_TEST(reduced<mlscribe::max>(all, parts).value() ==
                   *std::max_element(all.begin(), all.end()));
        BOOST_TEST(reduced<mlscribe::count>(all, parts).value() == static_cast<double>(all.size()));
        BOOST_TEST(reduced<mlscribe::last>(all, 1).value() == all.back());
    }
}

BOOST_AUTO_TEST_CASE(a_deviation_that_squares_would_lose) {
    mlscribe::standard_deviation deviation;
    for (const double value : {1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16}) deviation.add(value);
    BOOST_TEST(deviation.value() == std::sqrt(22.5), boost::test_tools::tolerance(1e-12));
    mlscribe::standard_deviation one;
    one.add(1e300);
    BOOST_TEST(one.value() == 0.0);
}

BOOST_AUTO_TEST_CASE(an_average_that_forgets) {
    mlscribe::moving_average average(0.25);
    long double expected = 0;
    std::mt19937_64 random(test::seed(3));
    for (int i = 0; i < 1000; ++i) {
        const auto value = static_cast<double>(random() % 1000);
        average.add(value);
        average.next_step();
        expected = i == 0 ? value : expected + 0.25L * (value - expected);
        BOOST_TEST(is_near(average.value(), expected, 1000, 8));
    }
}

BOOST_AUTO_TEST_CASE(every_third_step_that_has_values) {
    mlscribe::every_nth<mlscribe::sum> third(3);
    values spoken;
    for (int step = 0; step < 8; ++step) {
        third.add(step);
        third.add(step);
        if (third.has_value()) spoken.push_back(third.value());
        third.next_step();
    }
    BOOST_TEST(spoken == (values{0, 6, 12}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(several_at_once) {
    using both = mlscribe::several<mlscribe::mean, mlscribe::standard_deviation>;
    BOOST_TEST(both::name(0) == "mean");
    BOOST_TEST(both::name(1) == "std");
    const both found = reduced<both>({1, 3}, 2);
    BOOST_TEST(found.value(0) == 2.0);
    BOOST_TEST(found.value(1) == 1.0);
}

BOOST_AUTO_TEST_CASE(quantiles_within_their_error) {
    using found_quantiles = mlscribe::quantiles<0, 1, 25, 50, 95, 99, 100>;
    const int percents[] = {0, 1, 25, 50, 95, 99, 100};
    std::mt19937_64 random(test::seed(5));
    for (int round = 0; round < 300; ++round) {
        values all = random_values(random, 2000);
        if (round % 7 == 0) all.resize(1 + random() % 3);
        if (round % 5 == 0)
            std::fill(all.begin(), all.begin() + 1 + static_cast<int>(all.size() / 3), 0.0);
        const auto found = reduced<found_quantiles>(all, 1 + random() % 4);
        std::sort(all.begin(), all.end());
        for (std::size_t i = 0; i < found_quantiles::values; ++i) {
            const std::size_t rank =
                (all.size() * static_cast<std::size_t>(percents[i]) + 99) / 100;
            const double right = all[rank == 0 ? 0 : rank - 1];
            const double error = std::fabs(found.value(i) - right);
            BOOST_TEST(error <= std::fabs(right) / 128 + std::exp2(-63));
        }
        BOOST_TEST(found.value(0) == all.front());
        BOOST_TEST(found.value(6) == all.back());
    }
    BOOST_TEST(found_quantiles::name(4) == "p95");
}

BOOST_AUTO_TEST_CASE(quantiles_of_what_is_no_number_and_of_all_sizes) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    mlscribe::quantiles<50> median;
    for (const double value : {-infinity, 1e300, infinity, infinity, 5e-324}) median.add(value);
    BOOST_TEST(median.value(0) >= 1e300);
    median.add(std::nan(""));
    BOOST_TEST(std::isnan(median.value(0)));
    median.next_step();
    median.add(-1e300);
    BOOST_TEST(median.value(0) == -1e300);
}

BOOST_AUTO_TEST_SUITE_END()
