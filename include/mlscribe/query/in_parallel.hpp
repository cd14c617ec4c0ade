// SPDX-License-Identifier: MIT
/// \file Work that several threads share.
#ifndef MLSCRIBE_QUERY_IN_PARALLEL_HPP
#define MLSCRIBE_QUERY_IN_PARALLEL_HPP

#include <mlscribe/config/config.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Calls `work(index, thread)` once for each index below `count`, in up to `threads` threads, which
/// are numbered from 0; the caller's is one of them, and does everything where no other can be had.
/// \return false where memory was out in between
template <class Work>
bool in_parallel(std::size_t count, unsigned threads, Work&& work) {
    std::atomic<std::size_t> next{0};
    std::atomic<bool> whole{true};
    const auto share = [&](std::size_t thread) noexcept {
        MLSCRIBE_TRY {
            for (std::size_t i = next++; i < count; i = next++) work(i, thread);
        }
        MLSCRIBE_CATCH_ALL {
            whole = false;
        }
    };
    std::vector<std::thread> others;
    const std::size_t most = (std::min)(static_cast<std::size_t>(threads), count);
    MLSCRIBE_TRY {
        while (others.size() + 1 < most) others.emplace_back(share, others.size() + 1);
    }
    MLSCRIBE_CATCH_ALL {}
    share(0);
    for (std::thread& each : others) each.join();
    return whole;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
