// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/journal/spin_lock.hpp>

#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <string>
#include <thread>
#include <vector>

#include "scratch_directory.hpp"

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

// Under a lock that is held for long: as long as a disk takes a point.
BOOST_AUTO_TEST_CASE(whoever_waits_for_long_sleeps) {
    spin_lock lock;
    std::atomic<long> waiting{0};
    std::thread second;
    bool sleeps = false;
    {
        const spin_guard guard(lock);
        second = std::thread([&] {
            waiting = static_cast<long>(::gettid());
            const spin_guard own(lock);
        });
        while (waiting == 0) std::this_thread::yield();
        // Who only yields never gives its processor up by itself.
        const std::string status = "/proc/self/task/" + std::to_string(waiting) + "/status";
        const std::string field = "\nvoluntary_ctxt_switches:\t";
        for (int i = 0; i < 1000 && !sleeps; ++i) {
            const std::string text = test::read_file(status);
            const std::size_t at = text.find(field);
            sleeps = at != std::string::npos && std::stol(text.substr(at + field.size())) > 100;
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
    }
    second.join();
    BOOST_TEST(sleeps);
}

BOOST_AUTO_TEST_SUITE_END()
