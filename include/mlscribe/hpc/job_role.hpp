// SPDX-License-Identifier: MIT
/// \file What a process of a parallel job does in the job's run.
#ifndef MLSCRIBE_HPC_JOB_ROLE_HPP
#define MLSCRIBE_HPC_JOB_ROLE_HPP

#include <mlscribe/hpc/job_place.hpp>
#include <mlscribe/hpc/job_run_id.hpp>
#include <mlscribe/run/run_options.hpp>

#include <string>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

struct job_role {
    bool logs = true;
    bool is_guest = false;      ///< logs into the run of rank 0
    bool has_own_run = false;   ///< beside that of rank 0
    bool is_child = false;      ///< which is a child of it
    bool shares_run = false;    ///< whether other ranks are guests of the run
    bool leads = false;         ///< whether the loops of other ranks begin where this one does
    bool needs_run_id = false;  ///< that all ranks know
    std::string key_prefix;
};

inline job_role role_in_job(rank_policy policy, const job_place& place) {
    job_role role;
    const bool is_alone = place.launcher.empty() || place.size == 1;
    if (is_alone) return role;
    role.needs_run_id = policy != rank_policy::first_logs && policy != rank_policy::every_logs;
    switch (policy) {
        case rank_policy::first_logs:
            role.logs = place.is_first();
            role.leads = place.is_first();
            break;
        case rank_policy::children_log:
            role.is_child = !place.is_first();
            [[fallthrough]];
        case rank_policy::every_logs:
            role.has_own_run = !place.is_first();
            break;
        case rank_policy::one_run:
            role.shares_run = true;
            role.leads = place.is_first();
            role.is_guest = !place.is_first();
            if (role.is_guest) role.key_prefix = "rank_" + std::to_string(place.rank) + '/';
            break;
        case rank_policy::one_run_by_node:
            role.shares_run = true;
            role.leads = place.is_first();
            role.is_guest = !place.is_first();
            role.logs = place.is_first() || place.is_first_on_node();
            role.key_prefix = run_id_part(place.node.substr(0, place.node.find('.')));
            if (role.key_prefix.empty()) role.key_prefix = "rank_" + std::to_string(place.rank);
            role.key_prefix += '/';
            break;
    }
    return role;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
