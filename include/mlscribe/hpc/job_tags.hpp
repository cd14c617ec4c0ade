// SPDX-License-Identifier: MIT
/// \file What a run tells of the job that it was made in: the tags below `mlscribe.job`.
#ifndef MLSCRIBE_HPC_JOB_TAGS_HPP
#define MLSCRIBE_HPC_JOB_TAGS_HPP

#include <mlscribe/hpc/batch_job.hpp>
#include <mlscribe/hpc/job_place.hpp>

#include <string>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

using job_tag_list = std::vector<std::pair<std::string, std::string>>;

/// The facts that are known.
inline job_tag_list job_tags(const batch_job& job, const job_place& place) {
    job_tag_list tags;
    const auto add = [&tags](const char* name, std::string value) {
        if (!value.empty())
            tags.emplace_back(std::string("mlscribe.job.") + name, std::move(value));
    };
    const auto add_count = [&add](const char* name, long count) {
        if (count >= 0) add(name, std::to_string(count));
    };
    if (job) {
        add("scheduler", job.scheduler);
        add("id", job.id);
        add("cluster", job.cluster);
        add("array_id", job.array_id);
        add("array_index", job.array_index);
        add("partition", job.partition);
        add("nodes", job.nodes);
        add_count("node_count", job.node_count);
        add_count("restarts", job.restart_count);
        if (job.time_limit.count() > 0) {
            add("time_limit_seconds", std::to_string(job.time_limit.count()));
        }
    }
    if (!place.launcher.empty()) {
        add("launcher", place.launcher);
        add_count("ranks", place.size);
    }
    return tags;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
