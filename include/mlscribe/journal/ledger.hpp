// SPDX-License-Identifier: MIT
/// \file What the handles of one run share: the step, the counts, and the way to the disk.
#ifndef MLSCRIBE_JOURNAL_LEDGER_HPP
#define MLSCRIBE_JOURNAL_LEDGER_HPP

#include <mlscribe/journal/reference.hpp>

#include <atomic>
#include <cstdint>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

class series;

/// Told at every step border and when the run is flushed or ends: a reducer writes its point.
class step_listener : public counted {
  public:
    /// \param step the step that just ended, or no_step outside every range
    virtual void step_ended(std::int64_t step) noexcept = 0;
};

/// Why a point is not taken: a step below 0 or above 2^63-1, a time stamp below 0.
enum class refusal { negative_step, large_step, time };

/// Stands for "the step after this series' last one".
inline constexpr std::int64_t no_step = INT64_MIN;

/// The seam between the loop and the run behind it. Handles keep it alive, so that logging after
/// the run's end is a counted loss and never a dangling call. \threadsafety any thread
class ledger : public counted {
  public:
    /// The interval of a run without a drain thread is over.
    virtual void drain_all() noexcept = 0;
    /// Memory is running out: points should be drained before the interval is over.
    virtual void hurry() noexcept = 0;
    /// No memory is left. \return whether some came free
    virtual bool reclaim() noexcept = 0;
    /// A point is refused, counted as lost and reported.
    virtual void refuse(const series& of, refusal why) noexcept = 0;

    bool recording() const noexcept { return recording_.load(std::memory_order_acquire); }
    void start_recording() noexcept { recording_.store(true, std::memory_order_release); }
    void stop_recording() noexcept { recording_.store(false, std::memory_order_release); }

    /// In a forked child: the run is the parent's. Its locks may be held by threads that are gone.
    void disown() noexcept {
        stop_recording();
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

    /// The step of the innermost open range, or no_step.
    std::int64_t step() const noexcept { return step_.load(std::memory_order_relaxed); }
    /// A range begins its next pass or gives way to the one around it.
    void set_step(std::int64_t step) noexcept {
        step_.store(step, std::memory_order_relaxed);
        forget_time();
    }

    /// The time of the present pass, which the metrics that follow the first one share; 0 where it
    /// must be read.
    std::int64_t pass_time() const noexcept { return pass_time_.load(std::memory_order_relaxed); }
    /// Not outside every range; nor of a run that drains itself, which needs the clock at a point.
    void keep_time(std::int64_t now) noexcept {
        if (step() == no_step || due_at_.load(std::memory_order_relaxed) != never_due) return;
        pass_time_.store(now, std::memory_order_relaxed);
    }
    /// A pass may be long: once an interval the clock is read again.
    void forget_time() noexcept { pass_time_.store(0, std::memory_order_relaxed); }

    /// Where the run's next `steps(n)` range begins.
    std::int64_t next_range_step() const noexcept { return next_range_step_; }
    void set_next_range_step(std::int64_t step) noexcept { next_range_step_ = step; }

    void listen(reference<step_listener> listener) {
        listeners_.push_back(static_cast<reference<step_listener>&&>(listener));
    }
    /// Tells every listener; called by the thread that owns the loop.
    void end_step(std::int64_t step) noexcept {
        for (const reference<step_listener>& listener : listeners_) listener->step_ended(step);
    }
    void forget_listeners() noexcept { listeners_.clear(); }

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
    std::atomic<std::int64_t> step_{no_step};
    std::atomic<std::int64_t> pass_time_{0};
    std::atomic<std::int64_t> due_at_{never_due};
    std::atomic<std::int64_t> interval_{0};
    std::atomic<std::uint64_t> lost_{0};
    std::atomic<std::uint64_t> repeated_{0};
    std::int64_t next_range_step_ = 0;
    std::vector<reference<step_listener>> listeners_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
