// SPDX-License-Identifier: MIT
/// \file Whether rows of a metric's file have yet to reach the disk, and how they do.
#ifndef MLSCRIBE_JOURNAL_FILE_SYNCHRONISATION_HPP
#define MLSCRIBE_JOURNAL_FILE_SYNCHRONISATION_HPP

#include <mlscribe/journal/metric_file.hpp>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <mutex>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// \threadsafety any thread
class file_synchronisation {
  public:
    /// Rows were written.
    void owe() noexcept { owed_ = true; }

    /// Has them reach the disk. What is refused is owed as before.
    /// \param failed  receives 0 or errno \return whether there was anything
    bool carry_out(const metric_file& file, int& failed) noexcept {
        const std::lock_guard<std::mutex> lock(mutex_);
        failed = 0;
        if (!owed_.exchange(false)) return false;
        failed = ENOMEM;
        MLSCRIBE_TRY {
            failed = file.synchronise(safe_length_, refused_ != 0);
        }
        MLSCRIBE_CATCH_ALL {}
        if (failed == ENOENT) failed = 0;  // somebody has removed the file
        refused_ = failed;
        if (failed != 0) owed_ = true;
        return true;
    }

    /// Why the latest try was refused, or 0.
    int refused() const noexcept { return refused_; }

  private:
    std::mutex mutex_;  // also for who needs what another thread is about to carry out
    std::atomic<bool> owed_{false};
    std::atomic<int> refused_{0};
    std::uint64_t safe_length_ = 0;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
