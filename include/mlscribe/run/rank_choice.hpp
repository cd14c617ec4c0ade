// SPDX-License-Identifier: MIT
/// \file Which processes of a parallel job log: the program's choice and the environment's.
#ifndef MLSCRIBE_RUN_RANK_CHOICE_HPP
#define MLSCRIBE_RUN_RANK_CHOICE_HPP

#include <mlscribe/config/environment.hpp>
#include <mlscribe/config/process_rank.hpp>
#include <mlscribe/error/reporter.hpp>
#include <mlscribe/run/run_options.hpp>

#include <string>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// MLSCRIBE_RANKS comes before what the program chose.
inline rank_policy rank_policy_by_environment(rank_policy chosen) {
    const std::string ranks = environment("MLSCRIBE_RANKS");
    if (ranks == "first") return rank_policy::first_logs;
    if (ranks == "every") return rank_policy::every_logs;
    if (ranks == "children") return rank_policy::children_log;
    if (ranks == "one") return rank_policy::one_run;
    if (ranks == "node") return rank_policy::one_run_by_node;
    return chosen;
}

/// Whether the first process of the job logs for this one.
inline bool is_silent_rank(rank_policy chosen) {
    return rank_policy_by_environment(chosen) != rank_policy::every_logs && process_rank() > 0;
}

/// A policy that only start_job_run can carry out must not pass for one that works.
inline void check_rank_policy(rank_policy chosen, reporter& failures) {
    const rank_policy policy = rank_policy_by_environment(chosen);
    if (policy == rank_policy::first_logs || policy == rank_policy::every_logs) return;
    if (find_launched_process().launcher == nullptr) return;
    failures.report({error_code::invalid_value, 0,
                     "the ranks of this job cannot log into one run or its children by start_run "
                     "or resume_run, so rank 0 alone logs; use mlscribe::start_job_run of "
                     "<mlscribe/hpc.hpp>"});
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
