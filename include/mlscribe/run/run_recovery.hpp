// SPDX-License-Identifier: MIT
/// \file Brings a run whose process is dead to its end: its points, its status.
#ifndef MLSCRIBE_RUN_RUN_RECOVERY_HPP
#define MLSCRIBE_RUN_RUN_RECOVERY_HPP

#include <mlscribe/error/guarded.hpp>
#include <mlscribe/file/mapped_file.hpp>
#include <mlscribe/file/staged_file.hpp>
#include <mlscribe/journal/end_cause.hpp>
#include <mlscribe/journal/journal_claim.hpp>
#include <mlscribe/journal/journal_header.hpp>
#include <mlscribe/journal/journal_recovery.hpp>
#include <mlscribe/journal/recovery_turn.hpp>
#include <mlscribe/journal/scheduler_job.hpp>
#include <mlscribe/journal/writing_turn.hpp>
#include <mlscribe/store/runs.hpp>
#include <mlscribe/store/tag_file.hpp>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// The tag that says where a journal is when it is not in the run's directory.
inline constexpr std::string_view journal_tag_path = "tags/mlscribe.journal";
inline constexpr std::string_view journal_in_memory = "memory";

/// The journals that were found in a run, by what became of them.
struct run_recovery {
    std::uint64_t points = 0;  ///< that were written
    int recovered = 0;         ///< journals that were written and removed
    int alive = 0;             ///< whose writer runs
    int unknown = 0;           ///< whose writer may run elsewhere
    int refused = 0;           ///< that the disk refused, for a later recovery
    bool sets_status = false;  ///< a writer that owned the status is dead
    std::int64_t last_time = INT64_MIN;
    run_status status = run_status::killed;
    std::uint32_t end_cause = 0;  ///< of that status
    error failure;
};

inline bool is_dead(const directory& place, const placed_journal& found, const journal_header& head,
                    bool force) {
    if (found.writer_is != liveness::unknown) return found.writer_is == liveness::dead;
    return force || head.job.is_superseded(found.name, scheduler_job::current()) ||
           (head.heartbeat != 0 && age_of(place, found.name) > longest_silence);
}

/// Looks for the journals in one place and takes those whose writers are done with them.
class journal_search {
  public:
    /// \param prefix  of their names, where runs share the place
    journal_search(const directory& place, std::string_view prefix, const found_run& run,
                   bool force, run_recovery& result)
        : place_(place), prefix_(prefix), run_(run), force_(force), result_(result) {}

    /// Writes the points of all journals that can be had.
    void recover() {
        // Who looks again sees under which name somebody else has claimed a journal.
        moved_ = true;
        for (int look = 0; look < 10 && moved_; ++look) {
            moved_ = false;
            std::vector<placed_journal> journals;
            if (const int failed = list_journals(place_, prefix_, journals)) {
                return refuse({}, "cannot look for journals in", failed);
            }
            for (placed_journal& found : journals) {
                if (std::find(seen_.begin(), seen_.end(), found.name) != seen_.end()) continue;
                seen_.push_back(found.name);
                recover_one(found);
            }
        }
        if (moved_) ++result_.alive;
    }

    journal_search(const journal_search&) = delete;
    journal_search& operator=(const journal_search&) = delete;
    /// After an exception others finish what leave() would have done.
    ~journal_search() {
        for (const written_journal& each : written_) each.leave_to_others();
    }

    bool has_found_any() const noexcept { return !seen_.empty(); }

    /// Removes the journals that are written. \param ended  whether the run's status needs none
    void leave(bool ended) {
        for (const std::string& name : unborn_) place_.remove(name);
        for (const written_journal& each : written_) {
            // Until the run has its end, only this journal tells that it needs one.
            if (!ended && each.sets_status) {
                each.leave_to_others();
                continue;
            }
            place_.remove(each.name);
            ++result_.recovered;
        }
        result_.recovered += static_cast<int>(unborn_.size());
        written_.clear();
    }

  private:
    /// Its header stays mapped: where memory is out it could not be opened again.
    struct written_journal {
        std::string name;
        bool sets_status;
        mapped_file first_page = {};

        void leave_to_others() const noexcept {
            reinterpret_cast<journal_header*>(first_page.data())->left.store(1);
        }
    };

    /// A claimed journal that is not done with is anyone's to claim, also after an exception.
    struct open_claim {
        journal_header& head;
        bool done = false;

        explicit open_claim(journal_header& claimed) noexcept : head(claimed) {}
        open_claim(const open_claim&) = delete;
        open_claim& operator=(const open_claim&) = delete;
        ~open_claim() {
            if (!done) head.left.store(1);
        }
    };

    /// \return whether it is this process' now
    bool claim_if_dead(placed_journal& found, journal_header& head) {
        std::uint32_t left = 1;
        // Looked at first: an exchange that fails touches the file, too, like a heartbeat.
        const bool was_left = head.left.load() == 1 && head.left.compare_exchange_strong(left, 0);
        if (!was_left && !is_dead(place_, found, head, force_)) {
            ++(found.writer_is == liveness::alive ? result_.alive : result_.unknown);
            return false;
        }
        const int failed = claim(place_, prefix_, found.name);
        if (failed == 0) {
            head.job.note(found.name);
            return true;
        }
        moved_ = moved_ || failed == ENOENT;
        if (failed != ENOENT) {
            if (was_left) head.left.store(1);
            refuse(found.name, "cannot claim the journal", failed);
        }
        return false;
    }

    void recover_one(placed_journal& found) {
        run_journal journal;
        if (const int failed = journal.file().open(place_, found.name)) {
            moved_ = moved_ || failed == ENOENT;
            if (failed != ENOENT) judge_unreadable(found, failed);
            return;
        }
        journal_header& head = journal.file().header();
        if (!claim_if_dead(found, head)) return;
        open_claim claimed(head);
        seen_.push_back(found.name);
        recovered_points points;
        const int failed = recover_points(run_.folder, journal, points);
        result_.points += points.points;
        if (failed != 0) {
            return refuse(found.name,
                          "cannot write metric \"" + points.failed_key + "\" from the journal",
                          failed);
        }
        written_.push_back({found.name, head.keep_status == 0});
        written_.back().first_page = journal.file().keep_header();  // with the claim in it
        claimed.done = true;
        result_.last_time = (std::max)(result_.last_time, points.last_time);
        if (head.keep_status != 0) return;
        result_.sets_status = true;
        const auto status = static_cast<run_status>(head.status.load());
        if (status == run_status::finished || status == run_status::failed ||
            status == run_status::killed) {
            result_.status = status;
            result_.last_time = head.end_time;
            result_.end_cause = head.end_cause;
        }
    }

    /// No journal, half a one, or one of another version.
    void judge_unreadable(placed_journal& found, int failed) {
        journal_header none{};
        none.heartbeat = 1;  // it would have had one soon
        if (failed != EINVAL) {
            refuse(found.name, "cannot open the journal", failed);
        } else if (is_unborn(place_, found.name)) {
            if (!claim_if_dead(found, none)) return;
            seen_.push_back(found.name);
            result_.sets_status = true;
            unborn_.push_back(found.name);
        } else if (found.writer_is == liveness::alive) {
            ++result_.alive;
        } else if (is_dead(place_, found, none, force_)) {
            result_.sets_status = true;
            tell(found.name, "cannot read the journal", failed);
            result_.failure.message += "; its points stay in it: move it away to be done with them";
        } else {
            ++result_.unknown;
        }
    }

    void refuse(const std::string& name, const std::string& what, int failed) {
        ++result_.refused;
        tell(name, what, failed);
    }
    void tell(const std::string& name, const std::string& what, int failed) {
        result_.failure = system_error(what, run_.path + '/' + name, failed);
    }

    const directory& place_;
    const std::string prefix_;
    const found_run& run_;
    const bool force_;
    run_recovery& result_;
    std::vector<std::string> seen_;
    std::vector<written_journal> written_;
    std::vector<std::string> unborn_;
    bool moved_ = false;
};

/// Whether the run has no end yet.
inline error look_at_status(const found_run& run, bool& runs) {
    meta_document document;
    if (error failure = read_settled_meta(run.folder, run.path, document)) return failure;
    const std::optional<run_meta> now = read_run_meta(document, nullptr);
    runs = now && (now->status == run_status::running || now->status == run_status::scheduled);
    return {};
}

/// The end of a run whose process died: KILLED, at the time of its last point; or the end that it
/// was about to write. \param ended  false where somebody has to come back to it
inline error end_recovered(const found_run& run, const run_recovery& recovery, bool& ended) {
    ended = true;
    if (!recovery.sets_status) return {};
    ended = false;
    bool runs = true;
    if (error failure = look_at_status(run, runs)) return failure;
    if (runs && recovery.alive + recovery.unknown + recovery.refused != 0) return {};
    if (runs) {
        if (const char* const cause = name_of_end_cause(recovery.end_cause)) {
            if (error failure = write_tag(run.folder, run.path, ended_by_tag, cause))
                return failure;
        }
        error failure = update_meta(run.folder, run.path, [&](meta_document& document) {
            const std::int64_t last = (std::max)(recovery.last_time, run.meta.start_time);
            document.set_integer("status", static_cast<std::int64_t>(recovery.status));
            document.set_integer("end_time", last);
        });
        if (failure) return failure;
    }
    ended = true;
    return {};
}

/// The process of the run keeps its journal where this one sees none.
inline error unseen_points(const found_run& run, const std::string& place, int failed) {
    error failure = system_error(
        "cannot see the latest points of run " + run.meta.run_id + ", which its process keeps in",
        place, failed);
    failure.message += "; if that is a directory of another host, run mlscribe::recover there";
    return failure;
}

inline void recover_run_in_turn(const found_run& run, bool force, run_recovery& result) {
    const recovery_turn turn(run.folder);
    journal_search here(run.folder, {}, run, force, result);
    here.recover();
    std::string path;
    directory elsewhere;
    journal_search there(elsewhere, run.meta.run_id, run, force, result);
    int unseen = run.folder.read(journal_tag_path, path);
    if (unseen == 0 && path != journal_in_memory) {
        unseen = directory::open(path, elsewhere);
        if (unseen == 0) there.recover();
        bool runs = false;
        if (unseen == 0 && !there.has_found_any()) {
            if (error failure = look_at_status(run, runs)) result.failure = std::move(failure);
            if (runs) unseen = ENOENT;
        }
        if (unseen != 0) {
            result.failure = unseen_points(run, path, unseen);
            if (!force) ++result.unknown;
        }
    } else if (unseen != 0 && unseen != ENOENT) {
        result.failure = system_error("cannot read tag mlscribe.journal of", run.path, unseen);
        ++result.unknown;
    }
    bool ended = true;
    if (error failure = end_recovered(run, result, ended)) result.failure = std::move(failure);
    remove_abandoned(run.folder);
    writing_turn::remove_abandoned(run.folder);
    here.leave(ended);
    there.leave(ended);
    std::vector<placed_journal> left;
    if (there.has_found_any() && list_journals(elsewhere, run.meta.run_id, left) == 0 &&
        left.empty()) {
        run.folder.remove(std::string(journal_tag_path));
    }
}

/// Recovers what dead processes left of a run, in its own directory and where MLSCRIBE_JOURNAL_DIR
/// was when they ran, and ends it.
/// \param force  also what may belong to a process of another host
inline run_recovery recover_run(const found_run& run, bool force) noexcept {
    run_recovery result;
    bool whole = false;
    MLSCRIBE_TRY {
        recover_run_in_turn(run, force, result);
        whole = true;
    }
    MLSCRIBE_CATCH_ALL {}
    if (!whole) result.failure = out_of_memory();
    return result;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
