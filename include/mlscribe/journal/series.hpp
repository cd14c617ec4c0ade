// SPDX-License-Identifier: MIT
/// \file The points of one metric between the loop and the disk.
#ifndef MLSCRIBE_JOURNAL_SERIES_HPP
#define MLSCRIBE_JOURNAL_SERIES_HPP

#include <mlscribe/config/clock.hpp>
#include <mlscribe/journal/ledger.hpp>
#include <mlscribe/layout/point.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Time stamps of the library are the clock's; one that the user gave is stored as its complement,
/// so that a record stays 24 bytes and the drain can tell them apart.
constexpr std::int64_t given_time(std::int64_t milliseconds) noexcept {
    return ~milliseconds;
}
constexpr bool is_given_time(std::int64_t stored) noexcept {
    return stored < 0;
}

/// One metric of one run. \threadsafety any thread
class series : public counted {
  public:
    series(reference<ledger> owner, std::string key, std::int64_t next_step)
        : ledger_(std::move(owner)), key_(std::move(key)), next_step_(next_step) {}

    const std::string& key() const noexcept { return key_; }
    ledger& owner() const noexcept { return *ledger_; }

    /// Logs at the step of the innermost open range, else at this series' last step + 1.
    void log(double value) noexcept { log(value, ledger_->step()); }

    /// \param step  0 or more, or no_step
    void log(double value, std::int64_t step) noexcept {
        const std::int64_t now = milliseconds_now();
        log(value, step, now);
        if (ledger_->due(now)) ledger_->drain_all();
    }

    /// \param time  the clock's milliseconds, or given_time()
    void log(double value, std::int64_t step, std::int64_t time) noexcept {
        if (!ledger_->recording()) {
            ledger_->lose(1);
            return;
        }
        // Other threads may fill what a drain has emptied, and a drain that the disk refused may
        // have taken a full buffer over.
        for (bool again = true; !store(value, step, time);) {
            if (!again) return ledger_->lose(1);
            again = ledger_->drain(*this);
        }
    }

  protected:
    /// The drain's side: takes what is stored. `into` must be empty; its room is used again.
    /// \param close  whether nothing can be stored after it
    void take(std::vector<point>& into, bool close) noexcept {
        const spin_guard guard(locked_);
        points_.swap(into);
        closed_ = closed_ || close;
    }

  private:
    class spin_guard {
      public:
        explicit spin_guard(std::atomic_flag& locked) noexcept : locked_(locked) {
            while (locked_.test_and_set(std::memory_order_acquire)) {
            }
        }
        spin_guard(const spin_guard&) = delete;
        spin_guard& operator=(const spin_guard&) = delete;
        ~spin_guard() { locked_.clear(std::memory_order_release); }

      private:
        std::atomic_flag& locked_;
    };

    /// \return false when there is no room; what memory refuses is counted here
    bool store(double value, std::int64_t step, std::int64_t time) noexcept {
        const spin_guard guard(locked_);
        if (closed_ || points_.size() == max_points_) return false;
        MLSCRIBE_TRY {
            const std::int64_t at = step == no_step ? next_step_ : step;
            points_.push_back(point{time, value, at});
            next_step_ = at == INT64_MAX ? at : at + 1;
            return true;
        }
        MLSCRIBE_CATCH_ALL {
            // Out of memory, which no drain would mend.
            ledger_->lose(1);
            return true;
        }
    }

    static constexpr std::size_t max_points_ = 1024;

    reference<ledger> ledger_;
    std::string key_;
    std::atomic_flag locked_ = ATOMIC_FLAG_INIT;
    bool closed_ = false;
    std::int64_t next_step_;
    std::vector<point> points_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
