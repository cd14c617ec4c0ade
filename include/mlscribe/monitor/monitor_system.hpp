// SPDX-License-Identifier: MIT
/// \file Starts system metrics.
#ifndef MLSCRIBE_MONITOR_MONITOR_SYSTEM_HPP
#define MLSCRIBE_MONITOR_MONITOR_SYSTEM_HPP

#include <mlscribe/error/guarded.hpp>
#include <mlscribe/journal/sampler.hpp>
#include <mlscribe/monitor/monitor_options.hpp>
#include <mlscribe/run/run.hpp>

#if MLSCRIBE_ENABLED
#    include <mlscribe/monitor/monitor_choices.hpp>
#    include <mlscribe/monitor/system_sampler.hpp>
#endif

#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

/// System metrics of a run are taken as long as this and the run live. Move-only; a default-made or
/// moved-from one does nothing. \threadsafety one thread at a time
class [[nodiscard]] monitor {
  public:
    monitor() noexcept = default;
    monitor(monitor&&) noexcept = default;
    monitor& operator=(monitor&& other) noexcept {
        stop();
        sampler_ = std::move(other.sampler_);
        return *this;
    }
    monitor(const monitor&) = delete;
    monitor& operator=(const monitor&) = delete;
    ~monitor() { stop(); }

    /// No more samples; what was measured stays. \cost none: nobody is waited for
    void stop() noexcept {
        if (sampler_) sampler_->stop();
        sampler_ = {};
    }

  private:
    friend monitor monitor_system(run& of, const monitor_options& options);
    friend monitor monitor_system(run& of);

    static monitor start_as_usual(run& of) {
        monitor started;
        if (!of.recording()) return started;
        detail::guarded(*of.state_, "monitor_system",
                        [&] { started = start(of, monitor_options()); });
        return started;
    }

    static monitor start([[maybe_unused]] run& of,
                         [[maybe_unused]] const monitor_options& options) {
        monitor started;
#if MLSCRIBE_ENABLED
        if (!of.recording()) return started;
        detail::monitor_choices choices;
        MLSCRIBE_TRY {
            choices = detail::choose(options);
            if (choices.wanted) {
                started.sampler_ = detail::reference<detail::sampler>(
                    new detail::system_sampler(of.state_, options, choices));
            }
        }
        MLSCRIBE_CATCH_ALL {
            choices.told = detail::caught_error("monitor_system");
        }
        detail::guarded(*of.state_, "monitor_system", [&] {
            of.state_->sample_by(started.sampler_, choices.interval, choices.told);
        });
#endif
        return started;
    }

    detail::reference<detail::sampler> sampler_;
};

/// Logs how much of the processors, memory, disk, network and GPUs is in use, by the names of
/// MLflow's own system metrics, which the UI shows on a tab of their own; what this process uses;
/// and the limits of its control group. Steps count the samples; the first is taken when the run
/// next writes points, a second by default, the others when it does so behind each interval. The
/// run's drain thread measures; with drain_mode::inline_, the call that writes points. Forked
/// children do not. MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING=false in the environment turns it off.
/// \return what has it go on
/// \onfailure invalid_value (the interval, the node), key_clash; what the system does not tell is
///            left out, the rest is there
/// \cost now a look at each source, and the loading of NVML where there is one; then some 50 system
///       calls a sample, whose time is the metric `system/monitor_cpu_milliseconds`
inline monitor monitor_system(run& of, const monitor_options& options) {
    return monitor::start(of, options);
}
/// The same as the options are by default.
inline monitor monitor_system(run& of) {
    return monitor::start_as_usual(of);
}

MLSCRIBE_NAMESPACE_END

#endif
