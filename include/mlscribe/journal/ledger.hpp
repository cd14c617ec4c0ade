// SPDX-License-Identifier: MIT
/// \file What the handles of one run share: the step, the counts, and the way to the disk.
#ifndef MLSCRIBE_JOURNAL_LEDGER_HPP
#define MLSCRIBE_JOURNAL_LEDGER_HPP

#include <mlscribe/journal/step_context.hpp>

#include <atomic>
#include <cstdint>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

class series;

/// Why a point is not taken: a step below 0 or above 2^63-1, a time stamp below 0.
enum class refusal { negative_step, large_step, time };

/// The seam between the loop and the run behind it. Handles keep it alive, so that logging after
/// the run's end is a counted loss and never a dangling call. \threadsafety any thread
class ledger : public counted, public step_context {
  public:
    /// The interval of a run without a drain thread is over.
    virtual void drain_all() noexcept = 0;
    /// Memory is running out: points should be drained before the interval is over.
    virtual void hurry() noexcept = 0;
    /// No memory is left. \return whether some came free
    virtual bool reclaim() noexcept = 0;
    /// A point is refused, counted as lost and reported.
    virtual void refuse(const series& of, refusal why) noexcept = 0;
    /// The process ends, and the run has hooked that.
    virtual void end_with_process() noexcept {}

    /// A metric was to keep so many points, which are fewer than none.
    virtual void refuse_thinning(const series& of, std::int64_t points) noexcept {
        static_cast<void>(of);
        static_cast<void>(points);
    }

    bool recording() const noexcept { return recording_.load(std::memory_order_acquire); }
    void start_recording() noexcept { recording_.store(true, std::memory_order_release); }
    void stop_recording() noexcept { recording_.store(false, std::memory_order_release); }

    /// In a forked child: the run is the parent's. Its locks may be held by threads that are gone.
    void disown() noexcept {
        stop_recording();
        watch(nullptr);
        due_at_.store(never_due, std::memory_order_relaxed);
        disowned_.store(true, std::memory_order_release);
    }
    bool is_disowned() const noexcept { return disowned_.load(std::memory_order_acquire); }

    void lose(std::uint64_t points) noexcept {
        lost_.fetch_add(points, std::memory_order_relaxed);
        if (is_disowned() && !told_disowned_.exchange(true)) tell_disowned();
    }
    std::uint64_t lost() const noexcept { return lost_.load(std::memory_order_relaxed); }
    void repeat(std::uint64_t points) noexcept {
        repeated_.fetch_add(points, std::memory_order_relaxed);
    }
    std::uint64_t repeated() const noexcept { return repeated_.load(std::memory_order_relaxed); }

    /// Not outside every range; nor of a run that drains itself, which needs the clock at a point.
    void keep_time(std::int64_t now) noexcept {
        if (step() == no_step || due_at_.load(std::memory_order_relaxed) != never_due) return;
        set_pass_time(now);
    }

    /// Whether a run without a drain thread should drain at a point of this time. Also true when
    /// the clock was set back.
    bool due(std::int64_t now) noexcept {
        const std::int64_t due_at = due_at_.load(std::memory_order_relaxed);
        return due_at != never_due &&
               (now >= due_at || now < due_at - interval_.load(std::memory_order_relaxed));
    }

  protected:
    explicit ledger(bool recording) noexcept : recording_(recording) {}

    /// A forked child logged its first point. No lock of the run may be taken any more.
    virtual void tell_disowned() noexcept {}

    /// Without a drain thread: the next drain is due `interval` ms after `now`.
    void set_due(std::int64_t now, std::int64_t interval) noexcept {
        interval_.store(interval, std::memory_order_relaxed);
        due_at_.store(now + interval, std::memory_order_relaxed);
    }

  private:
    static constexpr std::int64_t never_due = INT64_MAX;

    std::atomic<bool> recording_;
    std::atomic<bool> disowned_{false};
    std::atomic<bool> told_disowned_{false};
    std::atomic<std::int64_t> due_at_{never_due};
    std::atomic<std::int64_t> interval_{0};
    std::atomic<std::uint64_t> lost_{0};
    std::atomic<std::uint64_t> repeated_{0};
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
