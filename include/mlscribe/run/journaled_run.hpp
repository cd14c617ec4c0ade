// SPDX-License-Identifier: MIT
/// \file A run with its journal: where that lies, how it is left, and what the user hears of it.
#ifndef MLSCRIBE_RUN_JOURNALED_RUN_HPP
#define MLSCRIBE_RUN_JOURNALED_RUN_HPP

#include <mlscribe/config/environment.hpp>
#include <mlscribe/error/reporter.hpp>
#include <mlscribe/file/filesystem.hpp>
#include <mlscribe/journal/run_journal.hpp>
#include <mlscribe/run/logging_choices.hpp>
#include <mlscribe/run/run_recovery.hpp>
#include <mlscribe/run/run_state.hpp>
#include <mlscribe/store/tag_file.hpp>

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

class journaled_run : public run_state {
  public:
    std::string_view id() const noexcept override { return run_.meta.run_id; }
    std::string_view experiment_id() const noexcept override { return run_.experiment_id; }
    std::string_view artifact_uri() const noexcept override { return run_.meta.artifact_uri; }

    void fail(error failure) final {
        if (failure) reporter_.fail(failure);
    }
    void report(const error& failure) noexcept final {
        if (failure) reporter_.report(failure);
    }
    strictness policy() const noexcept final { return reporter_.policy(); }

  protected:
    journaled_run(strictness errors, error_handler handler)
        : run_state(false), reporter_(errors, std::move(handler)) {}

    void tell_disowned() noexcept override {
        MLSCRIBE_TRY {
            reporter_.report_in_child(
                {error_code::not_recording, 0,
                 "run " + run_.meta.run_id +
                     " belongs to the process that this one was forked from: what is logged to it "
                     "here is not recorded; log in the parent, or start a run of this process"});
        }
        MLSCRIBE_CATCH_ALL {}
    }

    /// In the run's directory, or where MLSCRIBE_JOURNAL_DIR says, or in memory.
    void open_journal() {
        std::string elsewhere = environment("MLSCRIBE_JOURNAL_DIR");
        // Who recovers the run has another working directory.
        filesystem::error_code lost;
        if (!elsewhere.empty() && elsewhere.front() != '/') {
            elsewhere = filesystem::current_path(lost).string() + '/' + elsewhere;
        }
        journal_place place;
        if (choices_.is_guest) {
            // One tag names one place: where the owner of the run has its journal.
            std::string of_owner;
            run_.folder.read(journal_tag_path, of_owner);
            if (elsewhere != of_owner) elsewhere.clear();
        } else if (!elsewhere.empty() && !tell_place(elsewhere)) {
            // Before there is a journal: without the tag nobody would look for it there.
            elsewhere.clear();
        }
        const int failed =
            journal_.open(run_.folder, run_.meta.run_id, elsewhere, choices_.journal_bytes, place);
        journal_lies_ = place.lies;
        if (place.refused_elsewhere != 0) {
            report(system_error("cannot keep the journal in", elsewhere, place.refused_elsewhere));
        }
        if (place.lies == journal_place::where::memory) {
            error failure =
                system_error("cannot keep a journal in", run_.path, place.refused_by_run);
            failure.message += "; a process that dies loses the points of its last flush interval";
            report(failure);
        }
        if (failed != 0) {
            report(system_error("no memory for points of", run_.path, failed));
            return;
        }
        if (!choices_.is_guest && place.lies == journal_place::where::memory) {
            tell_place(journal_in_memory);
        } else if (!choices_.is_guest && place.lies == journal_place::where::run &&
                   !elsewhere.empty()) {
            run_.folder.remove(std::string(journal_tag_path));
        }
        journal_header& head = journal_.file().header();
        head.keep_status = choices_.keep_status ? 1 : 0;
        head.heartbeat = choices_.drain == drain_mode::thread ? 1 : 0;
    }

    /// \param done  false when recover() has to finish what the disk refused
    void leave_journal(bool done) {
        journal_.leave(done);
        // Others of a shared run may still keep theirs there.
        const bool is_last = !choices_.shares_run || !has_journals_elsewhere();
        if (done && is_last && journal_lies_ == journal_place::where::elsewhere) {
            run_.folder.remove(std::string(journal_tag_path));
        }
    }

    /// The disk gives the journal no more room: what is logged from now on waits in memory.
    void tell_refusal() noexcept {
        MLSCRIBE_TRY {
            const int refused = journal_.file().refused();
            if (refused == 0 || refusal_told_.exchange(true)) return;
            error failure = system_error("cannot enlarge the journal of", run_.path, refused);
            failure.message += "; it goes on in memory, which a process that dies loses";
            report(failure);
            // A path in the tag stays: recover() must look there.
            if (!choices_.is_guest && journal_lies_ == journal_place::where::run) {
                tell_place(journal_in_memory);
            }
        }
        MLSCRIBE_CATCH_ALL {}
    }

    /// A tag that each rank of a shared run has for itself; none for 0.
    void write_count(const char* tag, std::uint64_t count) {
        if (count == 0) return;
        const std::string prefix = choices_.is_guest ? choices_.key_prefix : std::string();
        report(write_tag(run_.folder, run_.path, prefix + tag, std::to_string(count)));
    }

    reporter reporter_;
    found_run run_;
    logging_choices choices_;
    run_journal journal_;

  private:
    bool has_journals_elsewhere() const {
        std::string place;
        directory folder;
        return run_.folder.read(journal_tag_path, place) == 0 &&
               directory::open(place, folder) == 0 &&
               !find_journals(folder, run_.meta.run_id).empty();
    }

    bool tell_place(std::string_view path) {
        const error failure = write_tag(run_.folder, run_.path, "mlscribe.journal", path);
        report(failure);
        return !failure;
    }

    journal_place::where journal_lies_ = journal_place::where::memory;
    std::atomic<bool> refusal_told_{false};
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
