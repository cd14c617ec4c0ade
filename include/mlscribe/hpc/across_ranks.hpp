// SPDX-License-Identifier: MIT
/// \file Metrics whose values come from all ranks of an MPI job.
#ifndef MLSCRIBE_HPC_ACROSS_RANKS_HPP
#define MLSCRIBE_HPC_ACROSS_RANKS_HPP

#include <mlscribe/error/guarded.hpp>
#include <mlscribe/hpc/rank_timer.hpp>
#include <mlscribe/run/run.hpp>

#if MLSCRIBE_ENABLED
#    include <mlscribe/hpc/rank_reduction.hpp>
#else
#    include <mlscribe/hpc/disabled_rank_reduction.hpp>
#endif

#include <exception>
#include <string>
#include <string_view>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

/// When the ranks wait for each other.
enum class exchange {
    blocking,     ///< at each border, as in MPI_Allreduce
    overlapping,  ///< a border begins what the next one ends, as by MPI_Iallreduce; points come a
                  ///< border later, with the step that they belong to
};

/// Metrics and timers across the ranks of a communicator. Every rank makes one from its run, silent
/// or not, and the same metrics in the same order; then loops over `run.epochs()` or `run.steps()`
/// as ever. Each border is one collective, however many metrics there are, and the lowest rank
/// whose run records logs one point of each into it. Where no run records there is none.
///
///     auto run = mlscribe::start_run("climate", "unet");               // rank 0 records
///     mlscribe::across_ranks ranks(run, MPI_COMM_WORLD);
///     auto loss = ranks.metric<mlscribe::mean>("train/loss");
///     for (auto epoch : run.epochs(10)) {
///         for (const auto& batch : my_batches) loss.add(train(batch));  // or none
///     }  // one point an epoch: the mean over the batches of all ranks
///
/// The rule of all collectives: every rank passes the same borders. A border is the end of a pass
/// of the innermost range, or of the epoch where all metrics choose border::epoch; for ranks that
/// have different numbers of batches choose that. Ranks whose steps or metrics differ are reported
/// by the one that logs, and points that would be wrong are left out and count as lost. A rank that
/// leaves its loop early waits in finish(), which the destructor calls, and adds nothing, until all
/// are there. Not where a loop has two of these objects: waiting in one it does not come to the
/// borders of the other, so all ranks leave together. A rank that an exception leads out of its
/// loop does not wait: end the job by MPI_Abort, as for every collective. A forked child takes no
/// part. Declare it behind the run, within MPI_Init and MPI_Finalize.
///
/// Sums are over a rank's values in their order, then over ranks in theirs, in groups that MPI
/// chooses: off by less than n · 2^-53 of the sum of the magnitudes of all n values, exact where
/// all partial sums are whole numbers below 2^53.
/// \threadsafety the thread that runs the loop, which the level of MPI threads lets call MPI
/// \cost at a border an MPI_Allreduce of 72 bytes for each metric and 144 more; once after metrics
///       were made, a second one
class across_ranks {
  public:
    /// Collective. Nothing sent mixes with messages of the program: the communicator is copied.
    /// \param communicator  an MPI_Comm of the ranks, each with a run of its own
    /// \onfailure invalid_value: MPI is not at work; then nothing is reduced. std::bad_alloc,
    /// before
    ///            any rank was waited for: end the job, in which the others wait
    template <class Communicator>
    across_ranks(run& of, Communicator communicator, exchange how = exchange::blocking)
        : unwinding_(std::uncaught_exceptions()),
          run_(of.state_),
          reduction_(
              new detail::rank_reduction(of.state_, communicator, how == exchange::overlapping)) {
        if (!run_ || !reduction_->takes_part()) return;
        detail::guarded(*run_, "across_ranks", [this] {
            run_->listen(detail::reference<detail::step_listener>(reduction_.get()));
        });
    }
    across_ranks(across_ranks&&) noexcept = default;
    across_ranks& operator=(across_ranks&&) = delete;
    across_ranks(const across_ranks&) = delete;
    across_ranks& operator=(const across_ranks&) = delete;
    ~across_ranks() {
        if (reduction_) reduction_->finish(std::uncaught_exceptions() > unwinding_);
    }

    /// A metric that takes any number of values on each rank. All ranks make it, whether they add
    /// to it or not. Copies for threads are merged, as those of `run.metric<Reducer>(key)`.
    /// \tparam Reducer  mean, sum, count, min, max, min_rank, max_rank, slowest_rank, or `several`
    ///                  of them: `several<mean, max, max_rank>` logs `<key>.mean`, `<key>.max` and
    ///                  `<key>.max_rank`
    /// \onfailure invalid_key, key_clash: nothing is logged
    template <class Reducer>
    reduced_metric<detail::rank_values> metric(std::string_view key,
                                               const metric_options& options = {}) {
        using namespace detail;
        if (!reduction_ || !run_ || !reduction_->takes_part()) return {};
        static_assert(is_complete_v<values_across<Reducer>>,
                      "mlscribe: across ranks there are mean, sum, count, min, max, min_rank, "
                      "max_rank, slowest_rank and several<> of them");
        reduced_metric<rank_values> handle;
        guarded(*run_, "across_ranks::metric", [&] {
            reducer_outputs outputs;
            if (reduction_->logs()) outputs = open_outputs<Reducer>(*run_, key, options);
            const reference<rank_shares> shares(new rank_shares({}, options.nan != nan_policy::keep,
                                                                std::string(key),
                                                                reference<ledger>(run_.get())));
            reduction_->declare(rank_metric(shares, options.border, std::move(outputs),
                                            &values_across<Reducer>::of));
            handle = reduced_metric<rank_values>(shares);
        });
        return handle;
    }

    /// A timer of scopes on all ranks. At the end of each epoch (without epochs: at each border)
    /// `<key>.mean`, `.min`, `.max` and `.count` have a point, of all scopes of all ranks, and
    /// `.slowest_rank`, the rank whose scopes took the longest altogether.
    rank_timer timer(std::string_view key) {
        metric_options options;
        options.border = border::epoch;
        return rank_timer(metric<several<mean, min, max, count, slowest_rank>>(key, options));
    }

    /// Collective. Reduces now what was added since the last border, as that of the present step;
    /// outside of ranges as the next one. Call it on all ranks before `run.checkpoint()`.
    void reduce() noexcept {
        if (!reduction_ || !run_) return;
        reduction_->reduce(run_->border_ahead());
        reduction_->complete();
    }

    /// Collective. Reduces what is left, and waits until all ranks are here: until then this one
    /// adds nothing to what they reduce. What is added later goes nowhere.
    void finish() noexcept {
        if (reduction_) reduction_->finish(false);
    }

  private:
    int unwinding_;
    detail::reference<detail::run_state> run_;
    detail::reference<detail::rank_reduction> reduction_;
};

MLSCRIBE_NAMESPACE_END

#endif
