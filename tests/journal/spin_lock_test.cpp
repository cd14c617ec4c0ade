// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/journal/spin_lock.hpp>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

using mlscribe::detail::spin_guard;
using mlscribe::detail::spin_lock;

BOOST_AUTO_TEST_SUITE(journal_spin_lock)

BOOST_AUTO_TEST_CASE(one_thread_at_a_time) {
    spin_lock lock;
    long count = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            for (int k = 0; k < 50000; ++k) {
                const spin_guard guard(lock);
                count = count + 1;
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    BOOST_TEST(count == 200000);
}

BOOST_AUTO_TEST_CASE(whoever_comes_second_waits) {
    spin_lock lock;
    std::atomic<bool> inside{false};
    std::thread second;
    {
        const spin_guard guard(lock);
        second = std::thread([&] {
            const spin_guard own(lock);
            inside = true;
        });
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        BOOST_TEST(!inside.load());
    }
    second.join();
    BOOST_TEST(inside.load());
    lock.lock();
    lock.unlock();
}

BOOST_AUTO_TEST_SUITE_END()
