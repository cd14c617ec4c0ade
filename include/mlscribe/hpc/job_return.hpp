// SPDX-License-Identifier: MIT
/// \file Has the run of a job that starts again go back to a checkpoint, if it has one.
#ifndef MLSCRIBE_HPC_JOB_RETURN_HPP
#define MLSCRIBE_HPC_JOB_RETURN_HPP

#include <mlscribe/file/file_list.hpp>
#include <mlscribe/hpc/from_last_checkpoint.hpp>
#include <mlscribe/hpc/start_point.hpp>
#include <mlscribe/run/run_return.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// The name of the checkpoint that was made last; "" where none can be read.
inline std::string newest_checkpoint(const found_run& run) {
    constexpr std::string_view ending = ".json";
    std::vector<std::string> paths;
    list_files(run.folder, "artifacts/checkpoints", paths);
    std::string newest;
    std::int64_t latest = INT64_MIN;
    for (const std::string& path : paths) {
        std::string text;
        const std::size_t length = path.size() - (std::min)(path.size(), ending.size());
        if (path.substr(length) != ending) continue;
        const std::string below = "artifacts/checkpoints/" + path;
        if (run.folder.read(below, text, max_checkpoint_bytes) != 0) continue;
        const std::optional<checkpoint_record> record = parse_checkpoint(text);
        if (!record || record->time < latest) continue;
        latest = record->time;
        newest = path.substr(0, length);
    }
    return newest;
}

/// A run_return that begins at step 0 where the wished checkpoint was never made: then nothing that
/// was logged counts, for the loop does it again.
class job_return {
  public:
    explicit job_return(from_step from) : step_(std::move(from)) {}
    explicit job_return(from_checkpoint from) : checkpoint_(std::move(from.name)) {}
    explicit job_return(from_last_checkpoint from) : found_(from.name) { tell({}); }

    static constexpr bool moves_loop = true;

    error load(const found_run& run) {
        if (step_) return load_target(run, resume_target(*step_));
        std::string name = checkpoint_ ? *checkpoint_ : newest_checkpoint(run);
        if (!name.empty() || checkpoint_) {
            error failure = load_target(run, resume_target(from_checkpoint{name}));
            if (failure.code != error_code::not_found) {
                if (!failure) tell(std::move(name));
                return failure;
            }
        }
        return load_target(run, resume_target(from_step(0)));
    }
    static error check(const found_run& run, const run_recovery& recovered) {
        return run_return::check(run, recovered);
    }
    error carry_out(const found_run& run, const logging_choices& choices,
                    recorded_metrics& metrics) {
        return back_->carry_out(run, choices, metrics);
    }
    void resume_ranges(step_context& run) const {
        if (back_) back_->resume_ranges(run);
    }

    /// Where the loop begins, in a run that is new at step 0; nullopt where it is the step that all
    /// ranks ask for.
    std::optional<start_point> start() const {
        if (back_ && step_) return std::nullopt;
        start_point begin;
        if (back_ && back_->record()) begin = {loaded_, *back_->record()};
        return begin;
    }
    /// Has the loop begin there, in place of load().
    void begin_at(start_point begin) {
        back_.emplace(resume_target(std::move(begin.record)));
        tell(std::move(begin.checkpoint));
    }

  private:
    void tell(std::string name) {
        loaded_ = std::move(name);
        if (found_ != nullptr) *found_ = loaded_;
    }

    error load_target(const found_run& run, resume_target target) {
        back_.emplace(std::move(target));
        return back_->load(run);
    }

    std::optional<from_step> step_;
    std::optional<std::string> checkpoint_;
    std::string* found_ = nullptr;
    std::string loaded_;
    std::optional<run_return> back_;
};

/// Has only the loop go back, to where that of the rank goes that owns the run, which takes the
/// metrics back.
template <class Return>
class guest_return {
  public:
    /// \param start  what the owner calls this start of the job; "" where others are called so, too
    guest_return(Return& back, std::string start) : back_(back), start_(std::move(start)) {}

    error load(const found_run& run) {
        if (is_told(run)) return {};
        error failure = back_.load(run);
        // The owner may have begun meanwhile, and what was read be of the loop that it is in now.
        return is_told(run) ? error{} : std::move(failure);
    }
    static error check(const found_run&, const run_recovery&) { return {}; }
    error carry_out(const found_run&, const logging_choices&, recorded_metrics& metrics) {
        back_.resume_ranges(metrics);
        return {};
    }

  private:
    /// Whether the owner has written where it begins.
    bool is_told(const found_run& run) {
        if constexpr (Return::moves_loop) {
            std::optional<start_point> begin = read_start_point(run.folder, start_);
            if (begin) back_.begin_at(std::move(*begin));
            return begin.has_value();
        }
        return false;
    }

    Return& back_;
    const std::string start_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
