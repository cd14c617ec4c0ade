// SPDX-License-Identifier: MIT
/// \file One metric of one run: its step counter, and the lanes that its points come by.
#ifndef MLSCRIBE_JOURNAL_SERIES_HPP
#define MLSCRIBE_JOURNAL_SERIES_HPP

#include <mlscribe/config/clock.hpp>
#include <mlscribe/journal/ledger.hpp>
#include <mlscribe/layout/value_extremes.hpp>

#include <atomic>
#include <cstdint>
#include <string>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

class lane;

/// Time stamps of the library are the clock's; one that the user gave is stored as its complement,
/// so that a record stays 24 bytes and the drain can tell them apart.
constexpr std::int64_t given_time(std::int64_t milliseconds) noexcept {
    return ~milliseconds;
}
constexpr bool is_given_time(std::int64_t stored) noexcept {
    return stored < 0;
}

/// \threadsafety any thread
class series : public counted {
  public:
    series(reference<ledger> owner, std::string key, std::int64_t next_step)
        : ledger_(std::move(owner)), key_(std::move(key)), next_step_(next_step) {}

    const std::string& key() const noexcept { return key_; }
    ledger& owner() const noexcept { return *ledger_; }

    /// The way in for calls by name. Logs at the step of the innermost open range, else at this
    /// series' last step + 1.
    template <class Clock = coarse_clock>
    void log(double value) noexcept {
        log<Clock>(value, ledger_->step());
    }
    /// \param step  0 or more, or no_step
    template <class Clock = coarse_clock>
    void log(double value, std::int64_t step) noexcept {
        const std::int64_t now = Clock::milliseconds();
        log(value, step, now);
        if (ledger_->due(now)) ledger_->drain_all();
    }
    /// \param time  the clock's milliseconds, or given_time()
    virtual void log(double value, std::int64_t step, std::int64_t time) noexcept = 0;

    /// The step of a point, and the counter behind it.
    /// \param step    0 or more, or no_step for the next one
    /// \param shared  whether other lanes may count at the same time
    std::int64_t take_step(std::int64_t step, bool shared) noexcept {
        if (step != no_step) {
            next_step_.store(step == INT64_MAX ? step : step + 1, std::memory_order_relaxed);
            return step;
        }
        std::int64_t at = next_step_.load(std::memory_order_relaxed);
        if (!shared) {
            next_step_.store(at == INT64_MAX ? at : at + 1, std::memory_order_relaxed);
            return at;
        }
        while (!next_step_.compare_exchange_weak(at, at == INT64_MAX ? at : at + 1,
                                                 std::memory_order_relaxed)) {
        }
        return at;
    }

    /// The step of the next point that has none of its own.
    std::int64_t next_step() const noexcept { return next_step_.load(std::memory_order_relaxed); }

    /// Of what the file held when the metric was registered.
    const value_extremes& history() const noexcept { return history_; }
    /// Before other threads see the series.
    void set_history(const value_extremes& found) noexcept { history_ = found; }
    /// Keeps at most so many points in the file: from now on, those that are in it included.
    /// \param points  0: all; negative: refused, and all as before
    virtual void thin(std::int64_t points) noexcept { static_cast<void>(points); }

    /// Gives a lane a block with room. \return false when the point cannot be taken
    virtual bool make_room(lane& full) noexcept = 0;
    /// A lane begins or ends; each holds the series.
    virtual void enter(lane& opened) = 0;
    virtual void leave(lane& closed) noexcept = 0;

  private:
    const reference<ledger> ledger_;
    const std::string key_;
    std::atomic<std::int64_t> next_step_;
    value_extremes history_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
