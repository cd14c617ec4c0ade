// SPDX-License-Identifier: MIT
/// \file Where the loop is: the ranges that are open, the step they give, and who hears of borders.
#ifndef MLSCRIBE_JOURNAL_STEP_CONTEXT_HPP
#define MLSCRIBE_JOURNAL_STEP_CONTEXT_HPP

#include <mlscribe/journal/reference.hpp>
#include <mlscribe/journal/thread_mark.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Stands for "the step after this series' last one".
inline constexpr std::int64_t no_step = INT64_MIN;

/// `epochs(n)`, `steps(n)`, which counts on over the whole run, and `steps(n, restart)`.
enum class range_kind { epochs, steps, restarted };

/// A range of the steps first … last - 1 in its pass `current`.
struct range_frame {
    range_kind kind;
    std::int64_t first;
    std::int64_t current;
    std::int64_t last;
    std::int64_t before = 0;  ///< ranges that were begun earlier in the same pass around it
};

/// A range while a loop runs over it.
class open_range {
  public:
    range_frame frame{};
    std::int64_t ended = -1;      ///< the pass that ended last
    std::int64_t inner = 0;       ///< ranges that were begun in the present pass
    bool goes_on_inside = false;  ///< a resumed run began the present pass in its middle
    open_range* outer = nullptr;

    /// Logs how long the present pass took, once.
    virtual void time_pass() noexcept = 0;

  protected:
    explicit open_range(range_kind kind) noexcept { frame.kind = kind; }
    ~open_range() = default;
};

/// A pass ends, or the run is flushed.
struct step_border {
    std::int64_t step;  ///< that ends, or no_step outside every range
    bool ends_epoch;    ///< a pass of `epochs` or, without one, of the outermost range; or no pass
    bool is_short;      ///< many such passes may follow each other
    bool partial;       ///< `break` or an exception ended it
    bool went_on;       ///< a resumed run did not do the first part of it
    /// The loop is at the end of the pass; not where the run is flushed, ends or is kept as a
    /// checkpoint, nor behind the last pass of a range.
    bool ends_pass;
};

/// Told at every step border and when the run is flushed or ends: a reducer writes its point.
class step_listener : public counted {
  public:
    virtual void step_ended(const step_border& border) noexcept = 0;

  private:
    friend class step_context;
    step_listener* next_ = nullptr;
};

/// Shows a person how far the loop is.
class pass_watcher {
  public:
    virtual void pass_ended(const open_range& range) noexcept = 0;
    virtual void range_ended(const open_range& range) noexcept = 0;

  protected:
    ~pass_watcher() = default;
};

/// Where a resumed run goes on. The ranges of the run that was left, outermost first, `current`
/// being where each begins again.
struct resumed_ranges {
    std::vector<range_frame> frames = {};
    std::int64_t ranges_done = 0;  ///< outside of every range: how many were
    std::int64_t next_range_step = 0;
    /// Without frames: how many passes of the outermost range are done.
    std::int64_t passes = 0;
};

/// \threadsafety the thread that runs the loop; step(), the pass' time and listen() any thread
class step_context {
  public:
    step_context() = default;
    step_context(const step_context&) = delete;
    step_context& operator=(const step_context&) = delete;

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
    void set_pass_time(std::int64_t now) noexcept {
        pass_time_.store(now, std::memory_order_relaxed);
    }
    /// A pass may be long: once an interval the clock is read again.
    void forget_time() noexcept { pass_time_.store(0, std::memory_order_relaxed); }

    /// A loop begins over a range of `count` passes: it gets its frame.
    void enter(open_range& range, std::int64_t count) noexcept {
        open_range* const outer = innermost();
        range_frame& frame = range.frame;
        frame.before = outer == nullptr ? ranges_begun_++ : outer->inner++;
        frame.first = frame.kind == range_kind::steps ? next_range_step_ : 0;
        frame.current = frame.first;
        if (is_done(frame)) {
            frame.last = frame.first;
        } else {
            range.goes_on_inside = resume(frame, count);
            frame.last = count > INT64_MAX - frame.first ? INT64_MAX : frame.first + count;
        }
        if (frame.kind == range_kind::steps && frame.current > next_range_step_) {
            next_range_step_ = frame.current;
        }
        range.outer = outer;
        range.ended = -1;
        range.inner = 0;
        loop_thread_.store(this_thread(), std::memory_order_relaxed);
        innermost_.store(&range);
        ++depth_;
    }
    void leave(open_range& range) noexcept {
        if (watcher_ != nullptr) watcher_->range_ended(range);
        const bool is_short = range.frame.kind != range_kind::epochs;
        if (is_short && range.outer == nullptr && range.ended >= 0) {
            tell({range.ended, true, false, false, false, false});
        }
        open_range* const inside = innermost();
        if (inside == &range) {
            innermost_.store(range.outer);
        } else {  // ranges that are left in another order
            open_range* each = inside;
            while (each->outer != &range) each = each->outer;
            each->outer = range.outer;
        }
        if (--depth_ == 0) passes_done_ = 0;
        const open_range* const now = innermost();
        set_step(now == nullptr ? no_step : now->frame.current);
        if (now == nullptr) forget_if_over();
    }

    void end_pass(open_range& range, bool partial) noexcept {
        const range_frame& frame = range.frame;
        range.ended = frame.current;
        if (frame.kind == range_kind::steps) next_range_step_ = frame.current + 1;
        if (depth_ <= resumed_depth_) resumed_.clear();
        step_border border = border_of(range, partial);
        border.ends_pass = true;
        tell(border);
        range.inner = 0;
        range.goes_on_inside = false;
        if (watcher_ != nullptr) watcher_->pass_ended(range);
    }

    /// The run is flushed: what was taken outside every range is written.
    void end_steps_outside() noexcept {
        if (innermost() == nullptr) tell({no_step, true, false, false, false, false});
    }
    /// The run ends: what reducers hold is written, and nobody is told any more. While a loop runs
    /// in another thread that is left alone, and lets go when it leaves its ranges.
    /// \threadsafety any thread
    void end_loop() noexcept {
        over_.store(true);
        const open_range* range = innermost();
        if (range != nullptr && loop_thread_.load() != this_thread()) return;
        {
            const telling now(*this);
            for (; range != nullptr; range = range->outer) tell(border_of(*range, true));
            tell({no_step, true, false, false, false, false});
        }
        watcher_ = nullptr;
        forget_if_over();
    }
    /// The work of the innermost pass is done: what is known of it is written now.
    void finish_pass() noexcept {
        open_range* const range = innermost();
        if (range == nullptr) return end_steps_outside();
        range->time_pass();
        tell(border_of(*range, false));
    }

    /// The border that the present pass of the innermost range will have, or one outside of every
    /// range.
    step_border border_ahead() const noexcept {
        const open_range* const range = innermost();
        step_border border{no_step, true, false, false, false, false};
        if (range != nullptr) border = border_of(*range, false);
        border.ends_pass = true;
        return border;
    }

    /// Outermost first.
    std::vector<range_frame> open_ranges() const {
        std::vector<range_frame> frames(depth_);
        auto place = frames.rbegin();
        for (const open_range* range = innermost(); range != nullptr; range = range->outer) {
            *place++ = range->frame;
        }
        return frames;
    }
    /// How many ranges were begun outside of others.
    std::int64_t ranges_begun() const noexcept { return ranges_begun_; }
    /// Where the run's next `steps(n)` range begins.
    std::int64_t next_range_step() const noexcept { return next_range_step_; }
    void resume_ranges(resumed_ranges&& left) noexcept {
        resumed_ = std::move(left.frames);
        resumed_depth_ = 0;
        ranges_done_ = left.ranges_done;
        next_range_step_ = left.next_range_step;
        passes_done_ = left.passes;
    }

    void listen(const reference<step_listener>& listener) noexcept {
        listener->retain();
        step_listener* head = listeners_.load(std::memory_order_relaxed);
        do {
            listener->next_ = head;
        } while (!listeners_.compare_exchange_weak(head, listener.get()));
    }
    /// \param watcher  outlives the context's last range, or is taken back by null
    void watch(pass_watcher* watcher) noexcept { watcher_ = watcher; }

  protected:
    ~step_context() { let_go(listeners_.load()); }

  private:
    /// While it lives no listener is let go: one that is told something may report, and the user's
    /// handler may end the run.
    class telling {
      public:
        explicit telling(step_context& context) noexcept : context_(context) {
            context_.tellings_.fetch_add(1);
        }
        telling(const telling&) = delete;
        telling& operator=(const telling&) = delete;
        ~telling() { context_.tellings_.fetch_sub(1); }

      private:
        step_context& context_;
    };

    void forget_if_over() noexcept {
        if (!over_.load() || tellings_.load() != 0) return;
        step_listener* const all = listeners_.exchange(nullptr);
        if (tellings_.load() == 0) return let_go(all);
        listeners_.store(all);  // for who began to tell them something meanwhile
    }
    static void let_go(step_listener* each) noexcept {
        while (each != nullptr) std::exchange(each, each->next_)->release();
    }

    void tell(const step_border& border) noexcept {
        if (listeners_.load(std::memory_order_relaxed) == nullptr) return;
        {
            const telling now(*this);
            for (step_listener* each = listeners_.load(); each != nullptr; each = each->next_) {
                each->step_ended(border);
            }
        }
        if (innermost() == nullptr) forget_if_over();
    }

    static step_border border_of(const open_range& range, bool partial) noexcept {
        const bool of_epochs = range.frame.kind == range_kind::epochs;
        const bool ends_epoch = of_epochs || range.outer == nullptr;
        return {range.frame.current, ends_epoch, !of_epochs, partial, range.goes_on_inside, false};
    }

    open_range* innermost() const noexcept { return innermost_.load(); }

    /// Whether the run that was left had done with a range, which gets no pass then.
    bool is_done(const range_frame& frame) const noexcept {
        if (depth_ == 0 && frame.before < ranges_done_) return true;
        return depth_ == resumed_depth_ && depth_ < resumed_.size() &&
               frame.before < resumed_[depth_].before;
    }

    /// Has a range go on where that of the run that was left stood.
    /// \return whether it goes on inside of a pass
    bool resume(range_frame& frame, std::int64_t count) noexcept {
        if (depth_ == resumed_depth_ && depth_ < resumed_.size()) {
            const range_frame& left = resumed_[depth_];
            if (left.kind != frame.kind || left.before != frame.before) return false;
            frame.first = left.first;
            frame.current = left.current;
            return ++resumed_depth_ < resumed_.size();
        }
        if (passes_done_ > 0 && depth_ == 0) {
            frame.first = 0;
            frame.current = passes_done_;
        } else if (passes_done_ > 0 && depth_ == 1 && frame.kind == range_kind::steps) {
            const bool fits = count <= INT64_MAX / passes_done_;
            frame.first = frame.current = fits ? count * passes_done_ : INT64_MAX;
            passes_done_ = 0;
        }
        return false;
    }

    std::atomic<std::int64_t> step_{no_step};
    std::atomic<std::int64_t> pass_time_{0};
    std::atomic<step_listener*> listeners_{nullptr};
    std::atomic<open_range*> innermost_{nullptr};
    std::atomic<std::uintptr_t> loop_thread_{0};
    std::atomic<bool> over_{false};
    std::atomic<int> tellings_{0};
    std::size_t depth_ = 0;
    pass_watcher* watcher_ = nullptr;
    std::int64_t ranges_begun_ = 0;
    std::int64_t ranges_done_ = 0;
    std::int64_t next_range_step_ = 0;
    std::vector<range_frame> resumed_;
    std::size_t resumed_depth_ = 0;  // of the next of these
    std::int64_t passes_done_ = 0;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
