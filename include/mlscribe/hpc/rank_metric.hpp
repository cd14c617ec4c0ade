// SPDX-License-Identifier: MIT
/// \file One metric across ranks, as each of them has it.
#ifndef MLSCRIBE_HPC_RANK_METRIC_HPP
#define MLSCRIBE_HPC_RANK_METRIC_HPP

#include <mlscribe/hpc/rank_values.hpp>
#include <mlscribe/layout/fnv_hash.hpp>
#include <mlscribe/metric/reduced_metric.hpp>

#include <cstddef>
#include <cstdint>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

using rank_shares = reducer_shares<rank_values>;

class rank_metric {
  public:
    using value_function = double (*)(const rank_values& all, std::size_t which);

    /// \param outputs  empty on a rank that does not log
    rank_metric(reference<rank_shares> shares, enum border border, reducer_outputs outputs,
                value_function value)
        : shares_(std::move(shares)),
          border_(border),
          outputs_(std::move(outputs)),
          value_(value) {}

    /// Of the metrics up to this one, exact in a double. \param before  that of those before it
    double hash(double before) const {
        const std::uint64_t keys =
            fnv_hash(shares_->key(), fnv_beginning ^ static_cast<std::uint64_t>(before));
        const std::uint64_t all = fnv_hash(border_ == border::epoch ? "\1" : "\2", keys);
        return static_cast<double>(all >> 12);
    }

    bool ends_at(const step_border& ended) const noexcept {
        return border_ == border::innermost || ended.ends_epoch;
    }

    /// What this rank added; nothing where the step of the metric goes on.
    rank_values take(const step_border& ended, int rank) const noexcept {
        rank_values taken;
        if (!ends_at(ended)) return taken;
        reducer_share<rank_values>& all = shares_->gather();
        if (all.take_filled()) taken = all.reducer();
        taken.nans = static_cast<double>(all.take_nans());
        taken.sign(rank);
        all.begin_step(shares_->first());
        return taken;
    }

    void write(const rank_values& all, const step_border& ended) const noexcept {
        if (outputs_.ways.empty()) return;
        const series& target = outputs_.ways.front()->target();
        const std::int64_t step = ended.step != no_step ? ended.step : target.next_step();
        if (all.nans > 0 && outputs_.watch) {
            outputs_.watch->note_nans(static_cast<std::uint64_t>(all.nans), step);
        }
        if (all.count == 0) return;
        outputs_.write([&](std::size_t which) { return value_(all, which); }, step);
        const bool partial = ended.partial || (border_ == border::epoch && ended.went_on);
        if (partial && outputs_.partial) outputs_.partial->set(step);
    }

    /// Nothing is taken any more.
    void close() const noexcept { shares_->close(); }

    /// The point of a step cannot be had.
    void lose() const noexcept {
        for (const reference<lane>& way : outputs_.ways) way->target().owner().lose(1);
    }

  private:
    reference<rank_shares> shares_;
    enum border border_;
    reducer_outputs outputs_;
    value_function value_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
