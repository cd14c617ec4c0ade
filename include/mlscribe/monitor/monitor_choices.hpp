// SPDX-License-Identifier: MIT
/// \file What options and MLflow's environment variables together say about system metrics.
#ifndef MLSCRIBE_MONITOR_MONITOR_CHOICES_HPP
#define MLSCRIBE_MONITOR_MONITOR_CHOICES_HPP

#include <mlscribe/config/environment_count.hpp>
#include <mlscribe/error/error.hpp>
#include <mlscribe/layout/key_rules.hpp>
#include <mlscribe/layout/read_float.hpp>
#include <mlscribe/monitor/monitor_options.hpp>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string>
#include <system_error>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

struct monitor_choices {
    bool wanted = true;
    std::int64_t interval = 10000;  ///< milliseconds
    long samples = 1;               ///< a point
    std::string prefix = "system/";
    error told;  ///< the first choice that is not taken, and why
};

inline constexpr std::int64_t longest_interval = 1000000000000;  // ms: 31 years

/// Milliseconds of a text that has seconds; 0 for anything but a number above 0.
inline std::int64_t interval_of(const std::string& text) noexcept {
    double seconds = 0;
    const auto read = detail::from_chars(text.data(), text.data() + text.size(), seconds);
    if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return 0;
    if (!(seconds > 0) || seconds * 1000 > static_cast<double>(longest_interval)) return 0;
    const auto whole = static_cast<std::int64_t>(seconds * 1000);
    return whole == 0 ? 1 : whole;
}

inline void refuse(monitor_choices& choices, std::string why) {
    if (!choices.told) choices.told = {error_code::invalid_value, 0, std::move(why)};
}

inline void choose_interval(monitor_choices& choices, const monitor_options& options) {
    if (options.interval.count() > 0) {
        choices.interval = (std::min)(std::int64_t{options.interval.count()}, longest_interval);
    } else {
        refuse(choices, "monitor_options::interval is " + std::to_string(options.interval.count()) +
                            " ms, and has to be above 0; system metrics are taken every 10 s");
    }
    const char* const variable = "MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL";
    const std::string text = environment(variable);
    if (text.empty()) return;
    if (const std::int64_t interval = interval_of(text)) {
        choices.interval = interval;
    } else {
        refuse(choices, std::string(variable) + " is \"" + shown(text) +
                            "\", and has to be a number of seconds above 0; system metrics are "
                            "taken as if it were not set");
    }
}

inline void choose_samples(monitor_choices& choices, const monitor_options& options) {
    if (options.samples_before_logging > 0) {
        choices.samples = options.samples_before_logging;
    } else {
        refuse(choices, "monitor_options::samples_before_logging is " +
                            std::to_string(options.samples_before_logging) +
                            ", and has to be 1 or more; each sample is a point");
    }
    const char* const variable = "MLFLOW_SYSTEM_METRICS_SAMPLES_BEFORE_LOGGING";
    const std::string text = environment(variable);
    if (text.empty()) return;
    const long samples = environment_count(variable);
    if (samples > 0) {
        choices.samples = samples;
    } else {
        refuse(choices, std::string(variable) + " is \"" + shown(text) +
                            "\", and has to be 1 or more; system metrics are taken as if it were "
                            "not set");
    }
}

inline void choose_node(monitor_choices& choices, const monitor_options& options) {
    std::string node = environment("MLFLOW_SYSTEM_METRICS_NODE_ID");
    if (node.empty()) node = options.node_id;
    if (node.empty()) return;
    choices.prefix += node + '/';
    const auto problem = key_problem(key_kind::metric, choices.prefix + "cpu");
    if (!problem) return;
    choices.wanted = false;
    refuse(choices, "system metrics of the node \"" + shown(node) +
                        "\" are not taken: " + *problem + "; give it another node_id");
}

/// Only `false` and `0` mean anything: the call has asked for system metrics.
inline bool is_turned_off(std::string text) {
    for (char& each : text) {
        if (each >= 'A' && each <= 'Z') each = static_cast<char>(each - 'A' + 'a');
    }
    return text == "false" || text == "0";
}

inline monitor_choices choose(const monitor_options& options) {
    monitor_choices choices;
    choices.wanted = !is_turned_off(environment("MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING"));
    if (!choices.wanted) return choices;
    choose_interval(choices, options);
    choose_samples(choices, options);
    choose_node(choices, options);
    return choices;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
