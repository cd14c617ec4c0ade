// SPDX-License-Identifier: MIT
/// \file Has a run that is resumed go back to an earlier step, while no one else does.
#ifndef MLSCRIBE_RUN_RUN_RETURN_HPP
#define MLSCRIBE_RUN_RUN_RETURN_HPP

#include <mlscribe/run/recorded_metrics.hpp>
#include <mlscribe/run/roll_back.hpp>

#include <optional>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// In this order: load(), check(), carry_out(). Another process that resumes the run at the same
/// time waits until this object goes, and sees a journal then.
class run_return {
  public:
    explicit run_return(resume_target target) : target_(std::move(target)) {}

    static constexpr bool moves_loop = true;

    /// Reads the checkpoint, before anything is changed.
    error load(const found_run& run) { return target_.load(run); }
    /// What load() has read; nullopt where the run goes back to a step.
    const std::optional<checkpoint_record>& record() const noexcept { return target_.record(); }
    /// Has the loop begin there.
    void resume_ranges(step_context& run) const { target_.resume_ranges(run); }

    /// Whether the files may be replaced. \param recovered  what dead processes left of the run
    static error check(const found_run& run, const run_recovery& recovered) {
        if (recovered.refused != 0) return recovered.failure;
        return recovered.alive + recovered.unknown != 0 ? still_written(run) : error{};
    }

    /// Takes the run back. \param metrics  will go on with it
    error carry_out(const found_run& run, const logging_choices& choices,
                    recorded_metrics& metrics) {
        const int failed = run.folder.open_below({}, missing::fail, locked_);
        if (failed != 0) return system_error("cannot open run", run.path, failed);
        turn_.emplace(locked_);
        if (turn_->is_others()) return still_written(run);
        for (const placed_journal& other : find_journals(run.folder, {})) {
            if (other.writer_is == liveness::alive) return still_written(run);
        }
        const durability wish =
            choices.sync_interval.count() > 0 ? durability::synced : durability::cached;
        if (error failure = target_.forget_guests(run)) return failure;
        if (error failure = roll_back(run, target_, wish).carry_out()) return failure;
        resume_ranges(metrics);
        metrics.go_on_at(target_.next_steps());
        return {};
    }

  private:
    static error still_written(const found_run& run) {
        return {error_code::not_recording, 0,
                "run " + run.meta.run_id +
                    " cannot go back to an earlier step while it is logged to; end the process "
                    "that does so, or call mlscribe::recover with `force` where it died on another "
                    "host"};
    }

    resume_target target_;
    directory locked_;
    std::optional<recovery_turn> turn_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
