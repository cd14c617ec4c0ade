// SPDX-License-Identifier: MIT
/// \file The run of a batch or parallel job: the same for all of its processes and all its starts.
#ifndef MLSCRIBE_HPC_START_JOB_RUN_HPP
#define MLSCRIBE_HPC_START_JOB_RUN_HPP

#include <mlscribe/hpc/from_last_checkpoint.hpp>
#include <mlscribe/run/start_run.hpp>

#if MLSCRIBE_ENABLED
#    include <mlscribe/hpc/job_opening.hpp>
#endif

#include <type_traits>

MLSCRIBE_NAMESPACE_BEGIN

/// Starts the run of this job, or goes on with it where an earlier start of the job has made it.
/// Its id is `run_options::run_id`, else MLFLOW_RUN_ID, MLSCRIBE_RUN_ID, that of the file
/// MLSCRIBE_RUN_ID_FILE, else derived from the job (see job_run_id); without any it is start_run.
/// Which ranks log, and where, `run_options::ranks` says. Tags `mlscribe.job.…` tell of the job; a
/// task of an array becomes a child of the array's run.
///
/// \return a run; of a rank that does not log one that does nothing
/// \onfailure as start_run; not_found where rank 0 did not open the run that this one should join
///            within MLSCRIBE_JOIN_SECONDS (60)
/// \threadsafety any thread; any number of processes may start at once
inline run start_job_run(const run_options& options = {}) {
#if MLSCRIBE_ENABLED
    return run(detail::start_job(options));
#else
    return run(detail::start(options, false));
#endif
}

/// The same; a run that exists goes back to `from`, as by resume_run, or to step 0 where no such
/// checkpoint was made: what was logged behind that goes to `artifacts/cut_points/`. A run that is
/// new begins at step 0. The loops of other ranks begin where that of rank 0 does, however late
/// they come, under a launcher that names its starts (srun, OpenMPI, PMIx, PALS).
/// \param from  `from_last_checkpoint{}`, `from_checkpoint{"name"}` or `from_step{200}`
/// \onfailure as resume_run, but for checkpoints that are not found
template <class From, class = std::enable_if_t<detail::is_job_resume_point<From>>>
run start_job_run(const run_options& options, const From& from) {
#if MLSCRIBE_ENABLED
    return run(detail::start_job(options, from));
#else
    static_cast<void>(from);
    return run(detail::start(options, false));
#endif
}

MLSCRIBE_NAMESPACE_END

#endif
