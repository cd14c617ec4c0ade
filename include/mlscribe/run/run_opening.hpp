// SPDX-License-Identifier: MIT
/// \file Opens a run on disk, a new one or one that exists.
#ifndef MLSCRIBE_RUN_RUN_OPENING_HPP
#define MLSCRIBE_RUN_RUN_OPENING_HPP

#include <mlscribe/config/environment.hpp>
#include <mlscribe/run/disabled_run.hpp>
#include <mlscribe/run/environment_switches.hpp>
#include <mlscribe/run/experiment_choice.hpp>
#include <mlscribe/run/logging_choices.hpp>
#include <mlscribe/run/rank_choice.hpp>
#include <mlscribe/run/run_core.hpp>
#include <mlscribe/run/run_creation.hpp>
#include <mlscribe/run/run_return.hpp>
#include <mlscribe/store/tracking.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Tells what is thrown before there is a run that could.
template <class Options>
class early_failures {
  public:
    explicit early_failures(const Options& options) : options_(options) {}

    strictness policy() const noexcept { return options_.errors; }
    void fail(const error& failure) {
        reporter(options_.errors, heard_by(options_.on_error)).fail(failure);
    }

  private:
    const Options& options_;
};

/// What `open()` gives for the user's `call`; null where it throws.
template <class Options, class Open>
reference<run_state> opened_by(const char* call, const Options& options, Open&& open) {
    reference<run_state> opened;
    early_failures<Options> failures(options);
    guarded(failures, call, [&] { opened = open(); });
    return opened;
}

/// Tells what is thrown while a core is opened, which the opening may replace by another.
class core_failures {
  public:
    explicit core_failures(const reference<run_core>& core) : core_(core) {}

    strictness policy() const noexcept { return core_->policy(); }
    void fail(const error& failure) {
        if (!core_->recording()) withdraw();
        core_->fail(failure);
    }

  private:
    void withdraw() noexcept {
        MLSCRIBE_TRY {
            core_->withdraw();
        }
        MLSCRIBE_CATCH_ALL {}
    }

    const reference<run_core>& core_;
};

/// Has `open()` open the run of `core`, and tells why it does not record.
template <class Open>
void open_core(const reference<run_core>& core, const char* call, Open&& open) {
    core_failures failures(core);
    guarded(failures, call, [&] {
        if (error failure = open()) {
            failure.message += "; nothing is recorded";
            core->fail(std::move(failure));
        }
    });
}

/// Goes on with a run where it stands; see run_return.
struct no_return {
    static error load(const found_run&) { return {}; }
    static error check(const found_run&, const run_recovery&) { return {}; }
    static error carry_out(const found_run&, const logging_choices&, recorded_metrics&) {
        return {};
    }
    static constexpr bool moves_loop = false;
    static void resume_ranges(step_context&) {}
};

/// \param back  no_return or run_return, which has its checkpoint read before anything is changed
template <class Return>
error open_existing_run(const store_root& store, reporter& failures, const std::string& id,
                        Return& back, found_run& result) {
    if (error failure = find_run(store, id, result)) return failure;
    if (result.in_trash || result.meta.lifecycle_stage == lifecycle::deleted) {
        return {error_code::deleted, 0, "run \"" + id + "\" is deleted; restore it first"};
    }
    if (error failure = back.load(result)) return failure;
    remove_abandoned(result.folder);
    for (const char* child : {"metrics", "params", "artifacts", "tags"}) {
        // git and object stores drop empty directories, and MLflow 3 needs them.
        const int failed = result.folder.make(child);
        if (failed != 0 && failed != EEXIST) {
            return system_error("cannot write into run", result.path, failed);
        }
    }
    // Before the new metrics are opened: they go on behind what a dead process left.
    run_recovery recovered = recover_run(result, false);
    if (error failure = back.check(result, recovered)) return failure;
    if (recovered.refused != 0) {
        recovered.failure.message += "; steps go on without the points that wait in journals";
    }
    if (recovered.failure) failures.report(recovered.failure);
    return {};
}

/// Records into a run that exists, and tags it.
template <class Tags, class Return>
error record_again(run_core& core, const store_root& store, const std::string& id,
                   const logging_choices& choices, const Tags& tags, Return&& back) {
    found_run opened;
    if (error failure = open_existing_run(store, core.failures(), id, back, opened)) {
        return failure;
    }
    if (error failure = back.carry_out(opened, choices, core)) return failure;
    core.prepare(std::move(opened), choices);
    const found_run& run = core.prepared();
    error failure;
    if (!choices.keep_status) {
        // Before: what ends the run from now on is something else.
        run.folder.remove(std::string("tags/") + ended_by_tag);
        failure = update_meta(run.folder, run.path, [](meta_document& document) {
            document.set_integer("status", static_cast<std::int64_t>(run_status::running));
            document.set_null("end_time");
        });
    }
    // Likewise: how this rank ended in an earlier start of the job.
    if (choices.is_guest) run.folder.remove("tags/" + guest_status_tag(choices));
    if (failure) {
        core.withdraw();
        return failure;
    }
    core.begin();
    for (const auto& tag : tags) {
        guarded(core, "set_tag", [&] { core.set_tag(tag.first, tag.second); });
    }
    return {};
}

/// The experiment that the environment or the program names must be the resumed run's.
inline error check_resumed_experiment(const store_root& store, const run_options& options,
                                      const found_run& opened) {
    const bool none = options.experiment.empty() && options.experiment_id.empty() &&
                      environment("MLFLOW_EXPERIMENT_NAME").empty() &&
                      environment("MLFLOW_EXPERIMENT_ID").empty();
    found_experiment wanted;
    std::string neighbours;
    if (none) return {};
    if (error failure = choose_experiment(store, options, wanted, neighbours)) return failure;
    if (wanted.id == opened.experiment_id) return {};
    return {error_code::invalid_value, 0,
            "run \"" + opened.meta.run_id + "\" belongs to experiment " + opened.experiment_id +
                ", not to \"" + wanted.meta.name + "\" (" + wanted.id +
                "); unset MLFLOW_RUN_ID or name its experiment"};
}

inline error open_run(run_core& core, const run_options& options, const logging_choices& choices,
                      bool nested) {
    store_root store;
    if (error failure = open_tracked_store(core.failures(), choices.tracking_uri, store))
        return failure;
    const std::string resumed = environment("MLFLOW_RUN_ID");
    if (!nested && options.run_id.empty() && !resumed.empty() &&
        drain_registry::instance().claim_environment_run()) {
        found_run found;
        if (error failure = find_run(store, resumed, found)) return failure;
        if (error failure = check_resumed_experiment(store, options, found)) return failure;
        if (error failure = record_again(core, store, resumed, choices, options.tags, no_return()))
            return failure;
        if (!options.description.empty()) core.set_tag("mlflow.note.content", options.description);
        return {};
    }
    found_experiment experiment;
    std::string neighbours;
    error failure = choose_experiment(store, options, experiment, neighbours);
    if (!neighbours.empty()) core.failures().report({error_code::damaged, 0, neighbours});
    if (failure) return failure;
    failure = create_run(
        store, experiment.id, options,
        [&core](const error& refused) { core.failures().report(refused); },
        [&core, &choices](found_run made) { core.prepare(std::move(made), choices); });
    if (failure) {
        core.withdraw();
        return failure;
    }
    core.begin();
    return {};
}

inline reference<run_state> start(const run_options& options, bool nested) {
    return opened_by("start_run", options, [&] {
        // A child does as its parent.
        if (is_disabled() || (!nested && is_silent_rank(options.ranks))) return disabled();
        const reference<run_core> core(new run_core(options.errors, options.on_error));
        open_core(core, "start_run", [&] {
            check_switches(core->failures());
            if (!nested) check_rank_policy(options.ranks, core->failures());
            return open_run(*core, options, choices_of(options), nested);
        });
        return reference<run_state>(core.get());
    });
}

inline reference<run_state> start(std::string_view experiment, std::string_view name) {
    run_options options;
    return opened_by("start_run", options, [&] {
        options.experiment = experiment;
        options.run_name = name;
        return start(options, false);
    });
}

template <class Options>
reference<run_state> run_core::start_nested(const Options& options) {
    run_options child = options;
    if (!recording()) {
        return reference<run_state>(new run_core(child.errors, std::move(child.on_error)));
    }
    child.parent_run_id = run_.meta.run_id;
    child.tracking_uri = choices_.tracking_uri;
    if (child.thinning.points == 0) child.thinning = choices_.thinning;
    if (child.signals == on_signal::nothing) {
        child.signals = choices_.signals;
        child.signal_wait = choices_.signal_wait;
    }
    if (child.experiment.empty() && child.experiment_id.empty()) {
        child.experiment_id = run_.experiment_id;
    }
    return start(child, true);
}

/// The run of a rank that does not log: its loop goes on where that of the first rank does. What
/// keeps it from that is the first rank's to say.
template <class Return>
reference<run_state> follow(const std::string& run_id, const resume_options& options,
                            Return& back) {
    const reference<run_state> silent = disabled();
    if (!Return::moves_loop) return silent;
    const tracking_location location = find_tracking_location(options.tracking_uri);
    store_root store;
    found_run found;
    const bool is_found = location.where != tracking_location::kind::refused &&
                          !store_root::open(location.path, store) &&
                          !find_run(store, run_id, found) && !back.load(found);
    if (is_found) back.resume_ranges(*silent);
    return silent;
}

/// \param return_of  makes the Return
template <class ReturnOf>
reference<run_state> resume_by(const std::string& run_id, const resume_options& options,
                               const ReturnOf& return_of) {
    return opened_by("resume_run", options, [&] {
        if (is_disabled()) return disabled();
        auto back = return_of();
        if (is_silent_rank(options.ranks)) return follow(run_id, options, back);
        const reference<run_core> core(new run_core(options.errors, options.on_error));
        open_core(core, "resume_run", [&] {
            check_switches(core->failures());
            check_rank_policy(options.ranks, core->failures());
            store_root store;
            error failure = open_tracked_store(core->failures(), options.tracking_uri, store);
            return failure ? failure
                           : record_again(*core, store, run_id, choices_of(options), options.tags,
                                          back);
        });
        return reference<run_state>(core.get());
    });
}

inline reference<run_state> resume(const std::string& run_id, const resume_options& options) {
    return resume_by(run_id, options, [] { return no_return(); });
}
template <class From>
reference<run_state> resume(const std::string& run_id, const resume_options& options,
                            const From& from) {
    return resume_by(run_id, options, [&from] { return run_return(resume_target(from)); });
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
