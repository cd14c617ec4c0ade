// SPDX-License-Identifier: MIT
/// \file Run ids that all processes of a job know without talking.
#ifndef MLSCRIBE_HPC_JOB_RUN_ID_HPP
#define MLSCRIBE_HPC_JOB_RUN_ID_HPP

#include <mlscribe/hpc/batch_job.hpp>

#include <cstddef>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// A text as a part of a run id: what MLflow does not take there becomes '-', the ƒ that a job id
/// of Flux begins with an f.
inline std::string run_id_part(std::string_view text) {
    std::string part;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const bool legal =
            (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        if (text.substr(i, 2) == "\xC6\x92") {
            part += 'f';
            ++i;
        } else if (legal) {
            part += c;
        } else if (!part.empty() && part.back() != '-') {
            part += '-';
        }
    }
    while (!part.empty() && part.back() == '-') part.pop_back();
    constexpr std::size_t longest = 80;
    return part.substr(0, longest);
}

/// \param number  of the job or the array
inline std::string run_id_of(const batch_job& job, std::string_view number) {
    std::string id = job.scheduler;
    for (const std::string_view each : {std::string_view(job.cluster), number}) {
        if (const std::string part = run_id_part(each); !part.empty()) id += '-' + part;
    }
    return id;
}

}  // namespace detail

/// The id of the run that all tasks of a job array are children of: `slurm-<cluster>-<array job>`;
/// empty where the job is none.
inline std::string array_run_id(const batch_job& job = current_batch_job()) {
    if (!job.is_array_task() || job.array_id.empty()) return {};
    return detail::run_id_of(job, job.array_id);
}

/// The run id that is derived from a job: `slurm-<cluster>-<job>`, of a task of an array
/// `slurm-<cluster>-<array job>_<index>`. It is the same for every process of the job and every
/// start of it. Empty outside of a job. \param name  tells several runs of one job apart
inline std::string job_run_id(std::string_view name = {},
                              const batch_job& job = current_batch_job()) {
    if (!job) return {};
    const std::string array = array_run_id(job);
    std::string id = array.empty() ? detail::run_id_of(job, job.id)
                                   : array + '_' + detail::run_id_part(job.array_index);
    if (const std::string part = detail::run_id_part(name); !part.empty()) id += '-' + part;
    return id;
}

MLSCRIBE_NAMESPACE_END

#endif
