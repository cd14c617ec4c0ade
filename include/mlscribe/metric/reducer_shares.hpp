// SPDX-License-Identifier: MIT
/// \file The reducers of the copies of a handle, and how they become one.
#ifndef MLSCRIBE_METRIC_REDUCER_SHARES_HPP
#define MLSCRIBE_METRIC_REDUCER_SHARES_HPP

#include <mlscribe/journal/ledger.hpp>
#include <mlscribe/journal/spin_lock.hpp>
#include <mlscribe/layout/value_extremes.hpp>
#include <mlscribe/metric/reducer_traits.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// The reducer of one copy of a handle.
template <class Reducer>
class alignas(64) reducer_share final : public counted {
  public:
    reducer_share(const Reducer& first, bool skips_nan) : skips_nan_(skips_nan), reducer_(first) {}

    void add(double value) noexcept {
        if (skips_nan_ && is_nan(value)) {
            ++nans_;
            return;
        }
        reducer_.add(value);
        filled_ = true;
    }

    Reducer& reducer() noexcept { return reducer_; }
    /// Whether there are values; from now on they count as written.
    bool take_filled() noexcept { return std::exchange(filled_, false); }
    std::uint64_t take_nans() noexcept { return std::exchange(nans_, 0u); }

    /// Adds what the share of another thread took in this step, and empties that.
    void take(reducer_share& other, const Reducer& first) noexcept {
        nans_ += other.take_nans();
        if (!other.take_filled()) return;
        reducer_.merge(other.reducer_);
        filled_ = true;
        other.begin_step(first);
    }
    void begin_step(const Reducer& first) noexcept { begin_next_step(reducer_, first); }

  private:
    bool filled_ = false;
    const bool skips_nan_;
    std::uint64_t nans_ = 0;
    Reducer reducer_;
};

/// All reducers of a metric.
template <class Reducer>
class reducer_shares final : public counted {
  public:
    using share = reducer_share<Reducer>;

    /// \param owner  of the loop that ends the steps
    reducer_shares(const Reducer& first, bool skips_nan, std::string key, reference<ledger> owner)
        : first_(first),
          skips_nan_(skips_nan),
          key_(std::move(key)),
          owner_(std::move(owner)),
          first_share_(new share(first_, skips_nan_)) {}

    const std::string& key() const noexcept { return key_; }
    const Reducer& first() const noexcept { return first_; }
    const reference<share>& first_share() const noexcept { return first_share_; }

    /// Nobody gathers any more: copies that are made from now on have no share.
    void close() noexcept { closed_.store(true, std::memory_order_relaxed); }

    /// For a copy of a handle; the same one for all of a reducer that cannot be merged, and where
    /// memory is out; null where what it takes goes nowhere. \threadsafety any thread
    reference<share> another_share() noexcept {
        // In a forked child the lock may be held by a thread that is gone, amid a change.
        if (owner_->is_disowned() || closed_.load(std::memory_order_relaxed)) return {};
        if constexpr (can_merge<Reducer>::value) {
            MLSCRIBE_TRY {
                const reference<share> made(new share(first_, skips_nan_));
                const spin_guard guard(sharing_);
                more_shares_.push_back(made);
                return made;
            }
            MLSCRIBE_CATCH_ALL {}
        }
        return first_share();
    }

    /// All in the first share, in the order in which the copies were made.
    share& gather() noexcept {
        if constexpr (can_merge<Reducer>::value) {
            const spin_guard guard(sharing_);
            std::size_t kept = 0;
            for (std::size_t i = 0; i < more_shares_.size(); ++i) {
                first_share_->take(*more_shares_[i], first_);
                if (more_shares_[i]->is_shared()) std::swap(more_shares_[kept++], more_shares_[i]);
            }
            more_shares_.resize(kept);
        }
        return *first_share_;
    }

  private:
    const Reducer first_;
    const bool skips_nan_;
    const std::string key_;
    const reference<ledger> owner_;
    const reference<share> first_share_;
    std::atomic<bool> closed_{false};
    spin_lock sharing_;
    std::vector<reference<share>> more_shares_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
