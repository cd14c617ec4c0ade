// SPDX-License-Identifier: MIT
/// \file The ranges that a training loop runs over and that give its points their steps.
#ifndef MLSCRIBE_METRIC_STEP_RANGE_HPP
#define MLSCRIBE_METRIC_STEP_RANGE_HPP

#include <mlscribe/journal/ledger.hpp>
#include <mlscribe/metric/step.hpp>

#include <cstdint>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

/// What `run.epochs(n)` and `run.steps(n)` give: a range for one `for` loop. While a pass runs, its
/// step is the step of every point logged without one. Ranges nest. A pass that `break` or an
/// exception leaves ends like any other, so that reducers write what they hold.
/// \threadsafety the thread that runs the loop
class step_range {
  public:
    /// \param owner    the run's ledger, or none for a loop that only counts
    /// \param counting whether the run's next `steps` range goes on where this one ended
    step_range(detail::reference<detail::ledger> owner, std::int64_t first, std::int64_t last,
               bool counting) noexcept
        : owner_(std::move(owner)),
          current_(first),
          last_(last < first ? first : last),
          counting_(counting) {}

    step_range(const step_range&) = delete;
    step_range& operator=(const step_range&) = delete;
    ~step_range() {
        if (open_) end_pass();
        close();
    }

    class sentinel {};

    class iterator {
      public:
        explicit iterator(step_range& range) noexcept : range_(range) {}
        step_value operator*() const noexcept { return step_value(range_.current_); }
        iterator& operator++() noexcept {
            range_.next();
            return *this;
        }
        bool operator!=(const sentinel&) const noexcept { return range_.open_; }

      private:
        step_range& range_;
    };

    iterator begin() noexcept {
        if (owner_) {
            outer_ = owner_->step();
            entered_ = true;
        }
        start_pass();
        return iterator(*this);
    }
    static sentinel end() noexcept { return {}; }

  private:
    void start_pass() noexcept {
        open_ = current_ < last_;
        if (!open_) return close();
        if (owner_) owner_->set_step(current_);
    }

    void end_pass() noexcept {
        open_ = false;
        if (!owner_) return;
        if (counting_) owner_->set_next_range_step(current_ + 1);
        owner_->end_step(current_);
    }

    void next() noexcept {
        end_pass();
        ++current_;
        start_pass();
    }

    void close() noexcept {
        if (!entered_) return;
        entered_ = false;
        if (owner_) owner_->set_step(outer_);  // always so; an optimiser that cannot see it warns
    }

    detail::reference<detail::ledger> owner_;
    std::int64_t current_;
    std::int64_t last_;
    std::int64_t outer_ = detail::no_step;
    bool counting_;
    bool open_ = false;
    bool entered_ = false;
};

MLSCRIBE_NAMESPACE_END

#endif
