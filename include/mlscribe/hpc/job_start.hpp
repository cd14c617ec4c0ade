// SPDX-License-Identifier: MIT
/// \file What tells one start of a job from those before.
#ifndef MLSCRIBE_HPC_JOB_START_HPP
#define MLSCRIBE_HPC_JOB_START_HPP

#include <mlscribe/config/clock.hpp>
#include <mlscribe/config/environment_count.hpp>
#include <mlscribe/hpc/batch_job.hpp>
#include <mlscribe/hpc/job_place.hpp>
#include <mlscribe/journal/writer.hpp>

#include <time.h>
#include <unistd.h>

#include <charconv>
#include <cstdint>
#include <string>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Ranks that join a run wait until its first one has written the name of this start into it.
inline constexpr const char* job_start_tag = "mlscribe.job.start";

/// One start of a job, as all of its processes know it without talking.
struct job_start {
    std::string name;
    bool is_unique = false;  ///< no earlier start has the same name

    job_start(const batch_job& job, const job_place& place) : name(job.id) {
        add(std::to_string(job.restart_count));
        // srun may speak PMI to the ranks that it starts.
        const bool is_of_srun = place.launcher == "pmi" &&
                                environment_count("SLURM_PROCID") == place.rank &&
                                environment_count("SLURM_STEP_NUM_TASKS") == place.size;
        if (place.launcher == "slurm" || is_of_srun) add_unique("SLURM_STEP_ID");
        if (place.launcher == "openmpi" || place.launcher == "pmix") add_unique("PMIX_NAMESPACE");
        if (place.launcher == "pals") add_unique("PALS_APID");
        if (place.launcher == "torchrun") {
            add(environment("TORCHELASTIC_RUN_ID"));  // the user's, or "none"
            add(environment("TORCHELASTIC_RESTART_COUNT"));
        }
    }

    /// Whether a run was opened by this start. \param text  what was written then
    /// \param time  when that was, in seconds since 1970
    bool has_written(const std::string& text, std::int64_t time) const {
        // How long after its first process a launcher may start the last one.
        constexpr std::int64_t longest_launch = 60;
        return text == name && (is_unique || time >= own_start() - longest_launch);
    }

  private:
    void add(const std::string& text) {
        if (!name.empty() && !text.empty()) name += ' ';
        name += text;
    }
    void add_unique(const char* variable) {
        const std::string value = environment(variable);
        is_unique = !value.empty();
        add(value);
    }

    /// When this process was started, in seconds since 1970; 0 where the system does not tell.
    static std::int64_t own_start() {
#if defined(CLOCK_BOOTTIME)
        std::int64_t ticks = 0;
        const std::string& text = writer::current().started;
        std::from_chars(text.data(), text.data() + text.size(), ticks);
        timespec up{};
        if (ticks == 0 || ::clock_gettime(CLOCK_BOOTTIME, &up) != 0) return 0;
        const std::int64_t age = std::int64_t{up.tv_sec} - ticks / ::sysconf(_SC_CLK_TCK);
        return milliseconds_now() / 1000 - age;
#else
        return 0;
#endif
    }
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
