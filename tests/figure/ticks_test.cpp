// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/figure/ticks.hpp>

#include <string>
#include <vector>

using mlscribe::detail::linear_ticks;
using mlscribe::detail::logarithmic_ticks;
using mlscribe::detail::short_number;
using mlscribe::detail::tick;

namespace {

std::string texts(const std::vector<tick>& ticks) {
    std::string all;
    for (const tick& each : ticks) {
        if (each.text.empty()) continue;
        all += (all.empty() ? "" : " ") + each.text;
    }
    // The minus of typesetters, for whoever reads this file.
    for (std::size_t at; (at = all.find("\xE2\x88\x92")) != all.npos;) all.replace(at, 3, "-");
    return all;
}

std::string linear(double low, double high, int most = 6, bool whole = false) {
    return texts(linear_ticks({low, high, false}, most, whole));
}

std::string logarithmic(double low, double high, int most = 6) {
    return texts(logarithmic_ticks({low, high, false}, most));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(figure_ticks)

BOOST_AUTO_TEST_CASE(even_steps_are_round_and_their_texts_have_as_many_places_as_tell_them_apart) {
    BOOST_TEST(linear(0, 1) == "0 0.2 0.4 0.6 0.8 1.0");
    BOOST_TEST(linear(0, 2.4) == "0 0.5 1.0 1.5 2.0");
    BOOST_TEST(linear(0, 0.9, 4) == "0 0.25 0.50 0.75");
    BOOST_TEST(linear(-3.9, 3.3, 9) == "-3 -2 -1 0 1 2 3");
    BOOST_TEST(linear(17, 1093) == "200 400 600 800 1000");
    BOOST_TEST(linear(0.52, 0.521, 4) == "0.5200 0.5205 0.5210");
}

BOOST_AUTO_TEST_CASE(large_and_small_numbers_share_a_unit) {
    BOOST_TEST(linear(0, 99999) == "0 20000 40000 60000 80000");
    BOOST_TEST(linear(0, 1e6) == "0 0.2M 0.4M 0.6M 0.8M 1.0M");
    BOOST_TEST(linear(0, 5e5) == "0 100k 200k 300k 400k 500k");
    BOOST_TEST(linear(0, 2.5e12, 3) == "0 1T 2T");
    BOOST_TEST(linear(0, 5e20, 3) == "0 2e20 4e20");
    BOOST_TEST(linear(0, 7e-6, 4) == "0 2e-6 4e-6 6e-6");
    BOOST_TEST(linear(-1e300, 1e300, 3) == "-1e300 0 1e300");
    // What tells them apart is not cut off.
    BOOST_TEST(linear(1000000, 1000000.4, 3) == "1000000.0 1000000.2 1000000.4");
}

BOOST_AUTO_TEST_CASE(whole_numbers_are_marked_at_whole_numbers) {
    BOOST_TEST(linear(0, 3, 12, true) == "0 1 2 3");
    BOOST_TEST(linear(0, 9, 4, true) == "0 5");
    BOOST_TEST(linear(0, 3, 12) == "0 0.5 1.0 1.5 2.0 2.5 3.0");
}

BOOST_AUTO_TEST_CASE(there_are_no_more_ticks_than_asked_for_and_a_few_at_least) {
    for (const double length : {1e-300, 3e-7, 0.123, 1.0, 7.7, 99.0, 1e5, 3.3e18, 1e299}) {
        for (int most = 2; most < 20; ++most) {
            const auto ticks = linear_ticks({length * 0.37, length * 1.37, false}, most);
            BOOST_TEST(ticks.size() <= static_cast<std::size_t>(most) + 1);
            BOOST_TEST(ticks.size() >= static_cast<std::size_t>(most) / 3);
        }
    }
}

BOOST_AUTO_TEST_CASE(powers_of_ten_are_named_and_the_numbers_between_marked) {
    BOOST_TEST(logarithmic(0.001, 100) == "0.001 0.01 0.1 1 10 100");
    BOOST_TEST(logarithmic(0.9, 11, 10) == "1 2 5 10");
    BOOST_TEST(logarithmic(1e-9, 1e9, 5) == "1e-8 0.0001 1 10000 1e8");
    BOOST_TEST(logarithmic_ticks({1, 100, false}, 6).size() == 19u);
    // Without a power of ten between its ends the axis has even steps.
    BOOST_TEST(logarithmic(2, 3.1, 4) == "2.0 2.5 3.0");
}

BOOST_AUTO_TEST_CASE(a_number_by_itself_is_short) {
    BOOST_TEST(short_number(0) == "0");
    BOOST_TEST(short_number(0.8767) == "0.877");
    BOOST_TEST(short_number(12) == "12");
    BOOST_TEST(short_number(123456) == "123k");
    BOOST_TEST(short_number(1.5e9) == "1.5G");
    BOOST_TEST(short_number(3.14e30) == "3.14e30");
    BOOST_TEST(short_number(0.5) == "0.5");
    BOOST_TEST(short_number(200) == "200");
}

BOOST_AUTO_TEST_SUITE_END()
