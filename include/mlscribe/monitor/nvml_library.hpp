// SPDX-License-Identifier: MIT
/// \file NVIDIA's management library, opened while the program runs: nothing to link.
#ifndef MLSCRIBE_MONITOR_NVML_LIBRARY_HPP
#define MLSCRIBE_MONITOR_NVML_LIBRARY_HPP

#include <mlscribe/config/config.hpp>

#include <dlfcn.h>

#include <cstddef>
#include <optional>
#include <string>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// The calls of NVML that are needed, as its header declares them. Where one is missing or refused,
/// nothing comes back. \threadsafety any thread; not in a forked child
class nvml_library {
  public:
    using device = void*;
    struct memory {
        unsigned long long total = 0;
        unsigned long long free = 0;
        unsigned long long used = 0;
    };

    /// \param name  a file, or what the loader knows it by \cost up to a second with some drivers
    explicit nvml_library(const std::string& name) noexcept
        : library_(::dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL)) {
        is_begun_ = succeeded<status()>({"nvmlInit_v2", "nvmlInit"});
    }
    nvml_library(const nvml_library&) = delete;
    nvml_library& operator=(const nvml_library&) = delete;
    /// The library stays loaded: it may have threads, and others may use it.
    ~nvml_library() {
        if (is_begun_) succeeded<status()>({"nvmlShutdown"});
    }

    unsigned device_count() const noexcept {
        unsigned count = 0;
        if (!is_begun_) return 0;
        const names asked{"nvmlDeviceGetCount_v2", "nvmlDeviceGetCount"};
        return succeeded<status(unsigned*)>(asked, &count) ? count : 0;
    }
    device device_of_number(unsigned number) const noexcept {
        device found = nullptr;
        const names asked{"nvmlDeviceGetHandleByIndex_v2", "nvmlDeviceGetHandleByIndex"};
        return succeeded<status(unsigned, device*)>(asked, number, &found) ? found : nullptr;
    }
    /// "GPU-…"; "" where it is not told.
    std::string uuid(device of) const {
        char text[96] = {};
        const bool told = succeeded<status(device, char*, unsigned)>(
            {"nvmlDeviceGetUUID"}, of, text, static_cast<unsigned>(sizeof text - 1));
        return told ? std::string(text) : std::string();
    }
    /// The number of the GPU of which "MIG-…" is a part.
    std::optional<std::size_t> number_of_whole(const std::string& part_uuid) const noexcept {
        device part = nullptr;
        device whole = nullptr;
        unsigned number = 0;
        const bool told =
            succeeded<status(const char*, device*)>({"nvmlDeviceGetHandleByUUID"},
                                                    part_uuid.c_str(), &part) &&
            succeeded<status(device, device*)>({"nvmlDeviceGetDeviceHandleFromMigDeviceHandle"},
                                               part, &whole) &&
            succeeded<status(device, unsigned*)>({"nvmlDeviceGetIndex"}, whole, &number);
        return told ? std::optional<std::size_t>(number) : std::nullopt;
    }

    std::optional<memory> memory_of(device of) const noexcept {
        memory found;
        return told({"nvmlDeviceGetMemoryInfo"}, of, found);
    }
    /// Percent of the time in which a kernel ran.
    std::optional<unsigned> utilization_of(device of) const noexcept {
        struct rates {
            unsigned processor = 0;
            unsigned memory = 0;
        } found;
        const auto known = told({"nvmlDeviceGetUtilizationRates"}, of, found);
        return known ? std::optional<unsigned>(known->processor) : std::nullopt;
    }
    /// Milliwatts.
    std::optional<unsigned> power_of(device of) const noexcept {
        unsigned found = 0;
        return told({"nvmlDeviceGetPowerUsage"}, of, found);
    }
    std::optional<unsigned> power_limit_of(device of) const noexcept {
        unsigned found = 0;
        return told({"nvmlDeviceGetEnforcedPowerLimit"}, of, found);
    }

  private:
    using status = int;  // 0 is success

    /// What a call is named, and what it was named by older libraries.
    struct names {
        const char* current;
        const char* former = nullptr;
    };

    template <class Call, class... Arguments>
    bool succeeded(const names& of, Arguments... arguments) const noexcept {
        if (library_ == nullptr) return false;
        void* found = ::dlsym(library_, of.current);
        if (found == nullptr && of.former != nullptr) found = ::dlsym(library_, of.former);
        return found != nullptr && reinterpret_cast<Call*>(found)(arguments...) == 0;
    }

    template <class Value>
    std::optional<Value> told(const names& by, device of, Value& found) const noexcept {
        return succeeded<status(device, Value*)>(by, of, &found) ? std::optional<Value>(found)
                                                                 : std::nullopt;
    }

    void* library_;
    bool is_begun_ = false;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
