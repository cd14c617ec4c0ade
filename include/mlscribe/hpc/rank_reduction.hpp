// SPDX-License-Identifier: MIT
/// \file One collective a step border for all metrics across ranks.
#ifndef MLSCRIBE_HPC_RANK_REDUCTION_HPP
#define MLSCRIBE_HPC_RANK_REDUCTION_HPP

#include <mlscribe/error/guarded.hpp>
#include <mlscribe/hpc/rank_channel.hpp>
#include <mlscribe/hpc/rank_metric.hpp>
#include <mlscribe/run/run_state.hpp>

#include <climits>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// What is sent begins with two entries about the sender. The first has as lowest and highest a
/// hash of its metrics, as largest_sum how many, and as count 1 where it has left its loop, when it
/// says nothing of the rest. The second has as lowest and highest the step that ends, as sum 1
/// where the pass is a partial one, as nans 1 where one went on. So all ranks know at once whether
/// they mean the same. Sent are only the metrics that all ranks are known to have; a second
/// collective, once after metrics were made, sends the others.
///
/// \threadsafety the thread that runs the loop
class rank_reduction final : public step_listener {
  public:
    /// Collective. \param run  of this rank; null where there is none
    template <class Communicator>
    rank_reduction(reference<run_state> run, Communicator communicator, bool overlapping)
        : run_(std::move(run)) {
        const error failure = open(communicator, overlapping);
        if (failure) tell(failure);
    }

    /// Whether a rank logs, so that all take part.
    bool takes_part() const noexcept { return takes_part_; }
    /// Whether it is this one.
    bool logs() const noexcept { return logs_; }

    void declare(rank_metric metric) {
        complete();  // the vectors move, and may be MPI's until then
        // Without memory for one of them nothing is declared.
        sent_.resize(about + metrics_.size() + 1);
        received_.resize(sent_.size());
        const double hash = metric.hash(hash_);
        metrics_.push_back(std::move(metric));
        hash_ = hash;
    }

    void step_ended(const step_border& border) noexcept override {
        if (border.ends_pass) return reduce(border);
        if (border.step == no_step) complete();  // the run is flushed or ends
    }

    /// Collective. Reduces what was added since the border before.
    void reduce(const step_border& border) noexcept {
        if (!takes_part_ || channel_.is_over() || !has_metric_of(border)) return;
        complete();
        begin(border, false);
        if (!overlapping_) complete();
    }

    /// Ends what was begun and logs it.
    void complete() noexcept {
        if (!std::exchange(begun_, false) || channel_.is_over()) return;
        if (!ok(channel_.end())) return;
        const rank_values metrics = received_[0];
        ranks_left_ = static_cast<int>(metrics.count);
        const bool same = !(metrics.lowest < metrics.highest);
        if (!same) {
            tell("rank " + number(metrics.highest_rank) + " has made other metrics than rank " +
                 number(metrics.lowest_rank) +
                 "; all ranks make the same, in the same order, also those that add nothing");
        } else if (metrics.largest_sum > static_cast<double>(agreed_)) {
            send_others(static_cast<std::size_t>(metrics.largest_sum));
        }
        if (takes_part_ && logs_) write();
    }

    /// Collective. Goes along with ranks that are still in their loop.
    /// \param alone  the other ranks do not come here: an exception leaves the loop of this one
    void finish(bool alone) noexcept {
        if (channel_.is_open() && !channel_.is_over()) {
            const bool took_part = takes_part_;
            complete();
            while (takes_part_ && !alone && ranks_left_ < channel_.size()) {
                begin({no_step, true, false, false, false, false}, true);
                complete();
            }
            channel_.close(takes_part_ == took_part && !alone);
        }
        takes_part_ = false;
        // What is added from now on goes nowhere; and this is the run's, which would be its own.
        for (const rank_metric& each : metrics_) each.close();
        metrics_.clear();
        run_ = {};
    }

  private:
    static constexpr std::size_t about = 2;
    static constexpr double outside = -1;

    template <class Communicator>
    error open(Communicator communicator, bool overlapping) {
        if (error failure = channel_.open(communicator)) return failure;
        int lowest[] = {is_recording() ? channel_.rank() : INT_MAX, overlapping ? 1 : 0};
        const int failed = channel_.lowest(lowest);
        if (failed != MPI_SUCCESS) return rank_channel::refused(rank_channel::text_of(failed));
        takes_part_ = lowest[0] != INT_MAX;
        logs_ = lowest[0] == channel_.rank();
        overlapping_ = lowest[1] != 0;
        return {};
    }

    bool is_recording() const noexcept { return run_ && run_->recording(); }

    bool has_metric_of(const step_border& border) const noexcept {
        for (const rank_metric& each : metrics_) {
            if (each.ends_at(border)) return true;
        }
        return false;
    }

    void begin(const step_border& border, bool leaving) noexcept {
        border_ = border;
        leaving_ = leaving;
        rank_values& metrics = sent_[0] = {};
        rank_values& step = sent_[1] = {};
        if (leaving) {
            metrics.count = 1;
        } else {
            metrics.lowest = metrics.highest = hash_;
            metrics.largest_sum = static_cast<double>(metrics_.size());
            step.lowest = step.highest =
                border.step == no_step ? outside : static_cast<double>(border.step);
        }
        step.sum = border.partial ? 1 : 0;
        step.nans = border.went_on ? 1 : 0;
        metrics.lowest_rank = metrics.highest_rank = metrics.largest_rank = channel_.rank();
        step.lowest_rank = step.highest_rank = step.largest_rank = channel_.rank();
        for (std::size_t i = 0; i < metrics_.size(); ++i) {
            sent_[about + i] = metrics_[i].take(border, channel_.rank());
        }
        declared_ = metrics_.size();
        begun_ = send(0, about + agreed_, overlapping_);
    }

    /// All ranks have so many metrics from now on.
    void send_others(std::size_t all) noexcept {
        MLSCRIBE_TRY {
            const std::size_t known = std::exchange(agreed_, all);
            if (sent_.size() < about + all) {  // a rank that left before it made them
                sent_.resize(about + all);
                received_.resize(sent_.size());
            }
            if (send(about + known, all - known, overlapping_)) ok(channel_.end());
        }
        MLSCRIBE_CATCH_ALL {
            stop("memory is out");
        }
    }

    bool send(std::size_t first, std::size_t count, bool overlapping) noexcept {
        return ok(channel_.begin(&sent_[first], &received_[first], count, overlapping));
    }

    void write() noexcept {
        const rank_values& step = received_[1];
        const bool same = !(step.lowest < step.highest);
        if (!same) {
            tell("rank " + number(step.lowest_rank) + " is at the end of step " +
                 number(step.lowest) + ", rank " + number(step.highest_rank) + " at that of step " +
                 number(step.highest) +
                 "; all ranks pass the same borders. Where batches differ in number, reduce at the "
                 "border of the epoch: metric_options::border");
        }
        std::int64_t at = border_.step;
        // A rank that has left has no step of its own.
        if (leaving_ && step.lowest >= 0 && step.lowest <= step.highest) {
            at = static_cast<std::int64_t>(step.lowest);
        }
        const step_border ended{at, border_.ends_epoch, false, step.sum > 0, step.nans > 0, true};
        for (std::size_t i = 0; i < declared_; ++i) {
            const bool sent = i < agreed_;
            const rank_values& all = sent ? received_[about + i] : sent_[about + i];
            if (sent && same) {
                metrics_[i].write(all, ended);
            } else if (all.count > 0) {
                metrics_[i].lose();
            }
        }
    }

    bool ok(int failed) noexcept {
        if (failed == MPI_SUCCESS) return true;
        MLSCRIBE_TRY {
            stop(rank_channel::text_of(failed));
        }
        MLSCRIBE_CATCH_ALL {
            takes_part_ = false;
            tell(out_of_memory());
        }
        return false;
    }
    void stop(const std::string& why) noexcept {
        takes_part_ = false;
        MLSCRIBE_TRY {
            tell(why + "; nothing more is reduced");
        }
        MLSCRIBE_CATCH_ALL {
            tell(out_of_memory());
        }
    }

    /// On the rank that logs; the others are silent.
    void tell(const std::string& why) noexcept {
        MLSCRIBE_TRY {
            tell(rank_channel::refused(why));
        }
        MLSCRIBE_CATCH_ALL {
            tell(out_of_memory());
        }
    }
    void tell(const error& failure) noexcept {
        if (run_) run_->report(failure);
    }
    static std::string number(double value) {
        return value < 0 ? "none" : std::to_string(static_cast<std::int64_t>(value));
    }

    reference<run_state> run_;
    rank_channel channel_;
    std::vector<rank_metric> metrics_;
    std::vector<rank_values> sent_ = std::vector<rank_values>(about);
    std::vector<rank_values> received_ = sent_;
    step_border border_{};
    std::size_t agreed_ = 0;    ///< metrics that all ranks are known to have
    std::size_t declared_ = 0;  ///< that this one had when it sent last
    double hash_ = 0;
    int ranks_left_ = 0;
    bool takes_part_ = false;
    bool logs_ = false;
    bool overlapping_ = false;
    bool begun_ = false;
    bool leaving_ = false;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
