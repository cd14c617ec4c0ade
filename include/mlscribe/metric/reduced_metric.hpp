// SPDX-License-Identifier: MIT
/// \file Many values in, one point a step out.
#ifndef MLSCRIBE_METRIC_REDUCED_METRIC_HPP
#define MLSCRIBE_METRIC_REDUCED_METRIC_HPP

#include <mlscribe/journal/lane.hpp>
#include <mlscribe/metric/reducer_shares.hpp>
#include <mlscribe/metric/value_watch.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Where the points of a reducer go; `watch` and `partial` may be missing.
struct reducer_outputs {
    std::vector<reference<lane>> ways = {};
    reference<value_watch> watch = {};
    reference<remark> partial = {};

    /// \param value_of  gives each of the values
    template <class Values>
    void write(const Values& value_of, std::int64_t step) const noexcept {
        for (std::size_t i = 0; i < ways.size(); ++i) ways[i]->log(value_of(i), step);
        if (!watch || !watch->begin_look()) return;
        watch->look(value_of(0), step);
        watch->end_look();
    }
};

template <class Reducer>
class reduction final : public step_listener {
  public:
    /// \param outputs  has a way for each of the reducer's values
    reduction(const Reducer& first, const metric_options& options, reducer_outputs outputs)
        : border_(options.border),
          outputs_(std::move(outputs)),
          shares_(new reducer_shares<Reducer>(first, options.nan != nan_policy::keep,
                                              target().key(),
                                              reference<ledger>(&target().owner()))) {}
    reduction(const reduction&) = delete;
    reduction& operator=(const reduction&) = delete;
    ~reduction() override { shares_->close(); }

    const reference<reducer_shares<Reducer>>& shares() const noexcept { return shares_; }

    void step_ended(const step_border& ended) noexcept override {
        if (border_ == border::epoch && !ended.ends_epoch) return;
        if (!target().owner().recording()) return;
        reducer_share<Reducer>& all = shares_->gather();
        const std::int64_t step = ended.step != no_step ? ended.step : target().next_step();
        const std::uint64_t nans = all.take_nans();
        if (nans != 0 && outputs_.watch) outputs_.watch->note_nans(nans, step);
        if (!all.take_filled()) return;
        if (reducer_speaks(all.reducer())) {
            const Reducer& reducer = all.reducer();
            outputs_.write([&](std::size_t which) { return reducer_value(reducer, which); }, step);
            const bool partial = ended.partial || (border_ == border::epoch && ended.went_on);
            if (partial && outputs_.partial) outputs_.partial->set(step);
        }
        all.begin_step(shares_->first());
    }

  private:
    const series& target() const noexcept { return outputs_.ways.front()->target(); }

    const border border_;
    const reducer_outputs outputs_;
    const reference<reducer_shares<Reducer>> shares_;
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
    explicit reduced_metric(detail::reference<detail::reducer_shares<Reducer>> shares) noexcept
        : shares_(std::move(shares)), share_(shares_->first_share()) {}

    reduced_metric(reduced_metric&&) noexcept = default;
    reduced_metric& operator=(reduced_metric&&) noexcept = default;
    reduced_metric(const reduced_metric& other) noexcept : shares_(other.shares_) {
        if (shares_) share_ = shares_->another_share();
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
        return shares_ ? std::string_view(shares_->key()) : std::string_view();
    }

  private:
    detail::reference<detail::reducer_shares<Reducer>> shares_;
    detail::reference<detail::reducer_share<Reducer>> share_;
};

MLSCRIBE_NAMESPACE_END

#endif
