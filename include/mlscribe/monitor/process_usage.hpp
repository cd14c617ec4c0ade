// SPDX-License-Identifier: MIT
/// \file What this process uses of the machine.
#ifndef MLSCRIBE_MONITOR_PROCESS_USAGE_HPP
#define MLSCRIBE_MONITOR_PROCESS_USAGE_HPP

#include <mlscribe/config/clock.hpp>
#include <mlscribe/monitor/field_text.hpp>
#include <mlscribe/monitor/growth.hpp>
#include <mlscribe/monitor/system_files.hpp>
#include <mlscribe/monitor/system_values.hpp>

#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// \threadsafety one thread at a time
class process_usage {
  public:
    /// The first call begins what is counted from.
    void read(system_files& files, system_values& to) {
        read_state(files.read("/proc/self/stat"), monotonic_nanoseconds(), to);
        read_disk(files.read("/proc/self/io"), to);
    }

  private:
    void read_state(std::string_view text, std::int64_t now, system_values& to) {
        // The program's name stands in brackets, and may have blanks and brackets in it.
        const std::size_t name_end = text.rfind(')');
        if (name_end == std::string_view::npos) return;
        text.remove_prefix(name_end + 1);
        const auto skip = [&text](int words) {
            while (words-- > 0) take_word(text);
        };
        skip(11);
        const auto in_program = take_number(text);
        const auto in_kernel = take_number(text);
        skip(8);
        const auto pages = take_number(text);
        if (!in_program || !in_kernel || !pages) return;
        const double seconds =
            ticks_.note(*in_program + *in_kernel) / static_cast<double>(::sysconf(_SC_CLK_TCK));
        const double passed = static_cast<double>(now - read_at_) / 1e9;
        if (read_at_ != 0 && passed > 0) {
            to.add("process_cpu_utilization_percentage", seconds / passed * 100);
        }
        read_at_ = now;
        to.add("process_memory_usage_megabytes",
               *pages * static_cast<double>(::sysconf(_SC_PAGESIZE)) / bytes_of_a_megabyte);
    }

    void read_disk(std::string_view text, system_values& to) {
        const auto in = number_named(text, "read_bytes:");
        const auto out = number_named(text, "write_bytes:");
        if (!in || !out) return;
        in_.note(*in);
        out_.note(*out);
        to.set("process_disk_read_megabytes", in_.total() / bytes_of_a_megabyte);
        to.set("process_disk_write_megabytes", out_.total() / bytes_of_a_megabyte);
    }

    growth ticks_;
    growth in_;
    growth out_;
    std::int64_t read_at_ = 0;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
