// SPDX-License-Identifier: MIT
/// \file Brings the runs of dead processes to their end.
#ifndef MLSCRIBE_RUN_RECOVER_HPP
#define MLSCRIBE_RUN_RECOVER_HPP

#include <mlscribe/error/error_handler.hpp>
#include <mlscribe/error/strictness.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

/// What `recover` can be told.
struct recover_options {
    /// Also runs of other hosts and containers, whose processes cannot be looked at. Without it
    /// these wait until their writer was silent for ten minutes, or until this process is a later
    /// start of the writer's Slurm job.
    bool force = false;
    strictness errors = strictness::report;
    error_handler on_error = {};
};

/// What `recover` did.
struct recovery {
    std::uint64_t points = 0;               ///< that were written to metrics
    std::vector<std::string> runs = {};     ///< whose journals were written and removed
    std::vector<std::string> alive = {};    ///< that a process writes
    std::vector<std::string> unknown = {};  ///< that a process elsewhere may write
};

MLSCRIBE_NAMESPACE_END

#if MLSCRIBE_ENABLED
#    include <mlscribe/run/store_recovery.hpp>
#else
#    include <mlscribe/run/disabled_recovery.hpp>
#endif

MLSCRIBE_NAMESPACE_BEGIN

/// Writes the points that processes which died (`kill -9`, out of memory, a lost node) left in
/// their journals, each exactly once, and ends their runs: KILLED, at the time of the last point.
/// With MLSCRIBE_MODE=disabled, or compiled with -DMLSCRIBE_ENABLED=0, it does nothing.
/// \param tracking_uri as MLFLOW_TRACKING_URI, which is used when it is empty
/// \onfailure system, damaged: reported run by run, the others are recovered
/// \threadsafety any thread; several processes may recover the same store at once
/// \cost a look into every run's directory
inline recovery recover(std::string_view tracking_uri = {}, const recover_options& options = {}) {
    return detail::recover_store<recovery>(tracking_uri, options);
}

MLSCRIBE_NAMESPACE_END

#endif
