// SPDX-License-Identifier: MIT
/// \file Starts and resumes runs: the one heavy header, which only the file that does so needs.
#ifndef MLSCRIBE_RUN_START_RUN_HPP
#define MLSCRIBE_RUN_START_RUN_HPP

#include <mlscribe/run/resume_from.hpp>
#include <mlscribe/run/run.hpp>
#include <mlscribe/run/run_options.hpp>

#if MLSCRIBE_ENABLED
#    include <mlscribe/run/run_opening.hpp>
#else
#    include <mlscribe/run/disabled_opening.hpp>
#endif

#include <string>
#include <string_view>
#include <type_traits>

MLSCRIBE_NAMESPACE_BEGIN

/// Starts a run in the store that MLFLOW_TRACKING_URI names, else in `mlruns` below the working
/// directory. With MLFLOW_RUN_ID set the first call of a process resumes that run, as MLflow does.
///
/// \return a run; where the disk or a choice refuses, one that does not record: its calls do
///         nothing, `recording()` is false and stderr (or the handler) says why. With
///         MLSCRIBE_MODE=disabled in the environment, or compiled with -DMLSCRIBE_ENABLED=0, the
///         same without a word
/// \onfailure unsupported_uri, invalid_value, deleted, already_exists, not_found, system
/// \threadsafety any thread; any number of processes may start at once
/// \cost some milliseconds: a look at every experiment's meta.yaml, a file for each tag, an fsync.
///       The first run of a process in a git repository also looks at every tracked file, for at
///       most 100 ms; `source_tags = false` avoids it
inline run start_run(const run_options& options = {}) {
    return run(detail::start(options, false));
}

/// Starts a run named `name` in the experiment `experiment`, which is created where missing.
inline run start_run(std::string_view experiment, std::string_view name) {
    return run(detail::start(experiment, name));
}

/// Goes on with a run: its status is RUNNING again (unless `keep_status`), its params and points
/// stay, steps without a number go on behind the last one.
/// \onfailure not_found, deleted, damaged, system: the run returned does not record
inline run resume_run(const std::string& run_id, const resume_options& options = {}) {
    return run(detail::resume(run_id, options));
}

/// Goes on with a run as it stood at `from`: each metric begins again there, and so do the ranges
/// of the loop, up to the same ends. What was logged behind it goes to `artifacts/cut_points/`,
/// whose points the tag `mlscribe.cut_points` counts, and with it the checkpoints made behind it.
/// \param from  `from_checkpoint{"name"}`, `from_step{200}` or `from_step{{"train/", 300}, …}`
/// \onfailure not_found (the run, the checkpoint), not_recording (the run is still logged to),
///            invalid_value, invalid_path, deleted, damaged, system: the run returned does not
///            record; but for `system` its metrics are as they were, and there the same call goes
///            on
/// \cost some passes over the files of all metrics, fsyncs of those that lose points
template <class From, class = std::enable_if_t<detail::is_resume_point<From>>>
run resume_run(const std::string& run_id, const From& from, const resume_options& options = {}) {
    return run(detail::resume(run_id, options, from));
}

MLSCRIBE_NAMESPACE_END

#endif
