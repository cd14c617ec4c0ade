// SPDX-License-Identifier: MIT
/// \file The samplers of a run, and when each is due.
#ifndef MLSCRIBE_RUN_SAMPLERS_HPP
#define MLSCRIBE_RUN_SAMPLERS_HPP

#include <mlscribe/config/clock.hpp>
#include <mlscribe/journal/sampler.hpp>
#include <mlscribe/journal/thread_mark.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// \threadsafety any thread
class samplers {
  public:
    /// \param interval  milliseconds, 1 or more; the first time is at once
    void add(const reference<sampler>& by, std::int64_t interval) {
        const std::lock_guard<std::mutex> lock(mutex_);
        if (closed_) return;
        all_.push_back({by, interval, INT64_MIN});
        any_.store(true, std::memory_order_release);
    }

    /// Asks those that are due. Another thread that is at it is not waited for.
    /// \cost one load where there are none
    void sample_due() noexcept {
        if (any_.load(std::memory_order_acquire)) sample_at(monotonic_nanoseconds() / 1000000);
    }

    /// \param now  milliseconds of a clock that nobody sets
    void sample_at(std::int64_t now) noexcept {
        if (is_asking()) return;  // a mutex may not be tried by the thread that holds it
        const std::unique_lock<std::mutex> turn(turn_, std::try_to_lock);
        if (!turn) return;
        asking_.store(this_thread(), std::memory_order_relaxed);
        forget_stopped();
        for (std::size_t i = 0;; ++i) {
            const auto [more, due] = at(i, now);
            if (!more) break;
            if (due) due->sample();
        }
        asking_.store(0, std::memory_order_relaxed);
    }

    /// Behind it none is asked, nor being asked: but where the call comes from one itself.
    void close() noexcept {
        std::vector<entry> left;
        {
            const std::lock_guard<std::mutex> lock(mutex_);
            closed_ = true;
            left.swap(all_);
        }
        if (is_asking()) return;
        const std::lock_guard<std::mutex> turn(turn_);
    }

  private:
    struct entry {
        reference<sampler> by;
        std::int64_t interval;
        std::int64_t due;
    };

    bool is_asking() const noexcept {
        return asking_.load(std::memory_order_relaxed) == this_thread();
    }

    void forget_stopped() noexcept {
        std::vector<entry> stopped;  // destroyed unlocked
        const std::lock_guard<std::mutex> lock(mutex_);
        MLSCRIBE_TRY {
            const auto kept = std::stable_partition(
                all_.begin(), all_.end(), [](const entry& each) { return !each.by->is_stopped(); });
            stopped.assign(kept, all_.end());
            all_.erase(kept, all_.end());
        }
        MLSCRIBE_CATCH_ALL {}
        any_.store(!all_.empty(), std::memory_order_release);
    }

    /// Whether there is a sampler of this number, and it itself where it is due.
    std::pair<bool, reference<sampler>> at(std::size_t number, std::int64_t now) noexcept {
        const std::lock_guard<std::mutex> lock(mutex_);
        if (number >= all_.size()) return {false, {}};
        entry& each = all_[number];
        if (each.due > now || each.by->is_stopped()) return {true, {}};
        // In step with the interval, unless whole intervals were missed.
        const bool missed = each.due < now - each.interval;
        each.due = (missed ? now : each.due) + each.interval;
        return {true, each.by};
    }

    std::mutex turn_;
    std::mutex mutex_;
    std::vector<entry> all_;
    std::atomic<bool> any_{false};
    std::atomic<std::uintptr_t> asking_{0};
    bool closed_ = false;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
