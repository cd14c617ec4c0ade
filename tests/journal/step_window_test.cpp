// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/journal/step_window.hpp>

#include <cstdint>
#include <initializer_list>

using mlscribe::detail::step_window;

BOOST_AUTO_TEST_SUITE(journal_step_window)

BOOST_AUTO_TEST_CASE(a_step_is_new_once) {
    step_window steps;
    steps.clear();
    for (int filling = 0; filling < 3; ++filling) {
        for (const std::int64_t step : {100, 99, 0, 163, 164, 100000}) {
            BOOST_TEST(steps.add(step));
            BOOST_TEST(!steps.add(step));
        }
        steps.clear();
    }
}

BOOST_AUTO_TEST_CASE(what_is_far_from_the_first_is_not_known) {
    constexpr std::int64_t width = step_window::width;
    for (const std::int64_t first : {std::int64_t{0}, width, INT64_MAX}) {
        step_window steps;
        BOOST_TEST(steps.add(first));
        const std::int64_t begin = first > width / 2 ? first - width / 2 : 0;
        if (begin != 0) {
            BOOST_TEST(!steps.add(begin - 1));
            BOOST_TEST(steps.add(begin));
        }
        if (begin <= INT64_MAX - width) {
            BOOST_TEST(steps.add(begin + width - 1));
            BOOST_TEST(!steps.add(begin + width));
        }
        steps.clear();
        BOOST_TEST(steps.add(begin));
    }
}

BOOST_AUTO_TEST_SUITE_END()
