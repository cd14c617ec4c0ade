// SPDX-License-Identifier: MIT
/// \file What of the machine is in use: MLflow's system metrics, and how MLflow measures them.
#ifndef MLSCRIBE_MONITOR_MACHINE_USAGE_HPP
#define MLSCRIBE_MONITOR_MACHINE_USAGE_HPP

#include <mlscribe/monitor/field_text.hpp>
#include <mlscribe/monitor/growth.hpp>
#include <mlscribe/monitor/system_files.hpp>
#include <mlscribe/monitor/system_values.hpp>

#include <sys/statvfs.h>

#include <cstddef>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// \threadsafety one thread at a time
class machine_usage {
  public:
    /// The first call begins what is counted from.
    void read(system_files& files, system_values& to) {
        read_processors(files.read("/proc/stat", 1024), to);
        read_memory(files.read("/proc/meminfo"), to);
        read_disk(files, to);
        read_network(files.read("/proc/net/dev"), to);
        read_blocks(files.read("/proc/vmstat"), to);
    }

  private:
    /// The share of all processors' time that was neither idle nor waiting for a disk.
    void read_processors(std::string_view text, system_values& to) {
        std::string_view line = take_line(text);
        if (take_word(line) != "cpu") return;
        constexpr std::size_t idle = 3;
        constexpr std::size_t waiting = 4;
        double all = 0;
        double free = 0;
        // User, nice, system, idle, waiting, irq, softirq, steal; guests are in the first two.
        for (std::size_t i = 0; i < 8; ++i) {
            const auto ticks = take_number(line);
            if (!ticks) break;
            const double by = processor_ticks_[i].note(*ticks);
            all += by;
            if (i == idle || i == waiting) free += by;
        }
        if (all > 0) to.add("cpu_utilization_percentage", (all - free) / all * 100);
    }

    static void read_memory(std::string_view text, system_values& to) {
        const auto total = number_named(text, "MemTotal:");
        const auto free = number_named(text, "MemFree:");
        if (!total || !free || *total <= 0) return;
        auto available = number_named(text, "MemAvailable:");
        if (!available || *available <= 0) {  // a kernel before 3.14
            available = *free + number_named(text, "Buffers:").value_or(0) +
                        number_named(text, "Cached:").value_or(0) +
                        number_named(text, "SReclaimable:").value_or(0);
        }
        if (*available > *total) available = free;  // in some containers
        const double used = *total - *available;
        to.add("system_memory_usage_megabytes", used * 1024 / bytes_of_a_megabyte);
        to.add("system_memory_usage_percentage", used / *total * 100);
    }

    static void read_disk(const system_files& files, system_values& to) {
        struct statvfs disk {};
        if (::statvfs(files.root().c_str(), &disk) != 0 || disk.f_blocks == 0) return;
        const auto megabytes = [&disk](auto blocks) {
            return static_cast<double>(blocks) * static_cast<double>(disk.f_frsize) /
                   bytes_of_a_megabyte;
        };
        const double used = megabytes(disk.f_blocks) - megabytes(disk.f_bfree);
        const double available = megabytes(disk.f_bavail);
        to.add("disk_usage_percentage", used / (used + available) * 100);
        to.add("disk_usage_megabytes", used);
        to.add("disk_available_megabytes", available);
    }

    /// Of all interfaces, the one to oneself included.
    void read_network(std::string_view text, system_values& to) {
        double received = 0;
        double sent = 0;
        bool known = false;
        while (!text.empty()) {
            std::string_view line = take_line(text);
            const std::size_t colon = line.rfind(':');
            if (colon == std::string_view::npos) continue;  // a heading
            line.remove_prefix(colon + 1);
            const auto in = take_number(line);
            for (int skipped = 0; skipped < 7; ++skipped) take_word(line);
            const auto out = take_number(line);
            if (!in || !out) continue;
            received += *in;
            sent += *out;
            known = true;
        }
        if (!known) return;
        received_.note(received);
        sent_.note(sent);
        to.set("network_receive_megabytes", received_.total() / bytes_of_a_megabyte);
        to.set("network_transmit_megabytes", sent_.total() / bytes_of_a_megabyte);
    }

    void read_blocks(std::string_view text, system_values& to) {
        const auto in = number_named(text, "pgpgin");  // in KiB
        const auto out = number_named(text, "pgpgout");
        if (!in || !out) return;
        blocks_in_.note(*in);
        blocks_out_.note(*out);
        to.set("disk_read_megabytes", blocks_in_.total() * 1024 / bytes_of_a_megabyte);
        to.set("disk_write_megabytes", blocks_out_.total() * 1024 / bytes_of_a_megabyte);
    }

    growth processor_ticks_[8];
    growth received_;
    growth sent_;
    growth blocks_in_;
    growth blocks_out_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
