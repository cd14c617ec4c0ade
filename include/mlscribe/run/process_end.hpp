// SPDX-License-Identifier: MIT
/// \file A run's part in the end of its process: nothing unless the options ask for it.
#ifndef MLSCRIBE_RUN_PROCESS_END_HPP
#define MLSCRIBE_RUN_PROCESS_END_HPP

#include <mlscribe/journal/drain_thread.hpp>
#include <mlscribe/run/logging_choices.hpp>
#include <mlscribe/store/runs.hpp>

#include <memory>
#include <string>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// \threadsafety any thread, but for hook()
class process_end {
  public:
    process_end() = default;
    process_end(const process_end&) = delete;
    process_end& operator=(const process_end&) = delete;
    ~process_end() {
        if (!ending_) return;
        drain_registry::instance().unhook(*ending_);
        termination::instance().wait_for_handlers();
    }

    /// \param run, journal, opened  of a run that records now; they outlive this
    error hook(ledger& run, run_journal& journal, const found_run& opened,
               const logging_choices& choices) {
        if (choices.signals == on_signal::nothing) return {};
        ending_choices chosen;
        chosen.threaded = choices.drain == drain_mode::thread;
        chosen.may_stop_itself = choices.signals == on_signal::request_stop;
        chosen.keeps_status = choices.keep_status;
        chosen.wait = choices.signal_wait.count();
        chosen.start_time = opened.meta.start_time;
        auto made = std::make_unique<ending>(run, journal, opened.folder, chosen);
        if (drain_registry::instance().hook(*made)) {
            ending_ = std::move(made);
            return {};
        }
        return {error_code::invalid_value, 0,
                "run " + opened.meta.run_id + ": " + std::to_string(termination::most_runs) +
                    " open runs end with their process already; this one does not: end some "
                    "before, or leave the option `signals` alone"};
    }

    /// Null while there is no reason for the run to end.
    const end_cause* cause() const noexcept { return ending_ ? ending_->cause() : nullptr; }
    bool stop_requested() const noexcept { return cause() != nullptr; }

    /// Whether the process is ending, and the run with it.
    bool has_begun() const noexcept { return ending_ && ending_->has_begun(); }
    /// Whether the process exits, and no destructor may touch the run.
    bool is_abandoned() const noexcept { return ending_ && ending_->is_abandoned(); }

    /// Whether the run writes its end. Else a handler does, or has.
    bool claim() noexcept { return !ending_ || ending_->claim(); }
    bool is_written_by_handler() const noexcept { return ending_->is_written_by_handler(); }

    /// The run has its end.
    void finish() noexcept {
        if (!ending_) return;
        ending_->finish();
        drain_registry::instance().unhook(*ending_);
    }

    /// Until the drain thread, which may report to somebody who is about to go, is done with the
    /// run; it may be held up by a handler, as long as that waits.
    void wait() const noexcept {
        if (!ending_ || termination::instance().is_drain_thread()) return;
        for (std::int64_t waited = 0; !ending_->is_done(); ++waited) {
            if (waited > ending_->choices().wait) return;
            const timespec little{0, 1000000};
            ::nanosleep(&little, nullptr);
        }
    }

  private:
    std::unique_ptr<ending> ending_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
