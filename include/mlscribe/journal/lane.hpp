// SPDX-License-Identifier: MIT
/// \file One handle's way into the journal: the only code in the hot loop.
#ifndef MLSCRIBE_JOURNAL_LANE_HPP
#define MLSCRIBE_JOURNAL_LANE_HPP

#include <mlscribe/config/clock.hpp>
#include <mlscribe/journal/journal_block.hpp>
#include <mlscribe/journal/ledger.hpp>
#include <mlscribe/journal/series.hpp>
#include <mlscribe/journal/thread_mark.hpp>

#include <atomic>
#include <cstdint>
#include <type_traits>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Fills one block at a time with points of one series. While a thread stores a point the lane is
/// "inside": who takes the block away or makes the step counter shared sets what the next store
/// will see, has every processor catch up, and waits until the lane is outside. So a store needs
/// neither a lock nor an instruction that the other processors hear of. That holds for the lane's
/// own thread: points of others, who share a handle by mistake, go the way of calls by name.
/// \threadsafety one thread at a time; what others may call says so
class lane final : public counted {
  public:
    explicit lane(reference<series> owner) noexcept
        : series_(std::move(owner)), ledger_(series_->owner()) {}
    ~lane() override { series_->leave(*this); }

    series& target() const noexcept { return *series_; }

    /// Logs at the step of the innermost open range, else at the series' last step + 1. The metrics
    /// of a pass share one look at the clock; who logs again in it looks again.
    template <class Clock = coarse_clock>
    void log(double value) noexcept {
        const std::int64_t step = ledger_.step();
        std::int64_t now = 0;
        const auto time_behind = [&](const point* last) {
            if constexpr (std::is_same_v<Clock, coarse_clock>) {
                if (step != no_step) {
                    const std::int64_t kept = ledger_.pass_time();
                    if (kept != 0 && (last == nullptr || last->step != step)) return kept;
                }
                now = Clock::milliseconds();
                ledger_.keep_time(now);
            } else {
                now = Clock::milliseconds();
            }
            return now;
        };
        if (!store(value, step, time_behind)) {
            now = Clock::milliseconds();
            log_slowly(value, step, now);
        }
        if (now != 0) drain_if_due(now);
    }

    /// \param step  0 or more, or no_step
    template <class Clock = coarse_clock>
    void log(double value, std::int64_t step) noexcept {
        const std::int64_t now = Clock::milliseconds();
        log(value, step, now);
        drain_if_due(now);
    }

    /// \param time  the clock's milliseconds, or given_time()
    void log(double value, std::int64_t step, std::int64_t time) noexcept {
        if (!store(value, step, time)) log_slowly(value, step, time);
    }

    /// Stores a point where the lane has room. \return false when it has none or the run has ended
    bool store(double value, std::int64_t step, std::int64_t time) noexcept {
        return store(value, step, [time](const point*) { return time; });
    }

    /// The thread that fills the lane's blocks: the first that logs, unless it is chosen. 0: none
    /// yet
    void set_owner(std::uintptr_t thread) noexcept {
        owner_.store(thread, std::memory_order_relaxed);
    }

    /// Gives the lane its next block. \threadsafety the lane's thread, under the series' lock
    void fill(journal_block* block) noexcept { block_.store(block, std::memory_order_release); }

    /// The next store must look for a block again. \threadsafety any thread
    journal_block* empty() noexcept { return block_.exchange(nullptr, std::memory_order_acquire); }
    /// The block that the lane fills, or has filled. \threadsafety any thread
    journal_block* present() const noexcept { return block_.load(std::memory_order_relaxed); }
    /// What was stored last, where it lies in the present block. \threadsafety any thread, under
    /// the series' lock
    bool latest(point& found) const noexcept {
        const journal_block* const block = present();
        const std::uint32_t count =
            block == nullptr ? 0 : block->count.load(std::memory_order_acquire);
        if (count != 0) found = block->points[count - 1];
        return count != 0;
    }
    /// Other lanes count steps too. \threadsafety any thread
    void share() noexcept { shared_.store(true, std::memory_order_relaxed); }
    /// \threadsafety any thread
    bool inside() const noexcept { return inside_.load(std::memory_order_acquire); }

  private:
    /// \param time_behind  gives the point's time; gets the block's point before it, or null
    template <class TimeBehind>
    bool store(double value, std::int64_t step, TimeBehind&& time_behind) noexcept {
        if (owner_.load(std::memory_order_relaxed) != this_thread()) return false;
        inside_.store(true, std::memory_order_relaxed);
        std::atomic_signal_fence(std::memory_order_seq_cst);
        journal_block* const block = block_.load(std::memory_order_acquire);
        bool room = block != nullptr && ledger_.recording();
        if (room) {
            const std::uint32_t used = block->count.load(std::memory_order_relaxed);
            room = used < journal_block::capacity;
            if (room) {
                point& next = block->points[used];
                const std::int64_t time = time_behind(used != 0 ? &next - 1 : nullptr);
                const std::int64_t at =
                    series_->take_step(step, shared_.load(std::memory_order_relaxed));
                next = point{time, value, at};
                block->count.store(used + 1, std::memory_order_release);
            }
        }
        inside_.store(false, std::memory_order_release);
        return room;
    }

    void drain_if_due(std::int64_t now) noexcept {
        if (ledger_.due(now)) ledger_.drain_all();
    }

    __attribute__((noinline)) void log_slowly(double value, std::int64_t step,
                                              std::int64_t time) noexcept {
        if (!is_own()) return series_->log(value, step, time);
        // The block of a thread that was there before; or a new one, which someone may take away
        // again before the point is stored.
        do {
            if (store(value, step, time)) return;
        } while (series_->make_room(*this));
        ledger_.lose(1);
    }

    /// Whether the running thread is the lane's, or has become it now.
    bool is_own() noexcept {
        std::uintptr_t owner = 0;
        return owner_.compare_exchange_strong(owner, this_thread()) || owner == this_thread();
    }

    const reference<series> series_;  // keeps the ledger
    ledger& ledger_;
    std::atomic<journal_block*> block_{nullptr};
    std::atomic<bool> inside_{false};
    std::atomic<bool> shared_{false};
    std::atomic<std::uintptr_t> owner_{0};
};

/// A way into a series for one thread at a time; none where memory is out.
inline reference<lane> open_lane(series& target) noexcept {
    MLSCRIBE_TRY {
        const reference<lane> opened(new lane(reference<series>(&target)));
        target.enter(*opened);
        return opened;
    }
    MLSCRIBE_CATCH_ALL {}
    return {};
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
