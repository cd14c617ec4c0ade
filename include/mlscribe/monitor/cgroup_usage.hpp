// SPDX-License-Identifier: MIT
/// \file What the control group of this process may use, and what it does.
#ifndef MLSCRIBE_MONITOR_CGROUP_USAGE_HPP
#define MLSCRIBE_MONITOR_CGROUP_USAGE_HPP

#include <mlscribe/monitor/cgroup_place.hpp>
#include <mlscribe/monitor/growth.hpp>
#include <mlscribe/monitor/system_files.hpp>
#include <mlscribe/monitor/system_values.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Of the groups around the process the one counts that has the tightest limit: what ends or slows
/// a job is that group's use, siblings included. \threadsafety one thread at a time
class cgroup_usage {
  public:
    /// Looks where the group is, once: a process that is moved keeps what it had.
    explicit cgroup_usage(system_files& files) {
        constexpr std::size_t most = std::size_t{4} << 20;
        const std::string groups(files.read("/proc/self/cgroup"));
        const std::string mounts(files.read("/proc/self/mountinfo", most));
        memory_ = tightest(files, find_cgroup(groups, mounts, "memory"), memory_limit);
        processor_ = tightest(files, find_cgroup(groups, mounts, "cpu"), processor_limit);
    }

    /// The first call begins what is counted from.
    void read(system_files& files, system_values& to) {
        if (!memory_.folder.empty()) read_memory(files, to);
        if (!processor_.folder.empty()) read_processor(files, to);
    }

  private:
    struct group {
        std::string folder;
        bool is_unified = false;
    };
    using limit = std::optional<double>(system_files&, const group&);

    /// The outermost of those with the lowest limit; without one, the group itself.
    static group tightest(system_files& files, const cgroup_place& place, limit& limit_of) {
        group found;
        std::optional<double> lowest;
        for (const std::string& folder : place.folders) {
            const group candidate{folder, place.is_unified};
            const std::optional<double> allowed = limit_of(files, candidate);
            const bool lower = allowed && (!lowest || *allowed <= *lowest);
            if (lower) lowest = allowed;
            if (lower || found.folder.empty()) found = candidate;
        }
        return found;
    }

    /// Bytes.
    static std::optional<double> memory_limit(system_files& files, const group& of) {
        std::string_view text =
            files.read(of.folder + (of.is_unified ? "/memory.max" : "/memory.limit_in_bytes"));
        const auto bytes = take_number(text);
        constexpr double unlimited = 1e18;  // version 1 says so by a number near 2^63
        return bytes && *bytes < unlimited ? bytes : std::nullopt;
    }

    /// Processors.
    static std::optional<double> processor_limit(system_files& files, const group& of) {
        std::optional<double> quota;
        std::optional<double> period;
        if (of.is_unified) {
            std::string_view text = files.read(of.folder + "/cpu.max");
            quota = take_number(text);
            period = take_number(text);
        } else {
            std::string_view text = files.read(of.folder + "/cpu.cfs_quota_us");
            quota = take_number(text);  // -1 is no limit
            text = files.read(of.folder + "/cpu.cfs_period_us");
            period = take_number(text);
        }
        if (!quota || !period || *period <= 0) return std::nullopt;
        return *quota / *period;
    }

    /// Without what the kernel keeps of files only as long as there is room.
    void read_memory(system_files& files, system_values& to) const {
        std::string_view text = files.read(
            memory_.folder + (memory_.is_unified ? "/memory.current" : "/memory.usage_in_bytes"));
        const auto all = take_number(text);
        if (!all) return;
        text = files.read(memory_.folder + "/memory.stat");
        const auto idle =
            number_named(text, memory_.is_unified ? "inactive_file" : "total_inactive_file");
        const double used = *all > idle.value_or(0) ? *all - idle.value_or(0) : 0;
        to.add("cgroup_memory_usage_megabytes", used / bytes_of_a_megabyte);
        const auto allowed = memory_limit(files, memory_);
        if (!allowed || *allowed <= 0) return;
        to.set("cgroup_memory_limit_megabytes", *allowed / bytes_of_a_megabyte);
        to.add("cgroup_memory_usage_percentage", used / *allowed * 100);
    }

    /// Nothing where nothing is limited.
    void read_processor(system_files& files, system_values& to) {
        const auto allowed = processor_limit(files, processor_);
        if (!allowed) return;
        to.set("cgroup_cpu_limit_cores", *allowed);
        const std::string_view text = files.read(processor_.folder + "/cpu.stat");
        const auto periods = number_named(text, "nr_periods");
        const auto throttled = number_named(text, "nr_throttled");
        if (!periods || !throttled) return;
        const double passed = periods_.note(*periods);
        const double cut_short = throttled_.note(*throttled);
        // A group that nobody in it used has no periods, and was not slowed.
        to.add("cgroup_cpu_throttled_percentage", passed > 0 ? cut_short / passed * 100 : 0);
    }

    group memory_;
    group processor_;
    growth periods_;
    growth throttled_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
