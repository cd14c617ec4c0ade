// SPDX-License-Identifier: MIT
/// \file A lock for a few instructions, without the weight of `<mutex>`.
#ifndef MLSCRIBE_JOURNAL_SPIN_LOCK_HPP
#define MLSCRIBE_JOURNAL_SPIN_LOCK_HPP

#include <mlscribe/config/config.hpp>

#include <sched.h>

#include <atomic>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

class spin_lock {
  public:
    void lock() noexcept {
        for (int spins = 0; locked_.test_and_set(std::memory_order_acquire); ++spins) {
            // The holder may have lost its processor.
            if (spins >= 100) ::sched_yield();
        }
    }
    void unlock() noexcept { locked_.clear(std::memory_order_release); }

  private:
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
