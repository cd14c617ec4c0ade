// SPDX-License-Identifier: MIT
/// \file A lock for a few instructions, without the weight of `<mutex>`; who holds it longer, as
/// for a point that a disk must take first, costs the others no processor.
#ifndef MLSCRIBE_JOURNAL_SPIN_LOCK_HPP
#define MLSCRIBE_JOURNAL_SPIN_LOCK_HPP

#include <mlscribe/config/config.hpp>

#include <sched.h>
#include <time.h>

#include <atomic>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

class spin_lock {
  public:
    void lock() noexcept {
        for (int spins = 0; locked_.test_and_set(std::memory_order_acquire); ++spins) {
            if (spins >= 100) wait(spins);
        }
    }
    void unlock() noexcept { locked_.clear(std::memory_order_release); }

  private:
    __attribute__((noinline)) static void wait(int spins) noexcept {
        // The holder may have lost its processor, or be at more than a few instructions.
        if (spins < 200) {
            ::sched_yield();
            return;
        }
        const timespec pause{0, 100 * 1000};
        ::nanosleep(&pause, nullptr);
    }

    std::atomic_flag locked_ = ATOMIC_FLAG_INIT;
};

class spin_guard {
  public:
    explicit spin_guard(spin_lock& lock) noexcept : lock_(lock) { lock_.lock(); }
    spin_guard(const spin_guard&) = delete;
    spin_guard& operator=(const spin_guard&) = delete;
    ~spin_guard() { lock_.unlock(); }

  private:
    spin_lock& lock_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
