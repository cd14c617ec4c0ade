// SPDX-License-Identifier: MIT
/// \file Which of the processes of a parallel job this one is, as its launcher says.
#ifndef MLSCRIBE_CONFIG_PROCESS_RANK_HPP
#define MLSCRIBE_CONFIG_PROCESS_RANK_HPP

#include <mlscribe/config/environment.hpp>

#include <charconv>
#include <string>
#include <system_error>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// A number of 0 or more in an environment variable; -1 where there is none.
inline long environment_count(const char* name) {
    const std::string text = environment(name);
    long count = -1;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), count);
    const bool whole = read.ec == std::errc() && read.ptr == text.data() + text.size();
    return whole && count >= 0 ? count : -1;
}

/// The rank of this process in its job of torchrun, MPI or Slurm; 0 outside of one, and in one of a
/// single process. A launcher inside of another knows best: srun may start one torchrun or one
/// daemon of MPI a node, whose processes all inherit that one's SLURM_PROCID. A batch script is its
/// job's process 0.
inline long process_rank() {
    struct launcher {
        const char* rank;
        const char* size;
        bool is_sized;  ///< the name of the rank alone could be anybody's
    };
    constexpr launcher launchers[] = {
        {"RANK", "WORLD_SIZE", true},
        {"OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", false},
        {"PMIX_RANK", "PMIX_SIZE", false},
        {"PMI_RANK", "PMI_SIZE", false},
        {"MV2_COMM_WORLD_RANK", "MV2_COMM_WORLD_SIZE", false},
        {"SLURM_PROCID", "SLURM_STEP_NUM_TASKS", false},
    };
    for (const launcher& each : launchers) {
        const long rank = environment_count(each.rank);
        const long size = environment_count(each.size);
        if (rank < 0 || (size < 0 && each.is_sized)) continue;
        return size == 1 ? 0 : rank;
    }
    return 0;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
