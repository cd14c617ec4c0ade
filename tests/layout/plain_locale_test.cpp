// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/layout/plain_locale.hpp>

#include <stdlib.h>

#include <clocale>
#include <thread>

BOOST_AUTO_TEST_SUITE(layout_plain_locale)

BOOST_AUTO_TEST_CASE(for_one_thread_and_a_while) {
    BOOST_TEST_REQUIRE(std::setlocale(LC_ALL, "C.UTF-8") != nullptr);
    std::size_t inside = 0;
    std::size_t elsewhere = 0;
    {
        const mlscribe::detail::plain_locale_scope scope;
        inside = MB_CUR_MAX;
        std::thread([&elsewhere] { elsewhere = MB_CUR_MAX; }).join();
    }
    const std::size_t after = MB_CUR_MAX;
    std::setlocale(LC_ALL, "C");
    BOOST_TEST(inside == 1u);
    BOOST_TEST(elsewhere > 1u);
    BOOST_TEST(after > 1u);
}

BOOST_AUTO_TEST_SUITE_END()
