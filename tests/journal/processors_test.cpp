// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/journal/processors.hpp>

#include <sched.h>

#include <atomic>
#include <thread>

using mlscribe::detail::synchronise_processors;

BOOST_AUTO_TEST_SUITE(journal_processors)

/// Two stores and two loads crosswise: with a barrier on the seldom side alone, one of the two
/// threads must see the other's store.
BOOST_AUTO_TEST_CASE(the_other_thread_needs_no_barrier) {
    constexpr int rounds = 4000;
    // On cache lines of their own, or a load would wait for the store before it.
    alignas(128) std::atomic<int> round{0};
    alignas(128) std::atomic<int> answered{0};
    alignas(128) std::atomic<int> often{0};
    alignas(128) std::atomic<int> seldom{0};
    alignas(128) std::atomic<int> seen_by_often{0};
    std::thread other([&] {
        for (int i = 1; i <= rounds; ++i) {
            for (int spins = 0; round.load(std::memory_order_acquire) != i; ++spins) {
                if (spins > 10000) ::sched_yield();
            }
            often.store(1, std::memory_order_relaxed);
            std::atomic_signal_fence(std::memory_order_seq_cst);
            seen_by_often.store(seldom.load(std::memory_order_relaxed), std::memory_order_relaxed);
            answered.store(i, std::memory_order_release);
        }
    });
    int missed = 0;
    for (int i = 1; i <= rounds; ++i) {
        often.store(0, std::memory_order_relaxed);
        seldom.store(0, std::memory_order_relaxed);
        round.store(i, std::memory_order_release);
        for (int pause = 0; pause < i % 61; ++pause)
            std::atomic_signal_fence(std::memory_order_seq_cst);
        seldom.store(1, std::memory_order_relaxed);
        synchronise_processors();
        const int seen = often.load(std::memory_order_relaxed);
        while (answered.load(std::memory_order_acquire) != i) ::sched_yield();
        missed += seen == 0 && seen_by_often.load(std::memory_order_relaxed) == 0 ? 1 : 0;
    }
    other.join();
    BOOST_TEST(missed == 0);
}

BOOST_AUTO_TEST_SUITE_END()
