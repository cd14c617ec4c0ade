// SPDX-License-Identifier: MIT
/// \file CPU time of bursts: the least of many, as other programs share the machine; and memory.
#ifndef MLSCRIBE_BENCHMARKS_MEASURE_HPP
#define MLSCRIBE_BENCHMARKS_MEASURE_HPP

#include <benchmark/benchmark.h>
#include <time.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <random>
#include <vector>

/// Whose CPU time is counted.
enum class cpu { this_thread, all_threads };

inline double cpu_seconds(cpu whose) noexcept {
    timespec now{};
    ::clock_gettime(whose == cpu::this_thread ? CLOCK_THREAD_CPUTIME_ID : CLOCK_PROCESS_CPUTIME_ID,
                    &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

inline std::int64_t coarse_milliseconds() noexcept {
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME_COARSE, &now);
    return static_cast<std::int64_t>(now.tv_sec) * 1000 + now.tv_nsec / 1000000;
}

/// Each iteration is a burst of so many points. Needs UseManualTime(). The counter `ns` is what a
/// point of the fastest burst costs.
/// \param after  what is not measured: empties what the burst filled
template <class Burst, class After>
void measure(benchmark::State& state, cpu whose, std::int64_t points, Burst&& burst,
             After&& after) {
    double least = std::numeric_limits<double>::infinity();
    for (auto _ : state) {
        const double before = cpu_seconds(whose);
        burst();
        const double spent = cpu_seconds(whose) - before;
        after();
        state.SetIterationTime(spent);
        least = (std::min)(least, spent);
    }
    state.SetItemsProcessed(state.iterations() * points);
    state.counters["ns"] = least / static_cast<double>(points) * 1e9;
}

/// A line of /proc/self/status. Unlike ru_maxrss it knows nothing of the program that started this.
inline double status_bytes(const char* name) {
    std::FILE* const file = std::fopen("/proc/self/status", "re");
    if (file == nullptr) return 0;
    char line[256];
    double bytes = 0;
    while (std::fgets(line, sizeof line, file) != nullptr) {
        if (std::strncmp(line, name, std::strlen(name)) != 0) continue;
        bytes = 1024 * std::strtod(line + std::strlen(name), nullptr);
    }
    std::fclose(file);
    return bytes;
}

/// Doubles whose shortest text has 16 or 17 digits.
class random_values {
  public:
    random_values() : values_(size) {
        std::mt19937_64 random(1);
        for (double& value : values_) value = std::uniform_real_distribution<>()(random);
    }
    double operator[](std::int64_t at) const noexcept {
        return values_[static_cast<std::size_t>(at) % size];
    }

  private:
    static constexpr std::size_t size = 1 << 14;
    std::vector<double> values_;
};

#endif
