// SPDX-License-Identifier: MIT
/// \file Tells the running thread from all others, at the cost of one load.
#ifndef MLSCRIBE_JOURNAL_THREAD_MARK_HPP
#define MLSCRIBE_JOURNAL_THREAD_MARK_HPP

#include <mlscribe/config/config.hpp>

#include <pthread.h>

#include <cstdint>
#include <cstring>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Neither 0 nor 1. The compiler may read it once for a whole loop.
inline std::uintptr_t this_thread() noexcept {
    std::uintptr_t mark = 0;
#if defined(__linux__) && defined(__x86_64__) && defined(__LP64__)
    __asm__("movq %%fs:0, %0" : "=r"(mark));
#elif defined(__linux__) && defined(__aarch64__)
    __asm__("mrs %0, tpidr_el0" : "=r"(mark));
#else
    const pthread_t self = ::pthread_self();
    static_assert(sizeof self <= sizeof mark, "a thread's name is a number or an address");
    std::memcpy(&mark, &self, sizeof self);
#endif
    return mark;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
