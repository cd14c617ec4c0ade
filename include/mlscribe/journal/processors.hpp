// SPDX-License-Identifier: MIT
/// \file Makes all threads of the process see what was stored, at no cost to their code.
#ifndef MLSCRIBE_JOURNAL_PROCESSORS_HPP
#define MLSCRIBE_JOURNAL_PROCESSORS_HPP

#include <mlscribe/config/config.hpp>

#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <atomic>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// After it every thread has executed a full memory barrier since it began. Where the kernel does
/// not offer that (before Linux 4.14, some sandboxes) a pause of a millisecond is far longer than
/// a store waits inside a processor. \cost some microseconds
inline void synchronise_processors() noexcept {
    std::atomic_thread_fence(std::memory_order_seq_cst);
#if defined(SYS_membarrier)
    constexpr int private_expedited = 1 << 3;
    constexpr int register_private_expedited = 1 << 4;
    static const bool registered = ::syscall(SYS_membarrier, register_private_expedited, 0, 0) == 0;
    if (registered && ::syscall(SYS_membarrier, private_expedited, 0, 0) == 0) return;
#endif
    const timespec pause{0, 1000000};
    ::nanosleep(&pause, nullptr);
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
