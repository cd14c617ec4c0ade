// SPDX-License-Identifier: MIT
/// \file The place of a process in its parallel job, as the launcher tells it.
#ifndef MLSCRIBE_HPC_JOB_PLACE_HPP
#define MLSCRIBE_HPC_JOB_PLACE_HPP

#include <mlscribe/config/environment_count.hpp>
#include <mlscribe/config/host_name.hpp>
#include <mlscribe/config/process_rank.hpp>

#include <string>

MLSCRIBE_NAMESPACE_BEGIN

/// Which of the processes of a parallel job this one is. Outside of a job: the first of one.
struct job_place {
    long rank = 0;
    long size = 1;         ///< processes in the job; -1 where nobody says
    long local_rank = 0;   ///< among the processes of the node; -1 where nobody says
    long local_size = 1;   ///< processes on the node; -1 where nobody says
    long node_index = -1;  ///< the number of the node; -1 where nobody says
    std::string node;      ///< its host name
    std::string launcher;  ///< `torchrun`, `openmpi`, `pmix`, `mvapich2`, `pmi` (MPICH, Intel
                           ///< MPI), `pals`, `jsm`, `flux`, `slurm`, `lsf`; empty: none

    bool is_first() const noexcept { return rank == 0; }
    bool is_first_on_node() const noexcept { return local_rank == 0; }
};

namespace detail {

/// What the launcher does not say itself, one around it may: it counts the same process.
inline long fact_of_process(const launched_process& process, const char* process_launcher::*fact) {
    for (const process_launcher& each : process_launchers) {
        if (environment_count(each.rank) - each.first_rank != process.rank) continue;
        const long size = launcher_count(each.size);
        if (process.size >= 0 && size >= 0 && size != process.size) continue;
        const long value = launcher_count(each.*fact);
        if (value >= 0) return value;
    }
    return -1;
}

}  // namespace detail

/// The place of this process, from the variables of torchrun, OpenMPI, PMIx, PMI (MPICH, Intel
/// MPI), MVAPICH2, PALS, JSM, Flux, Slurm or LSF. \threadsafety any thread that does not change the
/// environment \cost some looks at environment variables
inline job_place current_job_place() {
    job_place place;
    place.node = detail::host_name();
    const detail::launched_process process = detail::find_launched_process();
    if (process.launcher == nullptr) return place;
    place.launcher = process.launcher->name;
    place.rank = process.rank;
    place.size = process.size;
    if (place.size < 0) {
        place.size = detail::fact_of_process(process, &detail::process_launcher::size);
    }
    place.local_rank = detail::fact_of_process(process, &detail::process_launcher::local_rank);
    place.local_size = detail::fact_of_process(process, &detail::process_launcher::local_size);
    place.node_index = detail::fact_of_process(process, &detail::process_launcher::node);
    // A step says how many it has; a batch script, of which there is one, cannot.
    if (place.size < 0 && place.rank == 0 && place.launcher == "slurm") place.size = 1;
    if (place.size == 1) place.local_rank = 0;
    if (place.size == 1) place.local_size = 1;
    if (place.local_size >= 0 && place.local_rank >= place.local_size) place.local_rank = -1;
    return place;
}

MLSCRIBE_NAMESPACE_END

#endif
