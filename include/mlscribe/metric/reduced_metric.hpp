// SPDX-License-Identifier: MIT
/// \file Many values in, one point a step out.
#ifndef MLSCRIBE_METRIC_REDUCED_METRIC_HPP
#define MLSCRIBE_METRIC_REDUCED_METRIC_HPP

#include <mlscribe/journal/lane.hpp>
#include <mlscribe/metric/reducer_traits.hpp>
#include <mlscribe/metric/value_watch.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>
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

/// Where the points of a reducer go; `watch` and `partial` may be missing.
struct reducer_outputs {
    std::vector<reference<lane>> ways = {};
    reference<value_watch> watch = {};
    reference<remark> partial = {};
};

template <class Reducer>
class reduction final : public step_listener {
  public:
    using share = reducer_share<Reducer>;

    /// \param outputs  has a way for each of the reducer's values
    reduction(const Reducer& first, const metric_options& options, reducer_outputs outputs)
        : first_(first),
          skips_nan_(options.nan != nan_policy::keep),
          border_(options.border),
          outputs_(std::move(outputs)) {
        shares_.emplace_back(new share(first_, skips_nan_));
    }

    const reference<share>& first_share() const noexcept { return shares_.front(); }

    /// For a copy of a handle; the same one for all of a reducer that cannot be merged, and where
    /// memory is out. \threadsafety any thread
    reference<share> another_share() noexcept {
        // In a forked child the lock may be held by a thread that is gone.
        if (!target().owner().recording()) return first_share();
        if constexpr (can_merge<Reducer>::value) {
            MLSCRIBE_TRY {
                const reference<share> made(new share(first_, skips_nan_));
                const spin_guard guard(sharing_);
                shares_.push_back(made);
                return made;
            }
            MLSCRIBE_CATCH_ALL {}
        }
        return first_share();
    }

    void step_ended(const step_border& ended) noexcept override {
        if (border_ == border::epoch && !ended.ends_epoch) return;
        if (!target().owner().recording()) return;
        gather();
        share& all = *shares_.front();
        const std::int64_t step = ended.step != no_step ? ended.step : target().next_step();
        const std::uint64_t nans = all.take_nans();
        if (nans != 0 && outputs_.watch) outputs_.watch->note_nans(nans, step);
        if (!all.take_filled()) return;
        if (reducer_speaks(all.reducer())) {
            write(all.reducer(), step);
            const bool partial = ended.partial || (border_ == border::epoch && ended.went_on);
            if (partial && outputs_.partial) outputs_.partial->set(step);
        }
        all.begin_step(first_);
    }

    const series& target() const noexcept { return outputs_.ways.front()->target(); }

  private:
    void write(const Reducer& reducer, std::int64_t step) noexcept {
        for (std::size_t i = 0; i < outputs_.ways.size(); ++i) {
            outputs_.ways[i]->log(reducer_value(reducer, i), step);
        }
        if (!outputs_.watch || !outputs_.watch->begin_look()) return;
        outputs_.watch->look(reducer_value(reducer, 0), step);
        outputs_.watch->end_look();
    }

    /// Into the first share, in the order in which the copies were made.
    void gather() noexcept {
        if constexpr (can_merge<Reducer>::value) {
            const spin_guard guard(sharing_);
            std::size_t kept = 1;
            for (std::size_t i = 1; i < shares_.size(); ++i) {
                shares_.front()->take(*shares_[i], first_);
                if (shares_[i]->is_shared()) std::swap(shares_[kept++], shares_[i]);
            }
            shares_.resize(kept);
        }
    }

    const Reducer first_;
    const bool skips_nan_;
    const border border_;
    const reducer_outputs outputs_;
    spin_lock sharing_;
    std::vector<reference<share>> shares_;
};

}  // namespace detail

/// A metric that takes many values and logs one point at each border of the innermost open range
/// (or of the epoch, if its options say so), and at `flush()` and `end()` what was taken outside
/// every range. Made by `run.metric<mean>(key)`.
///
/// Give each thread a copy: a copy has a reducer of its own, and all are merged at the border,
/// which comes after whatever joins the threads (the end of an OpenMP region, a barrier). What is
/// added after the run's end goes nowhere.
///
/// \tparam Reducer  see metric/reducer_traits.hpp
/// \threadsafety a thread a copy; copies of a reducer that has no merge() belong to one thread
/// \cost the reducer's arithmetic and one store
template <class Reducer>
class reduced_metric {
  public:
    reduced_metric() noexcept = default;
    explicit reduced_metric(detail::reference<detail::reduction<Reducer>> reduction) noexcept
        : reduction_(std::move(reduction)), share_(reduction_->first_share()) {}

    reduced_metric(reduced_metric&&) noexcept = default;
    reduced_metric& operator=(reduced_metric&&) noexcept = default;
    reduced_metric(const reduced_metric& other) noexcept : reduction_(other.reduction_) {
        if (reduction_) share_ = reduction_->another_share();
    }
    reduced_metric& operator=(const reduced_metric& other) noexcept {
        return *this = reduced_metric(other);
    }
    ~reduced_metric() = default;

    /// \param value  any number
    template <class Value>
    void add(Value value) noexcept {
        static_assert(std::is_arithmetic_v<Value> || std::is_convertible_v<Value, double>,
                      "a metric's value is a number");
        if (share_) share_->add(static_cast<double>(value));
    }

    std::string_view key() const noexcept {
        return reduction_ ? std::string_view(reduction_->target().key()) : std::string_view();
    }

  private:
    detail::reference<detail::reduction<Reducer>> reduction_;
    detail::reference<detail::reducer_share<Reducer>> share_;
};

MLSCRIBE_NAMESPACE_END

#endif
