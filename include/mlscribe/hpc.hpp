// SPDX-License-Identifier: MIT
/// \file Parallel and batch jobs: ranks, job ids, one run a job, the time left. Not part of the
/// umbrella.
#ifndef MLSCRIBE_HPC_HPP
#define MLSCRIBE_HPC_HPP

#include <mlscribe/hpc/batch_job.hpp>
#include <mlscribe/hpc/deadline.hpp>
#include <mlscribe/hpc/job_place.hpp>
#include <mlscribe/hpc/job_run_id.hpp>
#include <mlscribe/hpc/start_job_run.hpp>

#endif
