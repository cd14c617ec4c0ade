// SPDX-License-Identifier: MIT
/// \file Which of the processes of a parallel job this one is, as its launcher says.
#ifndef MLSCRIBE_CONFIG_PROCESS_RANK_HPP
#define MLSCRIBE_CONFIG_PROCESS_RANK_HPP

#include <mlscribe/config/environment_count.hpp>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// What a launcher of parallel jobs tells each of its processes, by environment variables. A null
/// name is a fact that it does not tell.
struct process_launcher {
    const char* name;
    const char* rank;
    const char* size;
    const char* local_rank;  ///< among the processes of the node
    const char* local_size;
    const char* node;  ///< the number of the node
    bool is_sized;     ///< the name of the rank alone could be anybody's
    long first_rank;
};

/// A launcher inside of another knows best: srun may start one torchrun or one daemon of MPI a
/// node, whose processes all inherit that one's SLURM_PROCID. So the schedulers come last.
inline constexpr process_launcher process_launchers[] = {
    {"torchrun", "RANK", "WORLD_SIZE", "LOCAL_RANK", "LOCAL_WORLD_SIZE", "GROUP_RANK", true, 0},
    {"openmpi", "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_LOCAL_RANK",
     "OMPI_COMM_WORLD_LOCAL_SIZE", nullptr, false, 0},
    {"pmix", "PMIX_RANK", "PMIX_SIZE", "PMIX_LOCAL_RANK", "PMIX_LOCAL_SIZE", nullptr, false, 0},
    {"mvapich2", "MV2_COMM_WORLD_RANK", "MV2_COMM_WORLD_SIZE", "MV2_COMM_WORLD_LOCAL_RANK",
     "MV2_COMM_WORLD_LOCAL_SIZE", nullptr, false, 0},
    {"pmi", "PMI_RANK", "PMI_SIZE", "MPI_LOCALRANKID", "MPI_LOCALNRANKS", nullptr, false, 0},
    {"pals", "PALS_RANKID", "PALS_SIZE", "PALS_LOCAL_RANKID", "PALS_LOCAL_SIZE", "PALS_NODEID",
     false, 0},
    {"jsm", "JSM_NAMESPACE_RANK", "JSM_NAMESPACE_SIZE", "JSM_NAMESPACE_LOCAL_RANK",
     "JSM_NAMESPACE_LOCAL_SIZE", nullptr, false, 0},
    {"flux", "FLUX_TASK_RANK", "FLUX_JOB_SIZE", "FLUX_TASK_LOCAL_ID", nullptr, nullptr, false, 0},
    {"slurm", "SLURM_PROCID", "SLURM_STEP_NUM_TASKS", "SLURM_LOCALID", nullptr, "SLURM_NODEID",
     false, 0},
    {"lsf", "LSF_PM_TASKID", "LSB_DJOB_NUMPROC", nullptr, nullptr, nullptr, false, 1},
};

/// The number that a launcher gives for a fact; -1 where it gives none.
inline long launcher_count(const char* name) {
    return name == nullptr ? -1 : environment_count(name);
}

struct launched_process {
    const process_launcher* launcher = nullptr;  ///< null outside of a parallel job
    long rank = 0;
    long size = -1;  ///< -1 where nobody says
};

/// This process in its job, as the innermost launcher says whose facts agree. A batch script is
/// its job's process 0.
inline launched_process find_launched_process() {
    for (const process_launcher& each : process_launchers) {
        const long rank = environment_count(each.rank) - each.first_rank;
        const long size = launcher_count(each.size);
        if (rank < 0 || (size < 0 && each.is_sized)) continue;
        // Neither is one who inherited the rank of a job that is not his.
        if (size == 1) return {&each, 0, 1};
        if (size >= 0 && rank >= size) continue;
        return {&each, rank, size};
    }
    return {};
}

/// The rank of this process in its job; 0 outside of one, and in one of a single process.
inline long process_rank() {
    return find_launched_process().rank;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
