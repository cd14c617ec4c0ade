// SPDX-License-Identifier: MIT
/// \file A run whose points are drained: by whom, when, and for the last time.
#ifndef MLSCRIBE_RUN_DRAINED_RUN_HPP
#define MLSCRIBE_RUN_DRAINED_RUN_HPP

#include <mlscribe/journal/drain_thread.hpp>
#include <mlscribe/journal/written_series.hpp>
#include <mlscribe/run/journaled_run.hpp>
#include <mlscribe/run/metric_registry.hpp>
#include <mlscribe/run/remarks.hpp>
#include <mlscribe/run/samplers.hpp>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Made not recording; prepare() and attach() start it.
class drained_run : public journaled_run {
  public:
    /// Takes an opened run and makes its journal: before anybody sees that the run runs, for a
    /// death is found by the journal. attach() or withdraw() follows.
    void prepare(found_run opened, const logging_choices& choices) {
        run_ = std::move(opened);
        choices_ = choices;
        if (choices_.thinning.points < 0) {
            report(refused_thinning("run " + run_.meta.run_id, choices_.thinning.points));
            choices_.thinning = {};
        }
        metrics_.thin(choices_.thinning);
        metrics_.prefix_keys(choices_.key_prefix);
        drain_registry::instance().make_room();
        open_journal();
    }
    const found_run& prepared() const noexcept { return run_; }

    /// Starts recording. From here on the run is seen, so that nothing keeps it from its end.
    void attach() noexcept {
        start_recording();
        const bool threaded = choices_.drain == drain_mode::thread;
        const auto interval = threaded ? wake_interval() : std::chrono::milliseconds(0);
        MLSCRIBE_TRY {
            if (drain_registry::instance().add(reference<ledger>(this), interval)) return;
        }
        MLSCRIBE_CATCH_ALL {
            report(out_of_memory());
        }
        choices_.drain = drain_mode::inline_;
        set_due(milliseconds_now(), choices_.flush_interval.count());
        if (journal_header* const head = journal_.header()) head->heartbeat = 0;
    }

    /// Leaves nothing of what prepare() made.
    void withdraw() {
        leave_journal(true);
        run_ = {};
    }

    void drain_all() noexcept override {
        forget_time();
        if (flushes_now()) drain_each(drain_reason::due);
        keep_safe();
        if (recording()) samplers_.sample_due();
    }

    void sample_by(const reference<sampler>& by, std::int64_t interval,
                   const error& told) override {
        if (!recording()) return;
        if (by) samplers_.add(by, interval);
        fail(told);
        reporter_.raise_kept();
    }

    void hurry() noexcept override {
        if (choices_.drain == drain_mode::inline_) return drain_each(drain_reason::due);
        if (!hurried_.exchange(true)) drain_registry::instance().wake(*this);
    }

    bool reclaim() noexcept override {
        MLSCRIBE_TRY {
            // A disk that refuses everything is not asked at every point.
            const std::int64_t now = milliseconds_now();
            const std::int64_t fruitless = fruitless_at_.load(std::memory_order_relaxed);
            if (now >= fruitless && now - fruitless < 100) return false;
            // Another thread may take a block that came free: that is no reason to lose a point.
            const std::uint64_t before = journal_.file().given_back();
            const std::uint64_t progress = journal_.progress();
            const auto came_free = [this, before] {
                return recording() && journal_.file().given_back() != before;
            };
            if (choices_.when_full == overflow::drop_oldest) {
                discard_oldest();
            } else if (choices_.when_full == overflow::drain) {
                // Whoever drains gives blocks back as it goes; a disk that hangs is not waited for.
                if (!journal_.wait_for_drain_or_room()) {
                    return came_free() || (recording() && journal_.progress() != progress);
                }
                drain_for_room();
            }
            const std::lock_guard<std::mutex> lock(journal_.taking());
            if (!journal_.file().is_exhausted()) return recording();
            metrics_.for_each([](written_series& each) { each.begin_taking(); });
            synchronise_processors();
            {
                const std::unique_lock<std::mutex> draining = journal_.try_draining();
                const bool frees = static_cast<bool>(draining);
                metrics_.for_each([frees](written_series& each) { each.finish_taking(frees); });
            }
            if (came_free() || !journal_.file().is_exhausted()) return recording();
            // Who chose to lose points does not wait for a drain that is at work.
            const bool waits = choices_.when_full == overflow::drain;
            if (waits && journal_.progress() != progress) return recording();
            fruitless_at_.store(milliseconds_now(), std::memory_order_relaxed);
            return false;
        }
        MLSCRIBE_CATCH_ALL {}
        return false;
    }

    void refuse_thinning(const series& of, std::int64_t points) noexcept override {
        MLSCRIBE_TRY {
            report(refused_thinning("metric \"" + of.key() + '"', points));
        }
        MLSCRIBE_CATCH_ALL {}
    }

  protected:
    using journaled_run::journaled_run;

    void drain_each(drain_reason reason) noexcept {
        if (choices_.drain == drain_mode::inline_) {
            set_due(milliseconds_now(), choices_.flush_interval.count());
        }
        drain_those(reason, [] { return true; });
    }

    void tell_remarks() noexcept {
        MLSCRIBE_TRY {
            report(remarks_.tell([this](const std::string& tag, const std::string& text) {
                return write_tag(run_.folder, run_.path, tag, text);
            }));
        }
        MLSCRIBE_CATCH_ALL {
            report(out_of_memory());
        }
    }

    /// Writes all points for the last time. \return false when the disk refused some, which the
    /// journal keeps, or refused to synchronise them, which whoever finds the journal does
    bool end_metrics(run_status status) {
        samplers_.close();  // before what they log would be lost
        lost_at_end_ = lost();
        // First: a child that is forked meanwhile must not log into the run.
        stop_recording();
        drain_registry::instance().remove(*this);
        synchronise_processors();
        metrics_.for_each([](written_series& each) { each.close(); });
        // A clock that was set back must not end the run before its start.
        ended_at_ = (std::max)(milliseconds_now(), run_.meta.start_time);
        journal_.note_end(static_cast<std::uint32_t>(status), ended_at_);
        drain_each(drain_reason::end);
        const bool all_written = leave_points();
        const bool all_safe = synchronise_briefly();
        metrics_.for_each([](written_series& each) { each.look_back(); });
        return all_written && all_safe;
    }

    error unwritten(const std::string& key, int refused_by) const {
        error failure =
            system_error("cannot write metric \"" + key + "\" in", run_.path, refused_by);
        failure.message += "; its points wait in the journal";
        return failure;
    }

    /// Has what was written reach the disk, in a call that a slow one must not hold up for long.
    /// \return false when the disk refused it
    bool synchronise_briefly() noexcept {
        if (choices_.sync_interval.count() <= 0) return true;
        return synchronise_until(milliseconds_now() + 1000);
    }

    std::int64_t ended_at() const noexcept { return ended_at_; }
    /// Without what other threads log while the run ends.
    std::uint64_t lost_at_end() const noexcept { return lost_at_end_; }

    metric_registry metrics_;
    remarks remarks_;

  private:
    static error refused_thinning(const std::string& of, std::int64_t points) {
        return {error_code::invalid_value, 0,
                of + " cannot keep " + std::to_string(points) +
                    " points; a number from 16 on, or 0 for all; all are kept"};
    }

    /// An equal part of the flush interval, at most the heartbeat's.
    std::chrono::milliseconds wake_interval() const noexcept {
        const std::int64_t flush = choices_.flush_interval.count();
        return std::chrono::milliseconds(flush / (1 + (flush - 1) / heartbeat_interval));
    }

    /// A thread that flushes less often wakes for the heartbeat in between.
    bool flushes_now() noexcept {
        const std::int64_t now = milliseconds_now();
        const std::int64_t since = now - flushed_at_.load(std::memory_order_relaxed);
        const std::int64_t wake = wake_interval().count();
        if (choices_.drain == drain_mode::thread && !hurried_ &&
            wake < choices_.flush_interval.count() && since >= 0 &&
            since + wake / 2 < choices_.flush_interval.count()) {
            return false;
        }
        flushed_at_.store(now, std::memory_order_relaxed);
        return true;
    }

    /// Loses the points of the block that was handed out before all others.
    void discard_oldest() {
        const std::unique_lock<std::mutex> draining = journal_.try_draining();
        if (!draining || !recording() || !journal_.file().is_exhausted()) return;
        reference<written_series> oldest;
        std::uint64_t order = UINT64_MAX;
        metrics_.for_each([&](written_series& each) {
            const std::uint64_t candidate = each.oldest_order();
            if (candidate < order) oldest = reference<written_series>(&each);
            order = (std::min)(order, candidate);
        });
        if (oldest) lose(oldest->discard_oldest());
    }

    /// One part of a series after the other, until a block is free and some time has gone.
    void drain_for_room() noexcept {
        const std::int64_t until = milliseconds_now() + 20;
        drain_those(drain_reason::room, [this, until] {
            return milliseconds_now() <= until || journal_.file().is_exhausted();
        });
    }

    template <class Wanted>
    void drain_those(drain_reason reason, Wanted&& wanted) noexcept {
        MLSCRIBE_TRY {
            std::vector<error> failures;
            metrics_.for_each([&](written_series& each) {
                if (wanted()) drain_one(each, reason, failures);
            });
            // Behind the loop: a handler may log, which may lead here again.
            for (const error& failure : failures) report(failure);
        }
        MLSCRIBE_CATCH_ALL {
            report(out_of_memory());  // the points wait
        }
    }

    void drain_one(written_series& which, drain_reason reason,
                   std::vector<error>& failures) noexcept {
        MLSCRIBE_TRY {
            const int failed = which.drain(reason);
            if (error problem = which.take_problem()) {
                problem.message = "run " + run_.meta.run_id + ": " + problem.message;
                failures.push_back(std::move(problem));
            }
            if (failed == 0 || failed == EAGAIN) return;
            failures.push_back(unwritten(which.key(), failed));
        }
        MLSCRIBE_CATCH_ALL {
            report(out_of_memory());
        }
    }

    /// Now and then: what was written reaches the disk, and others see that this process lives.
    void keep_safe() noexcept {
        hurried_ = false;
        tell_refusal();
        tell_remarks();
        const std::int64_t now = milliseconds_now();
        const auto is_due = [now](std::atomic<std::int64_t>& last, std::int64_t interval) {
            std::int64_t before = last.load(std::memory_order_relaxed);
            return (now - before >= interval || now < before) &&
                   last.compare_exchange_strong(before, now);
        };
        if (is_due(beaten_at_, heartbeat_interval)) journal_.beat();
        if (choices_.sync_interval.count() > 0 &&
            is_due(synchronised_at_, choices_.sync_interval.count())) {
            // A call of the user's that drains must not wait for many files.
            const bool in_call = choices_.drain == drain_mode::inline_;
            synchronise_until(in_call ? now + 50 : INT64_MAX);
        }
    }

    bool synchronise_until(std::int64_t until) noexcept {
        bool all_safe = true;
        MLSCRIBE_TRY {
            error refused;
            metrics_.for_each([&](written_series& each) {
                int failed = each.refused_synchronisation();  // where there is no time to try again
                if (milliseconds_now() < until) each.synchronise(failed);
                if (failed == 0) return;
                all_safe = false;
                if (!refused) refused = unsynchronised(each.key(), failed);
            });
            if (refused && !unsynchronised_told_.exchange(true)) report(refused);
        }
        MLSCRIBE_CATCH_ALL {
            all_safe = false;
        }
        return all_safe;
    }

    error unsynchronised(const std::string& key, int refused_by) const {
        error failure =
            system_error("cannot synchronise metric \"" + key + "\" in", run_.path, refused_by);
        failure.message +=
            "; a power failure may cost its latest points; it is tried again, at last by "
            "mlscribe::recover or resume_run, for which the journal stays";
        return failure;
    }

    /// What the disk refuses stays in the journal, or is lost where that is memory or was deleted.
    /// \return whether no point is left
    bool leave_points() {
        tell_refusal();
        const bool outlives = journal_.outlives();
        std::uint64_t left = 0;
        std::uint64_t gone = 0;
        metrics_.for_each([&](written_series& each) {
            (outlives ? left : gone) += each.waiting(true);
            gone += each.waiting(false);
        });
        lose(gone);
        lost_at_end_ += gone;
        if (left == 0) return true;
        reporter_.report({error_code::system, 0,
                          "run " + run_.meta.run_id + " leaves " + std::to_string(left) +
                              " points in its journal; mlscribe::recover or resume_run writes "
                              "them"});
        return false;
    }

    samplers samplers_;
    std::atomic<bool> hurried_{false};
    std::atomic<bool> unsynchronised_told_{false};
    std::atomic<std::int64_t> fruitless_at_{INT64_MIN / 2};
    std::atomic<std::int64_t> flushed_at_{milliseconds_now()};
    std::atomic<std::int64_t> beaten_at_{milliseconds_now()};
    std::atomic<std::int64_t> synchronised_at_{milliseconds_now()};
    std::int64_t ended_at_ = 0;
    std::uint64_t lost_at_end_ = 0;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
