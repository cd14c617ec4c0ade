// SPDX-License-Identifier: MIT
/// \file The batch job of a process: one that was started again has no process of before left.
#ifndef MLSCRIBE_JOURNAL_SCHEDULER_JOB_HPP
#define MLSCRIBE_JOURNAL_SCHEDULER_JOB_HPP

#include <mlscribe/layout/fnv_hash.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// A job of Slurm. Each task of an array has an id of its own; the steps of a job share one, and
/// end with it.
struct scheduler_job {
    char cluster[44];  ///< two clusters may share a disk, and count their jobs alike
    char id[32];       ///< empty outside of a job
    std::uint32_t restarts;

    static scheduler_job current() noexcept {
        scheduler_job job{};
        copy(std::getenv("SLURM_CLUSTER_NAME"), job.cluster);
        copy(std::getenv("SLURM_JOB_ID"), job.id);
        const char* const count = std::getenv("SLURM_RESTART_COUNT");
        const long restarts = count == nullptr ? 0 : std::strtol(count, nullptr, 10);
        if (restarts > 0 && restarts <= INT32_MAX)
            job.restarts = static_cast<std::uint32_t>(restarts);
        return job;
    }

    /// Whether `before` is an earlier start of this job, whose processes the scheduler has ended.
    bool supersedes(const scheduler_job& before) const noexcept {
        return id[0] != 0 && std::memcmp(id, before.id, sizeof id) == 0 &&
               std::memcmp(cluster, before.cluster, sizeof cluster) == 0 &&
               restarts > before.restarts;
    }

  private:
    /// A text that does not fit is left out: half an id would be another job's.
    template <std::size_t Size>
    static void copy(const char* text, char (&field)[Size]) noexcept {
        const std::size_t length = text == nullptr ? 0 : std::strlen(text);
        if (length < Size) std::memcpy(field, text == nullptr ? "" : text, length);
    }
};

/// The job of a journal's writer, in its header. Who claims the journal renames it first and notes
/// its own job then: in between the name tells that the job is another process'.
struct writers_job {
    std::atomic<std::uint64_t> noted_for;  ///< of the journal's name; 0 for no job
    scheduler_job job;

    /// \threadsafety the journal's owner
    void note(std::string_view journal_name) noexcept {
        noted_for.store(0, std::memory_order_release);
        std::atomic_thread_fence(std::memory_order_seq_cst);
        job = scheduler_job::current();
        noted_for.store(fnv_hash(journal_name), std::memory_order_release);
    }

    /// Whether the process of that name is of an earlier start of the job `now`.
    bool is_superseded(std::string_view journal_name, const scheduler_job& now) const noexcept {
        return noted_for.load(std::memory_order_acquire) == fnv_hash(journal_name) &&
               now.supersedes(job);
    }
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
