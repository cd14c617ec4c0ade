// SPDX-License-Identifier: MIT
/// \file The states of a run, as MLflow numbers and names them.
#ifndef MLSCRIBE_LAYOUT_RUN_STATUS_HPP
#define MLSCRIBE_LAYOUT_RUN_STATUS_HPP

#include <mlscribe/config/config.hpp>

MLSCRIBE_NAMESPACE_BEGIN

/// The status of a run; the numbers are those of meta.yaml.
enum class run_status { running = 1, scheduled, finished, failed, killed };

/// Whether MLflow shows a run or experiment, or keeps it among the deleted ones.
enum class lifecycle { active, deleted };

/// MLflow's name of a status, for example "FINISHED".
/// \return never null; "UNKNOWN" for a number outside the enumeration
constexpr const char* to_string(run_status status) noexcept {
    switch (status) {
        case run_status::running:
            return "RUNNING";
        case run_status::scheduled:
            return "SCHEDULED";
        case run_status::finished:
            return "FINISHED";
        case run_status::failed:
            return "FAILED";
        case run_status::killed:
            return "KILLED";
    }
    return "UNKNOWN";
}

/// MLflow's name of a lifecycle stage: "active" or "deleted". \return never null
constexpr const char* to_string(lifecycle stage) noexcept {
    return stage == lifecycle::deleted ? "deleted" : "active";
}

MLSCRIBE_NAMESPACE_END

#endif
