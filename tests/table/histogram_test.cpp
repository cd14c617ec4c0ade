// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/table/histogram.hpp>

#include <cfloat>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

using mlscribe::histogram_options;
using mlscribe::detail::histogram;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

histogram counted(const std::vector<double>& values, const histogram_options& options = {}) {
    histogram made;
    for (const double value : values) made.add(value);
    BOOST_TEST(!made.finish(options));
    return made;
}

std::string refused(const std::vector<double>& values, const histogram_options& options = {}) {
    histogram made;
    for (const double value : values) made.add(value);
    return made.finish(options).message;
}

double metric(const histogram& made, const std::string& name) {
    for (const auto& each : made.metrics()) {
        if (each.name == name) return each.value;
    }
    return std::nan("");
}

std::vector<std::int64_t> counts(const histogram& made) {
    std::vector<std::int64_t> found;
    for (const auto& bin : made.bins()) found.push_back(bin.count);
    return found;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(table_histogram)

BOOST_AUTO_TEST_CASE(quantiles_are_values_at_their_rank) {
    std::vector<double> values;
    for (int i = 0; i < 100; ++i) values.push_back((i * 37) % 100 + 1);
    const histogram made = counted(values);
    for (const int percent : {5, 25, 50, 75, 95}) {
        BOOST_TEST(metric(made, "p" + std::to_string(percent)) == percent);
    }
    BOOST_TEST(metric(made, "min") == 1);
    BOOST_TEST(metric(made, "max") == 100);
    BOOST_TEST(metric(made, "mean") == 50.5);
    BOOST_TEST(metric(made, "count") == 100);
    BOOST_TEST(made.metrics().size() == 9u);
    BOOST_TEST(made.bins().size() == 30u);
}

BOOST_AUTO_TEST_CASE(bins_have_their_lower_border_and_the_last_one_both) {
    const histogram made = counted({0, 1, 2, 3, 4, 1.5, 2.5}, {4, 0, 0});
    BOOST_TEST(counts(made) == (std::vector<std::int64_t>{1, 2, 2, 2}),
               boost::test_tools::per_element());
    BOOST_TEST(*made.bins()[1].low == 1);
    BOOST_TEST(*made.bins()[3].high == 4);
}

BOOST_AUTO_TEST_CASE(what_is_beyond_a_range_has_rows_of_its_own) {
    const histogram made = counted({-5, 0, 1, 9, 9, std::nan(""), infinity, -infinity}, {2, 0, 2});
    BOOST_TEST(counts(made) == (std::vector<std::int64_t>{1, 1, 1, 2, 3}),
               boost::test_tools::per_element());
    BOOST_TEST(!made.bins()[0].low.has_value());
    BOOST_TEST(*made.bins()[0].high == 0);
    BOOST_TEST(*made.bins()[3].low == 2);
    BOOST_TEST(!made.bins()[3].high.has_value());
    BOOST_TEST((!made.bins()[4].low && !made.bins()[4].high));
    BOOST_TEST(metric(made, "nan") == 1);
    BOOST_TEST(metric(made, "inf") == 2);
    BOOST_TEST(metric(made, "count") == 5);
    BOOST_TEST(metric(made, "max") == 9);
}

BOOST_AUTO_TEST_CASE(equal_values_have_one_bin) {
    const histogram made = counted({0.1, 0.1, 0.1});
    BOOST_REQUIRE(made.bins().size() == 1u);
    BOOST_TEST(*made.bins()[0].low == 0.1);
    BOOST_TEST(*made.bins()[0].high == 0.1);
    BOOST_TEST(made.bins()[0].count == 3);
    BOOST_TEST(metric(made, "mean") == 0.1);
    BOOST_TEST(counted({7}, {10, 0, 5}).bins().size() == 11u);
}

BOOST_AUTO_TEST_CASE(where_no_value_is_a_number_only_that_is_told) {
    const histogram made = counted({std::nan(""), std::nan("")});
    BOOST_TEST(metric(made, "count") == 0);
    BOOST_TEST(metric(made, "nan") == 2);
    BOOST_TEST(made.metrics().size() == 2u);
    BOOST_TEST(made.bins().size() == 1u);
}

// All values are in a bin, whatever their size.
BOOST_AUTO_TEST_CASE(borders_never_overflow) {
    const double least = std::numeric_limits<double>::denorm_min();
    for (const std::vector<double>& values :
         {std::vector<double>{-DBL_MAX, 0, DBL_MAX}, std::vector<double>{0, least},
          std::vector<double>{1, 1 + DBL_EPSILON}, std::vector<double>{-least, least, 1e300}}) {
        const histogram made = counted(values);
        std::int64_t sum = 0;
        double border = -infinity;
        for (const auto& bin : made.bins()) {
            sum += bin.count;
            BOOST_TEST((*bin.low >= border && *bin.high >= *bin.low));
            border = *bin.low;
        }
        BOOST_TEST(sum == static_cast<std::int64_t>(values.size()));
        BOOST_TEST(std::isfinite(metric(made, "mean")));
    }
}

BOOST_AUTO_TEST_CASE(what_cannot_be_is_refused) {
    BOOST_TEST(refused({}) == "there are no values");
    for (const histogram_options& options :
         {histogram_options{0, 0, 0}, histogram_options{-1, 0, 0},
          histogram_options{10001, 0, 1}}) {
        BOOST_TEST(refused({1}, options) == "it can have from 1 to 10000 bins");
    }
    for (const histogram_options& options :
         {histogram_options{3, 1, 0}, histogram_options{3, 0, infinity},
          histogram_options{3, std::nan(""), 1}}) {
        BOOST_TEST((refused({1}, options).find("the range of its bins") == 0));
    }
}

BOOST_AUTO_TEST_SUITE_END()
