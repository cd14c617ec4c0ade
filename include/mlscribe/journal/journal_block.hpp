// SPDX-License-Identifier: MIT
/// \file What lies in a journal: blocks of points that one lane fills and the drain empties.
#ifndef MLSCRIBE_JOURNAL_JOURNAL_BLOCK_HPP
#define MLSCRIBE_JOURNAL_JOURNAL_BLOCK_HPP

#include <mlscribe/layout/point.hpp>

#include <atomic>
#include <cstdint>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// What a block of a journal holds.
enum class block_use : std::uint32_t { none, points, keys, thinned };

/// It is read by whoever recovers the journal of a dead process, so that every field has
/// its meaning at every instant: a point counts once `count` says so.
struct journal_block {
    static constexpr std::uint32_t capacity = 168;

    std::atomic<block_use> use;
    std::uint32_t series;                ///< whose points these are
    std::atomic<std::uint32_t> count;    ///< points that are whole; bytes in a block of keys
    std::atomic<std::uint32_t> drained;  ///< the first points, which stand in the metric's file
    std::atomic<std::uint64_t> order;    ///< of hand-outs: a lane's later block has a higher one
    unsigned char unused[40];
    point points[capacity];
    unsigned char gap[64];
};

static_assert(sizeof(journal_block) == 4096 + 64,
              "the blocks of metrics that are logged in step do not meet in the same cache sets");
static_assert(std::atomic<std::uint32_t>::is_always_lock_free, "counts lie in shared memory");

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
