// SPDX-License-Identifier: MIT
/// \file Asks a scheduler, by its own program, when it will end the job.
#ifndef MLSCRIBE_HPC_DEADLINE_QUERY_HPP
#define MLSCRIBE_HPC_DEADLINE_QUERY_HPP

#include <mlscribe/config/environment_variables.hpp>
#include <mlscribe/file/program_output.hpp>
#include <mlscribe/hpc/batch_job.hpp>

#include <time.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

inline constexpr std::int64_t no_deadline = INT64_MAX;

inline std::string_view without_blanks(std::string_view text) noexcept {
    constexpr std::string_view blanks = " \t\r\n";
    const std::size_t first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

/// A whole number of 0 or more; -1 for any other text.
inline std::int64_t whole_number(std::string_view text) noexcept {
    std::int64_t number = -1;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = read.ec == std::errc() && read.ptr == text.data() + text.size();
    return whole && number >= 0 && number < no_deadline / 1000 ? number : -1;
}

/// Seconds of `90`, `02:30` (see `last_unit`), `1:02:30` or `2-01:02:30`; -1 for any other text,
/// and for a part that no job lasts. \param last_unit  what the last part counts: 1 for seconds, 60
/// for minutes
inline std::int64_t duration_seconds(std::string_view text, std::int64_t last_unit) noexcept {
    constexpr std::int64_t longest = 10'000'000'000;
    std::int64_t days = 0;
    if (const std::size_t dash = text.find('-'); dash != std::string_view::npos) {
        days = whole_number(text.substr(0, dash));
        text.remove_prefix(dash + 1);
    }
    std::int64_t parts = 0;
    int count = 0;
    for (bool more = true; more; ++count) {
        const std::size_t colon = text.find(':');
        const std::int64_t part = whole_number(text.substr(0, colon));
        if (part < 0 || part > longest || count > 2) return -1;
        parts = parts * 60 + part;
        more = colon != std::string_view::npos;
        text.remove_prefix(more ? colon + 1 : 0);
    }
    return days < 0 || days > longest ? -1 : days * 24 * 60 * 60 + parts * last_unit;
}

/// Seconds since 1970 of a local time; -1 for what `format` does not fit, and for an earlier one.
inline std::int64_t local_time(std::string_view text, const char* format) {
    std::tm parts{};
    parts.tm_isdst = -1;
    const std::string whole(text);
    const char* const end = ::strptime(whole.c_str(), format, &parts);
    if (end == nullptr || *end != 0) return -1;
    return (std::max)(static_cast<std::int64_t>(std::mktime(&parts)), std::int64_t{-1});
}

/// This process's environment, with `added` in the place of variables of the same names.
inline std::vector<std::string> environment_with(std::vector<std::string> added) {
    const std::size_t own = added.size();
    for_each_environment_variable([&added, own](std::string_view variable) {
        const std::string_view name = variable.substr(0, variable.find('=') + 1);
        bool is_replaced = false;
        for (std::size_t i = 0; i < own; ++i) {
            is_replaced = is_replaced || std::string_view(added[i]).substr(0, name.size()) == name;
        }
        if (!is_replaced) added.emplace_back(variable);
    });
    return added;
}

/// What a scheduler's program prints; empty where it fails.
inline std::string ask_scheduler(const std::vector<std::string>& command) {
    constexpr program_bounds bounds{std::size_t{1} << 16, 3'000};
    program_output output =
        run_program(command, environment_with({"LC_ALL=C", "SLURM_TIME_FORMAT=%s"}), bounds);
    return output.failure.empty() ? std::move(output.text) : std::string();
}

/// The value behind `name = ` in what `qstat -f` prints.
inline std::string_view qstat_value(std::string_view text, std::string_view name) {
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix((std::min)(line.size() + 1, text.size()));
        const std::size_t equals = line.find(" = ");
        if (equals == std::string_view::npos) continue;
        if (without_blanks(line.substr(0, equals)) == name) {
            return without_blanks(line.substr(equals + 3));
        }
    }
    return {};
}

/// Of `squeue -o %e`: seconds since 1970, or a local time where it knows no other format. It
/// follows an end that an administrator has moved.
inline std::int64_t deadline_of_squeue(std::string_view text) {
    text = without_blanks(text);
    const std::int64_t seconds = whole_number(text);
    return seconds > 0 ? seconds : local_time(text, "%Y-%m-%dT%H:%M:%S");
}

/// Of `qstat -f`. \param now  seconds since 1970
inline std::int64_t deadline_of_qstat(std::string_view text, std::int64_t now) {
    const std::int64_t left = whole_number(qstat_value(text, "Walltime.Remaining"));
    if (left >= 0) return now + left;
    const std::int64_t limit = duration_seconds(qstat_value(text, "Resource_List.walltime"), 1);
    std::string_view started = qstat_value(text, "stime");
    if (started.empty()) started = qstat_value(text, "start_time");
    const std::int64_t start = local_time(started, "%a %b %d %H:%M:%S %Y");
    return limit < 0 || start < 0 ? -1 : start + limit;
}

/// Of `bjobs -o time_left`: hours and minutes, and an L where the job's limit tells.
inline std::int64_t deadline_of_bjobs(std::string_view text, std::int64_t now) {
    text = without_blanks(text);
    if (text.empty() || text.back() != 'L') return -1;
    text.remove_suffix(1);
    const std::int64_t left = duration_seconds(without_blanks(text), 60);
    return left < 0 ? -1 : now + left;
}

/// Of `flux job timeleft`: seconds.
inline std::int64_t deadline_of_flux(std::string_view text, std::int64_t now) {
    text = without_blanks(text);
    const std::int64_t left = whole_number(text.substr(0, text.find('.')));
    // Without a limit it prints a number of years.
    constexpr std::int64_t longest = std::int64_t{100} * 365 * 24 * 60 * 60;
    return left < 0 || left > longest ? -1 : now + left;
}

/// What squeue prints of this job. One task of an array has the id of the whole array, for which
/// squeue prints all of them.
inline std::string ask_slurm(const batch_job& job, const std::string& format) {
    const bool is_task = job.is_array_task() && !job.array_id.empty();
    const std::string id = is_task ? job.array_id + '_' + job.array_index : job.id;
    return ask_scheduler({"squeue", "-h", "-j", id, "-o", format});
}

/// The time limit that Slurm does not tell in the environment before 23.02; 0 where nobody knows
/// one.
inline std::chrono::seconds ask_time_limit(const batch_job& job) {
    if (job.scheduler != "slurm") return {};
    const std::string text = ask_slurm(job, "%l");
    return std::chrono::seconds(
        (std::max)(duration_seconds(without_blanks(text), 1), std::int64_t{0}));
}

/// Seconds since 1970; no_deadline where nobody knows one.
inline std::int64_t find_deadline() {
    const std::int64_t given = whole_number(environment("MLSCRIBE_DEADLINE"));
    if (given > 0) return given;
    const batch_job job = current_batch_job();
    const auto now = static_cast<std::int64_t>(::time(nullptr));
    std::int64_t end = -1;
    if (job.scheduler == "slurm") {
        end = whole_number(environment("SLURM_JOB_END_TIME"));
        if (end <= 0) end = deadline_of_squeue(ask_slurm(job, "%e"));
    } else if (job.scheduler == "pbs") {
        end = deadline_of_qstat(ask_scheduler({"qstat", "-f", environment("PBS_JOBID")}), now);
    } else if (job.scheduler == "lsf") {
        end = deadline_of_bjobs(ask_scheduler({"bjobs", "-noheader", "-o", "time_left", job.id}),
                                now);
    } else if (job.scheduler == "flux") {
        end = deadline_of_flux(ask_scheduler({"flux", "job", "timeleft"}), now);
    }
    return end > 0 ? end : no_deadline;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
