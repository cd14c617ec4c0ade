// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/report/curve.hpp>

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace {

/// "step:value" of each point.
std::string text_of(const mlscribe::detail::curve& drawn) {
    std::string text;
    for (const auto& each : drawn.points()) {
        text += std::to_string(each.step) + ':' + mlscribe::detail::number_text(each.value) + ' ';
    }
    return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(report_curve)

BOOST_AUTO_TEST_CASE(few_points_are_all_kept_in_the_order_of_their_steps) {
    mlscribe::detail::curve drawn(10);
    for (const auto& [step, value] : std::vector<std::pair<std::int64_t, double>>{
             {5, 1}, {-3, 2}, {1000000, 3}, {7, 0}, {5, 4}, {INT64_MIN, 5}, {INT64_MAX, 6}}) {
        drawn.add({0, value, step});
    }
    BOOST_TEST(text_of(drawn) ==
               "-9223372036854775808:5 -3:2 5:1 5:4 7:0 1000000:3 9223372036854775807:6 ");
}

BOOST_AUTO_TEST_CASE(of_many_points_the_peaks_stay) {
    mlscribe::detail::curve drawn(100);
    for (std::int64_t step = 0; step < 100000; ++step) {
        drawn.add({0,
                   step == 77777   ? 9.0
                   : step == 33333 ? -9.0
                                   : std::sin(1e-3 * double(step)),
                   step});
    }
    const std::string text = text_of(drawn);
    BOOST_TEST(drawn.size() >= 100u);
    BOOST_TEST(drawn.size() <= 200u);
    BOOST_TEST(text.find(" 77777:9 ") != std::string::npos);
    BOOST_TEST(text.find(" 33333:-9 ") != std::string::npos);
    drawn.narrow(5);
    BOOST_TEST(drawn.size() <= 10u);
    BOOST_TEST(text_of(drawn).find(" 77777:9 ") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_is_not_finite_is_a_gap_unless_numbers_stand_beside_it) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    mlscribe::detail::curve drawn(4);
    for (std::int64_t step = 0; step < 4; ++step)
        drawn.add({0, step == 1 ? nan : 1.0 * double(step), step});
    BOOST_TEST(text_of(drawn) == "0:0 1:NaN 2:2 3:3 ");
    drawn.narrow(1);
    BOOST_TEST(text_of(drawn) == "0:0 2:2 3:3 ");
}

BOOST_AUTO_TEST_SUITE_END()
