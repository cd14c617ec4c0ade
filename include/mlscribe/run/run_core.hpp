// SPDX-License-Identifier: MIT
/// \file A recording run: its params, tags, artifacts and how it ends.
#ifndef MLSCRIBE_RUN_RUN_CORE_HPP
#define MLSCRIBE_RUN_RUN_CORE_HPP

#include <mlscribe/artifact/artifact_dict.hpp>
#include <mlscribe/artifact/artifact_file.hpp>
#include <mlscribe/artifact/artifact_tree.hpp>
#include <mlscribe/artifact/open_artifacts.hpp>
#include <mlscribe/dataset/dataset_writer.hpp>
#include <mlscribe/layout/sanitize.hpp>
#include <mlscribe/param/param_writer.hpp>
#include <mlscribe/run/checkpointed_run.hpp>
#include <mlscribe/run/process_end.hpp>
#include <mlscribe/run/progress_line.hpp>
#include <mlscribe/tag/mapped_key.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// What run.hpp talks to.
class run_core final : public checkpointed_run {
  public:
    run_core(strictness errors, error_handler handler)
        : checkpointed_run(errors, std::move(handler)) {}

    reporter& failures() noexcept { return reporter_; }

    /// Starts recording what prepare() took.
    void begin() noexcept {
        attach();
        MLSCRIBE_TRY {
            report(process_end_.hook(*this, journal_, run_, choices_));
            if (!choices_.progress || !progress_line::is_wanted()) return;
            progress_ = std::make_unique<progress_line>(
                [this](std::string& text, std::size_t length) { add_latest(text, length); });
            watch(progress_.get());
        }
        MLSCRIBE_CATCH_ALL {
            report(out_of_memory());
        }
    }

    bool stop_requested() const noexcept override { return process_end_.stop_requested(); }

    void log_params(const std::vector<param>& params) override {
        if (!recording()) return;
        error first;
        for (const param& entry : params) note(log_param(entry), first);
        fail(first);
        reporter_.raise_kept();
    }

    void set_tag(std::string_view key, std::string_view value) override {
        if (!recording()) return;
        std::string guests;
        if (choices_.is_guest) {
            // What MLflow knows of the run is its owner's to say.
            if (key.substr(0, 7) == "mlflow.") return;
            key = guests.append(choices_.key_prefix).append(key);
        }
        const auto write = [this](std::string_view legal, std::string_view text) {
            return write_tag(run_.folder, run_.path, legal, text);
        };
        fail(write_any_tag(write, key, value, choices_.keys == sanitize::map));
        if (key == "mlflow.runName") {
            fail(update_meta(run_.folder, run_.path, [value](meta_document& document) {
                document.set_string("run_name", utf8::repaired(value));
            }));
        }
        reporter_.raise_kept();
    }

    void log_artifact(const std::string& source, std::string_view path,
                      const artifact_options& options) override {
        if (!recording()) return;
        check_artifact_uri();
        fail(copy_artifact(run_.folder, source, path, options));
        reporter_.raise_kept();
    }

    void log_artifacts(const std::string& source, std::string_view path,
                       const artifact_options& options) override {
        if (!recording()) return;
        check_artifact_uri();
        error first;
        const auto heard = [this, &first](const error& failure) { note(failure, first); };
        copy_artifact_tree(run_.folder, source, path, heard, options);
        fail(first);
        reporter_.raise_kept();
    }

    void log_text(std::string_view text, std::string_view path) override {
        if (!recording()) return;
        check_artifact_uri();
        fail(write_text_artifact(run_.folder, path, text));
        reporter_.raise_kept();
    }

    void log_dict(const document& value, std::string_view path) override {
        if (recording()) log_text(dict_text(value, path), path);
    }

    void log_bytes(error told, std::string_view bytes, std::string_view path,
                   const artifact_kind& kind) override {
        if (!recording()) return;
        check_artifact_uri();
        if (told) told.message = "artifact \"" + shown(path) + "\": " + told.message;
        if (!bytes.empty()) {
            const error refused = check_artifact_kind(path, kind);
            fail(refused ? refused : write_text_artifact(run_.folder, path, bytes));
        }
        fail(told);
        reporter_.raise_kept();
    }

    void log_input(const dataset& used, std::string_view context, const text_pair* tags,
                   std::size_t count) override {
        if (!recording()) return;
        dataset_writer writer(run_.folder, run_.path, id());
        const error failure = writer.open(experiment_id());
        fail(failure ? failure : writer.write(used, input_tags(context, tags, count)));
        reporter_.raise_kept();
    }

    reference<artifact_sink> open_artifact(std::string_view path) override {
        if (!recording()) return {};
        check_artifact_uri();
        const reference<written_artifact> made(new written_artifact(*this, std::string(path)));
        const error failure = made->open();
        fail(failure);
        reporter_.raise_kept();
        return reference<artifact_sink>(failure ? nullptr : made.get());
    }

    void write(run_writing& task) override {
        if (!recording()) return;
        check_artifact_uri();
        fail(task.write({run_.folder, run_.path, id(), experiment_id()}));
        reporter_.raise_kept();
    }

    reference<run_state> start_child(std::string_view name) override {
        run_options options;
        options.run_name = name;
        copy_choices(choices_, options);
        options.source_tags = choices_.source_tags;
        options.source_directory = choices_.source_directory;
        options.errors = reporter_.policy();
        options.on_error = reporter_.handler();
        return start_child(options);
    }
    reference<run_state> start_child(const run_options& options) override {
        return start_nested(options);
    }

    void flush() override {
        if (!recording()) return;
        end_steps_outside();
        drain_each(drain_reason::flush);
        tell_remarks();
        reporter_.raise_kept();
    }

    void end(run_status status) override {
        if (!close(status, true)) return;
        reporter_.raise_kept();
        reporter_.close();
    }

    void end_quietly(run_status status) noexcept override {
        if (close(status, true)) reporter_.close();
    }

    /// In another thread than the loop's, which may be in the middle of anything: what reducers
    /// hold for a step that is not over is no point yet.
    void end_with_process() noexcept override {
        const end_cause* const cause = process_end_.cause();
        if (cause == nullptr) return;
        // First, since the end may have to wait for a thread that a signal has stopped.
        drain_each(drain_reason::flush);
        if (close(cause->status, false)) reporter_.close();
    }

  private:
    /// Defined in run_opening.hpp. A template, because a virtual function defined out of its class
    /// would have the whole class compiled into every file.
    template <class Options>
    reference<run_state> start_nested(const Options& options);

    /// An artifact that is being written; keeps the run alive. After the run's end, which told of
    /// it, it is silent: the user's handler may be gone.
    class written_artifact final : public artifact_sink {
      public:
        written_artifact(run_core& core, std::string path)
            : core_(&core), file_(core.run_.folder, std::move(path)) {}
        ~written_artifact() override {
            if (!file_.is_foreign()) core_->open_artifacts_.remove(file_);
        }

        error open() {
            error failure = file_.open();
            if (!failure) core_->open_artifacts_.add(file_);
            return failure;
        }
        bool good() const noexcept override { return core_->recording() && file_.good(); }
        void write(std::string_view bytes) noexcept override {
            if (core_->recording()) file_.write(bytes);
        }
        void discard() noexcept override { file_.discard(); }

        void fail(const error& failure) noexcept override {
            file_.discard();
            if (core_->recording() && !file_.is_foreign()) core_->report(failure);
            is_told_ = true;
        }
        strictness policy() const noexcept override { return core_->policy(); }

        void close() override {
            if (!core_->recording()) return;
            core_->fail(finish());
            core_->reporter_.raise_kept();
        }

        void leave(bool unwinding) noexcept override {
            MLSCRIBE_TRY {
                if (!core_->recording() || file_.is_foreign()) return;
                if (unwinding) file_.discard();
                core_->report(unwinding ? discarded(file_.path(), "an exception ended its scope")
                                        : finish());
            }
            MLSCRIBE_CATCH_ALL {}
        }

      private:
        error finish() { return file_.is_foreign() || is_told_ ? error{} : file_.publish(); }

        const reference<run_core> core_;
        artifact_file file_;
        bool is_told_ = false;
    };

    static error discarded(const std::string& path, const char* why) {
        return {error_code::not_recording, 0, "artifact \"" + path + "\" is discarded: " + why};
    }

    /// Of several failures the first is the call's, so that under `raise` nothing stays undone.
    void note(const error& failure, error& first) {
        if (!first) {
            first = failure;
        } else {
            report(failure);
        }
    }

    error log_param(const param& entry) {
        const bool map = choices_.keys == sanitize::map;
        std::string key = map ? sanitized_key(entry.key) : entry.key;
        error failure = write_param(run_.folder, run_.path, key, entry.value);
        if (map && failure.code == error_code::key_clash) {
            key = unnested_key(key);
            failure = write_param(run_.folder, run_.path, key, entry.value);
        }
        if (map) report(remember_mapped_key(run_.folder, run_.path, key, entry.key));
        if (failure.code == error_code::value_changed) {
            report(write_tag(run_.folder, run_.path, tag_about("changed_param", key), entry.value));
        }
        return failure;
    }

    /// \param in_loop  whether the loop's own thread ends the run: reducers write what they hold
    /// \return false when there was nothing to end: not recording, ended, or a forked child's copy
    bool close(run_status status, bool in_loop) noexcept {
        if (is_disowned() || process_end_.is_abandoned()) return false;
        if (!recording() && !process_end_.has_begun()) return false;
        const bool first = !closing_.exchange(true);
        if (in_loop && !loop_left_.exchange(true)) {
            end_loop();
            end_output();
        }
        if (!first) {
            process_end_.wait();
            return false;
        }
        MLSCRIBE_TRY {
            const end_cause* const cause = process_end_.cause();
            if (cause != nullptr && status == run_status::finished) status = cause->status;
            const bool all_written = end_metrics(status);
            tell_remarks();
            for (const auto& each : open_artifacts_.all()) {
                run_.folder.remove(each.staged_name);
                report(discarded(each.path, "its run ended before it was closed"));
            }
            leave_journal(write_end(status) && all_written);
        }
        MLSCRIBE_CATCH_ALL {
            report(caught_error("end"));
            forget_metrics();
        }
        process_end_.finish();
        return true;
    }

    /// \return false when the status could not be written
    bool write_end(run_status status) {
        if (lost_at_end() != 0) {
            reporter_.report({error_code::points_lost, 0,
                              "run " + run_.meta.run_id + " lost " + std::to_string(lost_at_end()) +
                                  " points; the reports before say why"});
        }
        write_count("mlscribe.lost_points", lost_at_end());
        write_count("mlscribe.repeated_points", repeated());
        if (choices_.is_guest && status != run_status::finished) {
            report(
                write_tag(run_.folder, run_.path, guest_status_tag(choices_), to_string(status)));
        }
        if (choices_.keep_status) return true;
        if (!process_end_.claim()) return process_end_.is_written_by_handler();
        if (const end_cause* const cause = process_end_.cause()) {
            report(write_tag(run_.folder, run_.path, ended_by_tag, cause->name));
        }
        const error failure = update_meta(run_.folder, run_.path, [&](meta_document& document) {
            document.set_integer("status", static_cast<std::int64_t>(status));
            document.set_integer("end_time", ended_at());
        });
        report(failure);
        return !failure;
    }

    std::unique_ptr<progress_line> progress_;
    open_artifacts open_artifacts_;
    std::atomic<bool> closing_{false};
    std::atomic<bool> loop_left_{false};
    process_end process_end_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
