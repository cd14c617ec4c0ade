// SPDX-License-Identifier: MIT
/// \file Measures the system and logs what it finds.
#ifndef MLSCRIBE_MONITOR_SYSTEM_SAMPLER_HPP
#define MLSCRIBE_MONITOR_SYSTEM_SAMPLER_HPP

#include <mlscribe/config/clock.hpp>
#include <mlscribe/journal/sampler.hpp>
#include <mlscribe/monitor/cgroup_usage.hpp>
#include <mlscribe/monitor/gpu_usage.hpp>
#include <mlscribe/monitor/machine_usage.hpp>
#include <mlscribe/monitor/monitor_choices.hpp>
#include <mlscribe/monitor/process_usage.hpp>
#include <mlscribe/run/run_state.hpp>

#include <time.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// A source that fails leaves the others.
class system_sampler final : public sampler {
  public:
    /// Measures once, for what counts from here.
    system_sampler(reference<run_state> run, const monitor_options& options,
                   const monitor_choices& choices)
        : run_(std::move(run)), choices_(choices), files_(options.root) {
        attempt([this] { cgroup_.emplace(files_); });
        if (options.gpus) {
            attempt([&] { gpus_.emplace(options.nvml_library); });
        }
        measure();
        values_.begin_point();
    }

    void sample() noexcept override {
        if (!run_->recording()) return;
        const std::int64_t begun = processor_nanoseconds();
        measure();
        attempt([&] {
            const std::int64_t used = processor_nanoseconds() - begun;
            values_.set("monitor_cpu_milliseconds", static_cast<double>(used) / 1e6);
        });
        if (++measured_ < choices_.samples) return;
        measured_ = 0;
        attempt([this] { log_point(); });
        values_.begin_point();
    }

  private:
    template <class Task>
    static void attempt(Task&& task) noexcept {
        MLSCRIBE_TRY {
            task();
        }
        MLSCRIBE_CATCH_ALL {}
    }

    void measure() noexcept {
        attempt([this] { machine_.read(files_, values_); });
        attempt([this] { process_.read(files_, values_); });
        if (cgroup_) {
            attempt([this] { cgroup_->read(files_, values_); });
        }
        if (gpus_) {
            attempt([this] { gpus_->read(values_); });
        }
    }

    /// One step and one time for all; behind what a run that is resumed has already.
    void log_point() {
        std::int64_t step = 0;
        for (system_values::entry& each : values_.all()) {
            if (!each.is_known()) continue;
            if (!each.way) each.way = run_->find_series(choices_.prefix + each.name);
            if (each.way) step = (std::max)(step, each.way->next_step());
        }
        const std::int64_t now = milliseconds_now();
        for (const system_values::entry& each : values_.all()) {
            if (each.is_known() && each.way) each.way->log(each.value(), step, now);
        }
    }

    /// Of this thread.
    static std::int64_t processor_nanoseconds() noexcept {
        timespec used{};
        ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
        return static_cast<std::int64_t>(used.tv_sec) * 1000000000 + used.tv_nsec;
    }

    const reference<run_state> run_;
    const monitor_choices choices_;
    system_files files_;
    system_values values_;
    machine_usage machine_;
    process_usage process_;
    std::optional<cgroup_usage> cgroup_;
    std::optional<gpu_usage> gpus_;
    long measured_ = 0;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
