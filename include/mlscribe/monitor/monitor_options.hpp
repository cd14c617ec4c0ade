// SPDX-License-Identifier: MIT
/// \file What a program may choose about system metrics.
#ifndef MLSCRIBE_MONITOR_MONITOR_OPTIONS_HPP
#define MLSCRIBE_MONITOR_MONITOR_OPTIONS_HPP

#include <mlscribe/config/config.hpp>

#include <chrono>
#include <string>

MLSCRIBE_NAMESPACE_BEGIN

/// How often the system is measured, and under which names.
struct monitor_options {
    /// Between two samples; above 0. MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL, in seconds,
    /// overrides.
    std::chrono::milliseconds interval{10000};
    /// How many samples make a point, their mean; 1 or more.
    /// MLFLOW_SYSTEM_METRICS_SAMPLES_BEFORE_LOGGING overrides.
    int samples_before_logging = 1;
    /// Of several machines of one run: metrics are called `system/<node>/…`. Ranks that share a run
    /// by start_job_run are told apart without it.
    /// MLFLOW_SYSTEM_METRICS_NODE_ID overrides.
    std::string node_id = {};
    bool gpus = true;  ///< those of NVIDIA that the process sees
    /// By which GPUs are asked; where there is none, nothing is said.
    std::string nvml_library = "libnvidia-ml.so.1";
    /// Where `/proc`, `/sys` and the disk are: of a container that has the host's elsewhere.
    std::string root = "/";
};

MLSCRIBE_NAMESPACE_END

#endif
