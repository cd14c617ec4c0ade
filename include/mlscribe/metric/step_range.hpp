// SPDX-License-Identifier: MIT
/// \file The ranges that a training loop runs over and that give its points their steps.
#ifndef MLSCRIBE_METRIC_STEP_RANGE_HPP
#define MLSCRIBE_METRIC_STEP_RANGE_HPP

#include <mlscribe/config/clock.hpp>
#include <mlscribe/journal/ledger.hpp>
#include <mlscribe/journal/series.hpp>
#include <mlscribe/metric/step.hpp>

#include <cstdint>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

/// For `run.steps(n, mlscribe::restart)`: the range begins at 0 each time.
struct restart_from_zero {};
/// For `run.steps(n, mlscribe::restart)`.
inline constexpr restart_from_zero restart{};

/// What `run.epochs(n)` and `run.steps(n)` give: a range for one `for` loop. While a pass runs, its
/// step is the step of every point logged without one. Ranges nest; the innermost gives the step. A
/// pass that `break` or an exception leaves ends like any other, so that reducers write what they
/// hold; the tag `mlscribe.partial_step.<key>` says so.
/// \threadsafety the thread that runs the loop
class step_range final : private detail::open_range {
  public:
    /// \param owner    the run's ledger, or none for a loop that only counts
    /// \param seconds  the metric of how long a pass takes, or none
    step_range(detail::reference<detail::ledger> owner, detail::range_kind kind, std::int64_t count,
               detail::reference<detail::series> seconds = {}) noexcept
        : open_range(kind), owner_(std::move(owner)), seconds_(std::move(seconds)), count_(count) {}

    step_range(const step_range&) = delete;
    step_range& operator=(const step_range&) = delete;
    ~step_range() {
        if (open_) end_pass(true);
        close();
    }

    class sentinel {};

    class iterator {
      public:
        explicit iterator(step_range& range) noexcept : range_(range) {}
        step_value operator*() const noexcept { return step_value(range_.frame.current); }
        iterator& operator++() noexcept {
            range_.next();
            return *this;
        }
        bool operator!=(const sentinel&) const noexcept { return range_.open_; }

      private:
        step_range& range_;
    };

    /// Begins the range; anew where a loop has left it before.
    iterator begin() noexcept {
        if (open_) end_pass(true);
        close();
        passes_ = 0;
        if (owner_) {
            owner_->enter(*this, count_);
            entered_ = true;
        } else {
            frame.current = 0;
            frame.last = count_;
        }
        start_clock();
        start_pass();
        return iterator(*this);
    }
    static sentinel end() noexcept { return {}; }

  private:
    bool times_each_pass() const noexcept { return frame.kind == detail::range_kind::epochs; }

    void start_pass() noexcept {
        open_ = frame.current < frame.last;
        if (!open_) return close();
        if (owner_) owner_->set_step(frame.current);
    }

    void end_pass(bool partial) noexcept {
        open_ = false;
        if (!owner_) return;
        if (times_each_pass()) {
            time_pass();
            start_clock();
        } else {
            ++passes_;
        }
        owner_->end_pass(*this, partial);
    }

    void next() noexcept {
        end_pass(false);
        ++frame.current;
        start_pass();
    }

    void close() noexcept {
        if (!entered_) return;
        entered_ = false;
        if (!times_each_pass()) log_seconds(passes_, outer == nullptr ? ended : around());
        owner_->leave(*this);
    }

    /// A pass of a range of steps is too short to be timed alone: there is one point a range, with
    /// its last pass.
    void time_pass() noexcept override {
        if (times_each_pass()) return log_seconds(1, frame.current);
        if (frame.current + 1 < frame.last) return;
        log_seconds(passes_ + 1, outer == nullptr ? frame.current : around());
    }
    std::int64_t around() const noexcept { return outer->frame.current; }

    /// Unless that is done already.
    void log_seconds(std::int64_t passes, std::int64_t step) noexcept {
        if (!seconds_ || timed_ || passes == 0 || !owner_->recording()) return;
        timed_ = true;
        const auto taken = static_cast<double>(detail::monotonic_nanoseconds() - began_) / 1e9;
        seconds_->log(taken / static_cast<double>(passes), step);
    }
    void start_clock() noexcept {
        timed_ = false;
        if (seconds_) began_ = detail::monotonic_nanoseconds();
    }

    detail::reference<detail::ledger> owner_;
    detail::reference<detail::series> seconds_;
    std::int64_t count_;
    std::int64_t began_ = 0;
    std::int64_t passes_ = 0;
    bool open_ = false;
    bool entered_ = false;
    bool timed_ = false;
};

MLSCRIBE_NAMESPACE_END

#endif
