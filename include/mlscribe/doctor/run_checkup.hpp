// SPDX-License-Identifier: MIT
/// \file Looks at everything of one run.
#ifndef MLSCRIBE_DOCTOR_RUN_CHECKUP_HPP
#define MLSCRIBE_DOCTOR_RUN_CHECKUP_HPP

#include <mlscribe/doctor/input_checkup.hpp>
#include <mlscribe/doctor/metric_checkup.hpp>
#include <mlscribe/doctor/run_writers.hpp>
#include <mlscribe/doctor/text_checkup.hpp>
#include <mlscribe/file/unopened_folder.hpp>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Moves what processes that died left in a folder away.
inline void check_leftovers(treatment& taken, const checked_place& place, const directory& folder) {
    std::vector<std::string> names;
    if (folder.list(names) != 0) return;
    for (const std::string& name : names) {
        if (!is_abandoned(folder, name)) continue;
        note_moved_away(taken,
                        place.below(name).found(
                            damage::leftover, '"' + place.path + '/' + name +
                                                  "\" is a temporary file of a process that died"),
                        folder, name);
    }
}

/// \threadsafety one thread at a time
class run_checkup {
  public:
    /// \param name  of the run's folder
    run_checkup(treatment& taken, const checked_experiment& experiment, const std::string& name)
        : taken_(taken), experiment_(experiment), place_(experiment.place.below(name)) {
        place_.run_id = name;
    }

    void look() {
        if (const int failed = experiment_.folder.open_linked(place_.run_id, run_)) {
            if (failed == ENOENT || failed == ENOTDIR) return;
            taken_.note(place_.found(
                damage::unreadable_mode,
                unopened_folder("cannot open", place_.path, failed, experiment_.root).message));
            return;
        }
        check_mode(taken_, experiment_.place, experiment_.folder, place_.run_id);
        // Before a repair writes into it.
        last_write_ = last_write(run_);
        const std::optional<run_meta> meta =
            run_meta_checkup(taken_, experiment_, place_, run_).look();
        struct stat status {};
        if (!meta && run_.status(std::string(meta_name), status) != 0) return;
        ++taken_.runs;
        check_mode(taken_, place_, run_, std::string(meta_name));
        check_folders();
        check_journals(meta);
        check_leftovers(taken_, place_, run_);
        metric_checkup(taken_, place_, run_, is_written_).look();
        check_texts(taken_, place_, run_, "params");
        check_texts(taken_, place_, run_, "tags");
        check_run_links(taken_, place_, run_);
        if (meta && !is_written_ && !has_journals_) check_status(*meta);
    }

  private:
    void check_folders() {
        for (const char* const part : {"metrics", "params", "tags", "artifacts"}) {
            struct stat status {};
            if (run_.status(part, status) == 0) {
                check_mode(taken_, place_, run_, part);
                continue;
            }
            if (std::string_view(part) == "tags") continue;
            taken_.note(place_.below(part).found(damage::missing_folder,
                                                 "run \"" + place_.path + "\" has no folder " +
                                                     part + ", and MLflow 3 does not find it",
                                                 "make it"),
                        [&](quarantine&, std::string&) -> error {
                            const int failed = run_.make(part);
                            if (failed == 0 || failed == EEXIST) return {};
                            return system_error("cannot make", place_.path + '/' + part, failed);
                        });
        }
    }

    void check_journals(const std::optional<run_meta>& meta) {
        const run_writers writers(run_, place_.run_id, meta && has_no_end(*meta));
        is_written_ = writers.are_alive || writers.are_out_of_sight;
        has_journals_ = writers.has_journals;
        if (writers.left.empty()) return;
        finding what = place_.found(
            damage::undrained_journal,
            (writers.left_by == liveness::dead ? "a process that died left points of run \""
                                               : "a process of another host or container, which "
                                                 "may be dead, has points of run \"") +
                place_.path + "\" in its journal " + writers.left,
            "write its points and end the run");
        if (!meta) {
            what.remedy.clear();
            what.message += "; its meta.yaml cannot be read yet";
        }
        const bool is_done =
            taken_.note(std::move(what), [&](quarantine&, std::string&) { return recover(*meta); });
        // Its recovery goes by what stands in the metric files.
        if (!is_done && taken_.writes()) is_written_ = true;
    }

    static bool has_no_end(const run_meta& meta) noexcept {
        return meta.status == run_status::running || meta.status == run_status::scheduled;
    }

    error recover(const run_meta& meta) {
        found_run run;
        if (const int failed = experiment_.folder.open_linked(place_.run_id, run.folder)) {
            return unopened_folder("cannot open", place_.path, failed, experiment_.root);
        }
        run.experiment_id = place_.experiment_id;
        run.path = place_.path;
        run.meta = meta;
        const run_recovery done = recover_run(run, false);
        if (done.failure) return done.failure;
        if (done.recovered == 0) {
            return {error_code::system, EBUSY,
                    "nothing tells whether its process has died; where it has, recover with force"};
        }
        return {};
    }

    /// Of a run that no journal tells about.
    void check_status(const run_meta& meta) {
        const std::int64_t now = milliseconds_now();
        if (!has_no_end(meta) || !last_write_ || now - *last_write_ < taken_.silence()) return;
        finding what =
            place_.found(damage::stale_run,
                         "run \"" + place_.path + "\" is " + to_string(meta.status) +
                             ", and nothing was written for " +
                             std::to_string((now - *last_write_) / (60 * 60 * 1000)) + " hours",
                         "make it KILLED at the time of its last point");
        const finding named = what;
        taken_.note(std::move(what), [&](quarantine& away, std::string& kept) {
            const time_span points = times_of_points(run_);
            const std::int64_t end = points.last ? *points.last : *last_write_;
            if (error failure = away.keep_meta(named, run_, kept)) return failure;
            return update_meta(run_, place_.path, [&](meta_document& document) {
                const std::optional<run_meta> read = read_run_meta(document, nullptr);
                if (!read || read->status != meta.status) return;
                document.set_integer("status", static_cast<std::int64_t>(run_status::killed));
                document.set_integer("end_time", (std::max)(end, meta.start_time));
            });
        });
    }

    treatment& taken_;
    const checked_experiment& experiment_;
    checked_place place_;
    directory run_;
    bool is_written_ = false;
    bool has_journals_ = false;
    std::optional<std::int64_t> last_write_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
