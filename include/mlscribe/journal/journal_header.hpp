// SPDX-License-Identifier: MIT
/// \file What a journal begins with: whose it is, how far it is, and what is about to be appended.
#ifndef MLSCRIBE_JOURNAL_JOURNAL_HEADER_HPP
#define MLSCRIBE_JOURNAL_JOURNAL_HEADER_HPP

#include <mlscribe/journal/journal_block.hpp>
#include <mlscribe/journal/scheduler_job.hpp>

#include <atomic>
#include <cstdint>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// A block and how many of its points stand in the file once the intent is carried out.
struct drained_block {
    std::uint32_t block;
    std::uint32_t drained;
};

/// A series that is thinned, and how many rows it was given so far: these are in its file or left
/// out. As large as a point; a block of points is one of them.
struct thinned_series {
    std::uint64_t series;
    std::int64_t most;
    std::uint64_t given;
};

/// The first page of a journal. The drain notes what it is about to append before it does, so that
/// whoever recovers the journal can tell which points are in the metric's file.
struct journal_header {
    static constexpr std::uint32_t max_sources = 448;

    char magic[8];
    std::uint32_t version;
    std::uint32_t keep_status;            ///< the run's status is not the writer's to change
    std::uint32_t heartbeat;              ///< the writer touches the file once a minute
    std::atomic<std::uint32_t> left;      ///< the writer ended and left something undone
    std::atomic<std::uint32_t> status;    ///< that the writer gives the run; 0 while it runs
    std::uint32_t end_cause;              ///< number of what ended the process; 0 for none
    std::int64_t end_time;                ///< with status
    std::atomic<std::uint32_t> intended;  ///< whether the fields below say what is being appended
    std::uint32_t series;
    std::uint32_t rows;
    std::uint64_t file_length;  ///< before the append
    std::uint64_t thinned;      ///< where the journal has the series' entry; 0 for none
    std::uint64_t given;        ///< the entry's, once the intent is carried out
    std::uint32_t source_count;
    drained_block sources[max_sources];
    writers_job job;
};

static_assert(sizeof(journal_header) <= sizeof(journal_block), "the header is a page");
static_assert(sizeof(thinned_series) == sizeof(point), "a block holds as many of either");

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
