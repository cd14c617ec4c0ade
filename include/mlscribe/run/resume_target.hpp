// SPDX-License-Identifier: MIT
/// \file The point that a resumed run goes back to, and what each series loses by it.
#ifndef MLSCRIBE_RUN_RESUME_TARGET_HPP
#define MLSCRIBE_RUN_RESUME_TARGET_HPP

#include <mlscribe/artifact/artifact_path.hpp>
#include <mlscribe/error/system_error.hpp>
#include <mlscribe/run/guest_checkpoints.hpp>
#include <mlscribe/run/resume_from.hpp>
#include <mlscribe/store/runs.hpp>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Checks a checkpoint's name, which is part of an artifact's path.
inline error check_checkpoint_name(std::string_view name) {
    if (error failure = check_artifact_path(name, false)) return failure;
    return check_artifact_path(checkpoint_path(name), false);
}

class resume_target {
  public:
    explicit resume_target(from_checkpoint from) : name_(std::move(from.name)) {}
    explicit resume_target(checkpoint_record record) : record_(std::move(record)) {}
    explicit resume_target(from_step from) : steps_(std::move(from.steps)), is_step_(true) {}

    bool is_step() const noexcept { return is_step_; }

    /// Reads the checkpoint. Nothing else of the target may be asked before.
    /// \return invalid_value, invalid_path, not_found, damaged
    error load(const found_run& run) {
        for (const auto& [prefix, step] : steps_) {
            if (step < 0) {
                return {error_code::invalid_value, 0,
                        "run " + run.meta.run_id + " cannot begin again at step " +
                            std::to_string(step) + "; steps count from 0"};
            }
        }
        if (!name_) return {};
        if (error failure = check_checkpoint_name(*name_)) return failure;
        std::string text;
        const std::string path = "artifacts/" + checkpoint_path(*name_);
        const int failed = run.folder.read(path, text, max_checkpoint_bytes);
        if (failed == ENOENT || failed == ENOTDIR) {
            return {error_code::not_found, 0,
                    "run " + run.meta.run_id + " has no checkpoint \"" + *name_ + "\" in \"" +
                        run.path +
                        "/artifacts/checkpoints\"; run.checkpoint() makes one, and going back to "
                        "an earlier one moves it to artifacts/cut_points"};
        }
        if (failed != 0)
            return system_error("cannot read checkpoint", run.path + '/' + path, failed);
        record_ = parse_checkpoint(text);
        if (record_ && record_->own_prefix) {
            if (const int unread = load_guests(run.folder, *record_)) {
                error failure =
                    system_error("cannot read the checkpoints of the ranks of", run.path, unread);
                if (unread == EFBIG) failure.message += "; of these at most 64 MiB are read";
                return failure;
            }
        }
        if (record_) return {};
        return {error_code::damaged, 0,
                "\"" + run.path + '/' + path +
                    "\" is no checkpoint that run.checkpoint() wrote; resume from another one or "
                    "from_step"};
    }

    /// The checkpoint; nullopt where it is a step.
    const std::optional<checkpoint_record>& record() const noexcept { return record_; }

    /// What a series loses; nothing where it stays whole.
    std::optional<row_cut> cut_of(const std::string& key) const {
        if (record_) return record_->cut_of(key);
        const std::optional<std::int64_t> step = goes_by_time(key) ? std::nullopt : step_of(key);
        if (!step) return std::nullopt;
        row_cut cut;
        cut.from_step = *step;
        return cut;
    }

    /// Whether a checkpoint knows of rows that go.
    bool is_before(const checkpoint_record& other) const {
        if (record_) return other.is_behind(*record_);
        return std::any_of(other.series.begin(), other.series.end(), [this](const auto& entry) {
            const std::optional<std::int64_t> step = step_of(entry.first);
            return step && !goes_by_time(entry.first) && entry.second.next_step > *step;
        });
    }

    /// The steps that series go on at, whatever thinning has left of those before.
    std::map<std::string, std::int64_t> next_steps() const {
        std::map<std::string, std::int64_t> steps;
        if (!record_) return steps;
        for (const auto& [key, mark] : record_->series) {
            if (!mark.by_time) steps.emplace(key, mark.next_step);
        }
        return steps;
    }

    /// What other ranks keep of passes that are done again goes.
    error forget_guests(const found_run& run) const {
        const int failed = remove_other_guests(run.folder, record_ ? &*record_ : nullptr);
        if (failed == 0) return {};
        return system_error("cannot remove the checkpoints of the ranks of", run.path, failed);
    }

    /// Has the loop's ranges begin there.
    void resume_ranges(step_context& run) const {
        if (record_) return run.resume_ranges(record_->resumed());
        const std::optional<std::int64_t> step = step_of({});
        if (step) run.resume_ranges({{}, 0, 0, *step});
    }

  private:
    /// Of the longest beginning of the key.
    std::optional<std::int64_t> step_of(const std::string& key) const {
        std::optional<std::int64_t> step;
        std::size_t longest = 0;
        for (const auto& [prefix, first] : steps_) {
            if (key.compare(0, prefix.size(), prefix) != 0 || prefix.size() < longest) continue;
            longest = prefix.size();
            step = first;
        }
        return step;
    }

    std::optional<std::string> name_;
    std::optional<checkpoint_record> record_;
    std::vector<std::pair<std::string, std::int64_t>> steps_;
    bool is_step_ = false;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
