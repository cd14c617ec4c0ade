// SPDX-License-Identifier: MIT
/// \file The job of a batch system that this process is part of.
#ifndef MLSCRIBE_HPC_BATCH_JOB_HPP
#define MLSCRIBE_HPC_BATCH_JOB_HPP

#include <mlscribe/config/environment.hpp>
#include <mlscribe/config/environment_count.hpp>

#include <algorithm>
#include <chrono>
#include <string>

MLSCRIBE_NAMESPACE_BEGIN

/// What a scheduler says of a job. What it does not say is empty, 0 or -1.
struct batch_job {
    std::string scheduler;    ///< `slurm`, `pbs`, `lsf` or `flux`; empty outside of a job
    std::string id;           ///< of this task, where the job is an array
    std::string cluster;      ///< two clusters may count their jobs alike
    std::string array_id;     ///< of all tasks of the array; empty for a job that is none
    std::string array_index;  ///< this task's number in it
    std::string partition;    ///< or queue
    std::string nodes;        ///< as the scheduler writes them: `node[01-04]`
    long node_count = -1;
    long restart_count = 0;  ///< how often the scheduler has started the job again
    std::chrono::seconds time_limit{0};

    explicit operator bool() const noexcept { return !id.empty(); }
    bool is_array_task() const noexcept { return !array_index.empty(); }
};

namespace detail {

/// The first of some environment variables that is set.
template <class... Names>
std::string first_of_environment(Names... names) {
    std::string value;
    for (const char* name : {names...}) {
        if (value.empty()) value = environment(name);
    }
    return value;
}

inline batch_job slurm_job() {
    batch_job job;
    job.scheduler = "slurm";
    job.id = environment("SLURM_JOB_ID");
    job.cluster = environment("SLURM_CLUSTER_NAME");
    job.array_index = environment("SLURM_ARRAY_TASK_ID");
    if (job.is_array_task()) job.array_id = environment("SLURM_ARRAY_JOB_ID");
    job.partition = environment("SLURM_JOB_PARTITION");
    job.nodes = first_of_environment("SLURM_JOB_NODELIST", "SLURM_NODELIST");
    job.node_count =
        (std::max)(environment_count("SLURM_JOB_NUM_NODES"), environment_count("SLURM_NNODES"));
    job.restart_count = (std::max)(environment_count("SLURM_RESTART_COUNT"), 0L);
    const long start = environment_count("SLURM_JOB_START_TIME");
    const long end = environment_count("SLURM_JOB_END_TIME");
    // The end of a job without a limit is years away.
    constexpr long year = 365L * 24 * 60 * 60;
    if (start > 0 && end > start && end - start < year) {
        job.time_limit = std::chrono::seconds(end - start);
    }
    return job;
}

/// PBS: OpenPBS, PBS Professional and Torque. An id is `1234.server`, that of an array's task
/// `1234[5].server`.
inline batch_job pbs_job() {
    batch_job job;
    job.scheduler = "pbs";
    const std::string id = environment("PBS_JOBID");
    const std::size_t dot = (std::min)(id.find('.'), id.size());
    job.id = id.substr(0, dot);
    if (dot < id.size()) job.cluster = id.substr(dot + 1);
    job.array_index = first_of_environment("PBS_ARRAY_INDEX", "PBS_ARRAYID");
    if (job.is_array_task()) job.array_id = job.id.substr(0, job.id.find_first_of("[-"));
    job.partition = environment("PBS_QUEUE");
    job.node_count = environment_count("PBS_NUM_NODES");
    job.time_limit = std::chrono::seconds((std::max)(environment_count("PBS_WALLTIME"), 0L));
    return job;
}

inline batch_job lsf_job() {
    batch_job job;
    job.scheduler = "lsf";
    job.id = environment("LSB_JOBID");
    const std::string index = environment("LSB_JOBINDEX");
    // A job that is no array has the index 0.
    if (!index.empty() && index != "0") {
        job.array_id = job.id;
        job.array_index = index;
        job.id += '[' + index + ']';
    }
    job.partition = environment("LSB_QUEUE");
    job.nodes = first_of_environment("LSB_MCPU_HOSTS", "LSB_HOSTS");
    job.restart_count = environment("LSB_RESTART") == "Y" ? 1 : 0;
    return job;
}

inline batch_job flux_job() {
    batch_job job;
    job.scheduler = "flux";
    job.id = environment("FLUX_JOB_ID");
    job.node_count = environment_count("FLUX_JOB_NNODES");
    return job;
}

}  // namespace detail

/// The job of this process, from the variables of Slurm, PBS, LSF or Flux. A Flux instance inside
/// of a job of another scheduler is a scheduler of its own, and its jobs are what counts.
/// \threadsafety any thread that does not change the environment
/// \cost some looks at environment variables
inline batch_job current_batch_job() {
    if (!detail::environment("FLUX_JOB_ID").empty()) return detail::flux_job();
    if (!detail::environment("SLURM_JOB_ID").empty()) return detail::slurm_job();
    if (!detail::environment("PBS_JOBID").empty()) return detail::pbs_job();
    if (!detail::environment("LSB_JOBID").empty()) return detail::lsf_job();
    return {};
}

MLSCRIBE_NAMESPACE_END

#endif
