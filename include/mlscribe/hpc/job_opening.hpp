// SPDX-License-Identifier: MIT
/// \file Opens the run of a job: made by whichever process is first, gone on with by a later start.
#ifndef MLSCRIBE_HPC_JOB_OPENING_HPP
#define MLSCRIBE_HPC_JOB_OPENING_HPP

#include <mlscribe/config/environment_count.hpp>
#include <mlscribe/error/system_error.hpp>
#include <mlscribe/hpc/agreed_run_id.hpp>
#include <mlscribe/hpc/deadline_query.hpp>
#include <mlscribe/hpc/job_return.hpp>
#include <mlscribe/hpc/job_role.hpp>
#include <mlscribe/hpc/job_start.hpp>
#include <mlscribe/hpc/job_tags.hpp>
#include <mlscribe/hpc/start_point.hpp>
#include <mlscribe/run/environment_switches.hpp>
#include <mlscribe/run/run_opening.hpp>
#include <mlscribe/store/tracking.hpp>

#include <sys/stat.h>
#include <time.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Whether a living process owns the run's status.
inline bool has_living_owner(const found_run& run) {
    for (const placed_journal& each : find_journals(run.folder, {})) {
        journal_file journal;
        if (each.writer_is != liveness::alive || journal.open(run.folder, each.name) != 0) continue;
        if (journal.header().keep_status == 0) return true;
    }
    return false;
}

/// The run that all tasks of an array are children of. It stands for no process, so that it is
/// FINISHED as soon as it is there: each task has an end of its own.
inline error make_array_run(const store_root& store, const std::string& experiment_id,
                            const run_options& of_task, const batch_job& job) {
    found_run found;
    run_options options;
    options.run_id = array_run_id(job);
    error unfound = find_run(store, options.run_id, found);
    if (unfound.code == error_code::system) return unfound;
    if (unfound.code != error_code::not_found) return {};
    options.run_name =
        of_task.run_name.empty() ? "array " + job.array_id : of_task.run_name + " (array)";
    options.source_tags = of_task.source_tags;
    options.source_directory = of_task.source_directory;
    options.tags = {{"mlscribe.job.scheduler", job.scheduler},
                    {"mlscribe.job.array_id", job.array_id}};
    error failure;
    const error refused = create_run(
        store, experiment_id, options, [](const error&) {},
        [&failure](const found_run& made) {
            failure = update_meta(made.folder, made.path, [](meta_document& document) {
                document.set_integer("status", static_cast<std::int64_t>(run_status::finished));
                document.set_integer("end_time", milliseconds_now());
            });
        });
    if (refused && refused.code != error_code::already_exists) return refused;
    return failure;
}

/// Everything that opens the run of one process.
class job_opening {
  public:
    explicit job_opening(const run_options& options)
        : options_(options), policy_(rank_policy_by_environment(options_.ranks)) {}

    template <class Return>
    reference<run_state> open(Return& back) {
        // Looked at first: a rank that does not log costs nothing.
        const bool is_silent = policy_ == rank_policy::first_logs && process_rank() > 0;
        if (!is_silent) place_ = current_job_place();
        if (!is_silent) role_ = role_in_job(policy_, place_);
        if (is_silent || !role_.logs) return follow_job(back);
        begin_core();
        bool is_recorder = true;
        open_core(core_, "start_job_run", [&] { return open_core_of_rank(back, is_recorder); });
        return is_recorder ? reference<run_state>(core_.get()) : disabled();
    }

  private:
    void begin_core() {
        core_ = reference<run_core>(new run_core(options_.errors, options_.on_error));
    }

    /// \param is_recorder  becomes false for a rank that leaves it to another
    template <class Return>
    error open_core_of_rank(Return& back, bool& is_recorder) {
        check_switches(core_->failures());
        error failure = find_agreed_run_id(options_.run_id, job_, id_);
        if (!failure && id_.empty() && role_.needs_run_id) {
            is_recorder = place_.is_first();
            if (!is_recorder) return {};
            core_->failures().report(
                {error_code::invalid_value, 0,
                 "the ranks of this job have no run id in common, so rank 0 alone logs; set "
                 "run_options::run_id, or MLSCRIBE_RUN_ID or MLSCRIBE_RUN_ID_FILE for all of "
                 "them"});
            role_ = {};
        }
        choose(Return::moves_loop);
        if (!failure) failure = open_as_chosen(back);
        if constexpr (Return::moves_loop) {
            if (!failure && tells_start_point_) tell_start_point(back);
        }
        return failure;
    }

    void choose(bool moves_loop) {
        choices_ = choices_of(options_);
        choices_.shares_run = role_.shares_run;
        choices_.is_guest = role_.is_guest;
        choices_.keep_status = role_.is_guest;
        choices_.key_prefix = role_.key_prefix;
        if (!place_.is_first()) choices_.progress = false;
        if (job_.time_limit.count() == 0 && place_.is_first()) {
            job_.time_limit = ask_time_limit(job_);
        }
        job_tags_ = job_tags(job_, place_);
        // Who finds the tag must find where the loop begins, too.
        tells_start_point_ = moves_loop && role_.leads && !id_.empty() && !own_start().empty();
        if (!tells_start_point_) {
            job_tags_.emplace_back(job_start_tag, job_start(job_, place_).name);
        }
    }

    /// What no other start of the job is called; "" where the launcher does not tell them apart.
    std::string own_start() const {
        job_start start(job_, place_);
        return start.is_unique ? std::move(start.name) : std::string();
    }

    template <class Return>
    void tell_start_point(const Return& back) {
        const found_run& run = core_->prepared();
        if (const std::optional<start_point> begin = back.start()) {
            const int failed = keep_start_point(run.folder, own_start(), *begin);
            if (failed != 0) {
                core_->failures().report(
                    system_error("ranks that come late may skip steps: cannot write",
                                 run.path + '/' + std::string(start_point_file), failed));
            }
        }
        core_->set_tag(job_start_tag, own_start());
    }

    template <class Return>
    error open_as_chosen(Return& back) {
        if (id_.empty()) {
            add_tags(options_);
            return open_run(*core_, options_, choices_, false);
        }
        store_root store;
        if (error failure = open_tracked_store(core_->failures(), choices_.tracking_uri, store)) {
            return failure;
        }
        if (role_.is_guest) return join(store, back);
        if (role_.has_own_run) become_own_run();
        for (bool first = true;; first = false) {
            found_run found;
            error failure = find_run(store, id_, found);
            if (!failure) return first ? resume_found(store, found, back) : resume_new(store);
            if (failure.code != error_code::not_found) return failure;
            // MLflow's variable names a run that exists.
            if (id_ == environment("MLFLOW_RUN_ID")) return failure;
            failure = create(store);
            if (failure.code != error_code::already_exists || !first) return failure;
            // Another process of the job was faster.
            begin_core();
        }
    }

    void add_tags(run_options& options) const {
        for (const auto& tag : job_tags_) options.tags.push_back(tag);
    }

    void become_own_run() {
        const std::string number = std::to_string(place_.rank);
        if (role_.is_child) options_.parent_run_id = id_;
        id_ += "-rank-" + number;
        options_.run_name += (options_.run_name.empty() ? "rank " : " rank ") + number;
        job_tags_.emplace_back("mlscribe.job.rank", number);
    }

    error create(const store_root& store) {
        run_options options = options_;
        options.run_id = id_;
        add_tags(options);
        const std::string array = array_run_id(job_);
        if (!array.empty() && options.parent_run_id.empty() && id_ != array) {
            found_experiment experiment;
            std::string neighbours;
            error failure = choose_experiment(store, options, experiment, neighbours);
            if (!failure) failure = make_array_run(store, experiment.id, options, job_);
            if (failure) return failure;
            options.experiment_id = experiment.id;
            options.parent_run_id = array;
        }
        return open_run(*core_, options, choices_, true);
    }

    /// A program that asks for runs of several experiments must not have them all in the first.
    error check_experiment(const store_root& store, const found_run& found) const {
        if (options_.experiment.empty() && options_.experiment_id.empty()) return {};
        found_experiment wanted;
        std::string neighbours;
        if (error failure = choose_experiment(store, options_, wanted, neighbours)) return failure;
        if (wanted.id == found.experiment_id) return {};
        return {error_code::invalid_value, 0,
                "run \"" + id_ + "\" of this job belongs to experiment " + found.experiment_id +
                    ", not to \"" + wanted.meta.name + "\" (" + wanted.id +
                    "); give a further run of a job an id: run_options::run_id = "
                    "mlscribe::job_run_id(\"name\")"};
    }

    template <class Return>
    error resume_found(const store_root& store, const found_run& found, Return& back) {
        if (error failure = check_experiment(store, found)) return failure;
        choices_.keep_status = has_living_owner(found);
        run_options told;
        told.tags = options_.tags;
        add_tags(told);
        return record_again(*core_, store, id_, choices_, told.tags, back);
    }

    /// Beside the process that has just made the run, which owns it.
    error resume_new(const store_root& store) {
        choices_.keep_status = true;
        tells_start_point_ = false;
        no_return back;
        return record_again(*core_, store, id_, choices_, job_tag_list{}, back);
    }

    /// Logs into the run of rank 0, which opens it first.
    template <class Return>
    error join(const store_root& store, Return& back) {
        if (error failure = wait_for_owner(store)) return failure;
        return record_again(*core_, store, id_, choices_, job_tag_list{},
                            guest_return<Return>(back, own_start()));
    }

    error wait_for_owner(const store_root& store) const {
        const job_start start(job_, place_);
        const std::string path = std::string("tags/") + job_start_tag;
        const long chosen = environment_count("MLSCRIBE_JOIN_SECONDS");
        constexpr long longest = 366L * 24 * 60 * 60;
        const std::int64_t seconds = chosen >= 0 ? (std::min)(chosen, longest) : 60;
        const std::int64_t until = milliseconds_now() + seconds * 1000;
        for (long pause = 10;; pause = (std::min)(pause * 2, 200L)) {
            found_run found;
            std::string text;
            const error failure = find_run(store, id_, found);
            const bool is_over = milliseconds_now() >= until;
            // A disk that refuses may have recovered when the time is over.
            const bool may_come = failure.code == error_code::not_found ||
                                  (failure.code == error_code::system && !is_over);
            if (failure && !may_come) return failure;
            struct stat written {};
            const bool is_open = !failure && found.folder.status(path, written) == 0 &&
                                 found.folder.read(path, text) == 0;
            if (is_open && start.has_written(text, written.st_mtime)) return {};
            if (is_over) break;
            const timespec time{0, pause * 1000000};
            ::nanosleep(&time, nullptr);
        }
        return {error_code::not_found, 0,
                "rank " + std::to_string(place_.rank) + " has waited " + std::to_string(seconds) +
                    " s for rank 0 to open run \"" + id_ +
                    "\"; start it in all ranks, with the same store and experiment, or have them "
                    "wait longer by MLSCRIBE_JOIN_SECONDS"};
    }

    /// The run of a rank that does not log: its loop goes on where that of rank 0 does.
    template <class Return>
    reference<run_state> follow_job(Return& back) {
        const reference<run_state> silent = disabled();
        if (!Return::moves_loop || find_agreed_run_id(options_.run_id, job_, id_)) return silent;
        place_ = current_job_place();
        guest_return<Return> as_first(back, own_start());
        const tracking_location location = find_tracking_location(options_.tracking_uri);
        store_root store;
        found_run found;
        const bool is_found = !id_.empty() && location.where != tracking_location::kind::refused &&
                              !store_root::open(location.path, store) &&
                              !find_run(store, id_, found) && !as_first.load(found);
        if (is_found) back.resume_ranges(*silent);
        return silent;
    }

    run_options options_;
    const rank_policy policy_;
    batch_job job_ = current_batch_job();
    job_place place_;
    job_role role_;
    std::string id_;
    job_tag_list job_tags_;
    bool tells_start_point_ = false;
    logging_choices choices_;
    reference<run_core> core_;
};

template <class ReturnOf>
reference<run_state> start_job_by(const run_options& options, const ReturnOf& return_of) {
    return opened_by("start_job_run", options, [&] {
        if (is_disabled()) return disabled();
        auto back = return_of();
        return job_opening(options).open(back);
    });
}

inline reference<run_state> start_job(const run_options& options) {
    return start_job_by(options, [] { return no_return(); });
}
template <class From>
reference<run_state> start_job(const run_options& options, const From& from) {
    return start_job_by(options, [&from] { return job_return(from); });
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
