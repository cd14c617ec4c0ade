// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/journal/thread_mark.hpp>

#include <cstdint>
#include <thread>

using mlscribe::detail::this_thread;

BOOST_AUTO_TEST_SUITE(journal_thread_mark)

BOOST_AUTO_TEST_CASE(one_a_thread) {
    const std::uintptr_t mine = this_thread();
    std::uintptr_t other = 0;
    std::thread([&other] { other = this_thread(); }).join();
    BOOST_TEST(mine > 1u);
    BOOST_TEST(other > 1u);
    BOOST_TEST(other != mine);
    BOOST_TEST(this_thread() == mine);
}

BOOST_AUTO_TEST_SUITE_END()
