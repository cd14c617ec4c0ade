// SPDX-License-Identifier: MIT
/// \file What of the GPUs that this process sees is in use, as MLflow measures it.
#ifndef MLSCRIBE_MONITOR_GPU_USAGE_HPP
#define MLSCRIBE_MONITOR_GPU_USAGE_HPP

#include <mlscribe/monitor/nvml_library.hpp>
#include <mlscribe/monitor/system_values.hpp>
#include <mlscribe/monitor/visible_gpus.hpp>

#include <cstddef>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Metrics have NVML's numbers, as those of MLflow, whatever CUDA calls a GPU in this process.
/// \threadsafety one thread at a time
class gpu_usage {
  public:
    explicit gpu_usage(const std::string& library) : library_(library) {
        std::vector<nvml_library::device> devices;
        std::vector<std::string> uuids;
        const unsigned count = library_.device_count();
        for (unsigned number = 0; number < count; ++number) {
            const nvml_library::device found = library_.device_of_number(number);
            devices.push_back(found);
            uuids.push_back(found == nullptr ? std::string() : library_.uuid(found));
        }
        const auto whole = [this](std::string_view part) {
            return library_.number_of_whole(std::string(part));
        };
        for (const std::size_t i :
             visible_gpus(std::getenv("CUDA_VISIBLE_DEVICES"), uuids, whole)) {
            if (i >= devices.size() || devices[i] == nullptr) continue;
            seen_.push_back({devices[i], "gpu_" + std::to_string(i) + '_'});
        }
    }

    void read(system_values& to) const {
        for (const gpu& each : seen_) read_one(each, to);
    }

  private:
    struct gpu {
        nvml_library::device device;
        std::string prefix;
    };

    void read_one(const gpu& each, system_values& to) const {
        const auto memory = library_.memory_of(each.device);
        if (memory && memory->total != 0) {
            const auto used = static_cast<double>(memory->used);
            to.add(each.prefix + "memory_usage_percentage",
                   used / static_cast<double>(memory->total) * 100);
            to.add(each.prefix + "memory_usage_megabytes", used / bytes_of_a_megabyte);
        }
        if (const auto percent = library_.utilization_of(each.device)) {
            to.add(each.prefix + "utilization_percentage", *percent);
        }
        const auto power = library_.power_of(each.device);
        const auto limit = library_.power_limit_of(each.device);
        if (power && limit && *limit != 0) {
            to.add(each.prefix + "power_usage_watts", *power / 1000.0);
            to.add(each.prefix + "power_usage_percentage", 100.0 * *power / *limit);
        }
    }

    nvml_library library_;
    std::vector<gpu> seen_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
