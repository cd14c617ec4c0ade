// SPDX-License-Identifier: MIT
/// \file Any bytes as what the kernel, a scheduler and its environment tell.
#include <mlscribe/config/process_rank.hpp>
#include <mlscribe/hpc/deadline_query.hpp>
#include <mlscribe/hpc/job_run_id.hpp>
#include <mlscribe/monitor/cgroup_usage.hpp>
#include <mlscribe/monitor/machine_usage.hpp>
#include <mlscribe/monitor/process_usage.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <deque>
#include <string>
#include <string_view>

#include "fuzz/must_hold.hpp"
#include "fuzz/scratch_file.hpp"

namespace detail = mlscribe::detail;
using test::must_hold;

namespace {

/// The variables of every scheduler and launcher, which all have the input for a value.
class variables {
  public:
    variables() {
        for (const char* name :
             {"SLURM_JOB_ID", "SLURM_CLUSTER_NAME", "SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_JOB_ID",
              "SLURM_JOB_NUM_NODES", "SLURM_RESTART_COUNT", "SLURM_JOB_START_TIME",
              "SLURM_JOB_END_TIME", "SLURM_PROCID", "SLURM_STEP_NUM_TASKS", "PBS_JOBID",
              "PBS_ARRAY_INDEX", "PBS_WALLTIME", "LSB_JOBID", "LSB_JOBINDEX", "FLUX_JOB_ID", "RANK",
              "WORLD_SIZE"}) {
            names_.push_back(std::string(name) + '=');
            // putenv() keeps the place: nothing is left behind by the next value.
            places_.emplace_back(names_.back() + std::string(longest, '\0'));
            must_hold(::putenv(&places_.back()[0]) == 0, "a variable can be set");
        }
    }
    void set(std::string_view value) {
        value = value.substr(0, (std::min)(value.find('\0'), longest - 1));
        for (std::size_t i = 0; i < names_.size(); ++i) {
            std::string& place = places_[i];
            std::copy(value.begin(), value.end(),
                      place.begin() + static_cast<std::ptrdiff_t>(names_[i].size()));
            place[names_[i].size() + value.size()] = '\0';
        }
    }

  private:
    static constexpr std::size_t longest = 256;
    std::deque<std::string> names_;
    std::deque<std::string> places_;
};

void check_job(const mlscribe::batch_job& job) {
    const std::string id = mlscribe::job_run_id("name", job);
    must_hold(id.find_first_of("/\\. \n") == std::string::npos, "the id of a run is a name");
}

void check_scheduler(std::string_view text) {
    constexpr std::int64_t now = 1700000000;
    must_hold(detail::duration_seconds(text, 1) >= -1 && detail::duration_seconds(text, 60) >= -1,
              "no duration is negative");
    must_hold(
        detail::deadline_of_squeue(text) >= -1 && detail::deadline_of_qstat(text, now) >= -1 &&
            detail::deadline_of_bjobs(text, now) >= -1 && detail::deadline_of_flux(text, now) >= -1,
        "no deadline overflows");
}

void check_groups(std::string_view text) {
    for (const char* controller : {"memory", "cpu"}) {
        const auto place = detail::find_cgroup(text, text, controller);
        for (const std::string& folder : place.folders) {
            must_hold(!folder.empty() && folder.size() <= place.folders.front().size(),
                      "the groups go from the inside out");
        }
    }
}

/// What stands in a file of the kernel that is read at all.
bool is_kernel_text(std::string_view text) {
    for (const char* word : {"cpu ", "MemTotal:", ": ", "pgpgin ", ") R "}) {
        if (text.find(word) != std::string_view::npos) return true;
    }
    return false;
}

void check_machine(const std::string& root) {
    detail::system_files files(root);
    detail::system_values values;
    detail::machine_usage machine;
    detail::process_usage process;
    detail::cgroup_usage group(files);
    for (int sample = 0; sample < 2; ++sample) {
        machine.read(files, values);
        process.read(files, values);
        group.read(files, values);
    }
    for (const auto& each : values.all()) {
        must_hold(std::isfinite(each.value()), "what is measured is a number");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const test::scratch_file& file = *[] {
        static const test::scratch_file made;
        for (const char* name : {"stat", "meminfo", "net/dev", "vmstat", "self/stat", "self/io",
                                 "self/cgroup", "self/mountinfo"}) {
            made.call("proc/" + std::string(name));
        }
        return &made;
    }();
    static variables environment;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    environment.set(text);
    must_hold(detail::process_rank() >= 0, "no rank is negative");
    for (const auto& job :
         {detail::slurm_job(), detail::pbs_job(), detail::lsf_job(), detail::flux_job()}) {
        check_job(job);
    }
    check_scheduler(text);
    check_groups(text);
    if (!is_kernel_text(text)) return 0;
    file.write(text);
    check_machine(file.folder());
    return 0;
}
