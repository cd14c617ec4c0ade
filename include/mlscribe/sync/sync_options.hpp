// SPDX-License-Identifier: MIT
/// \file What a push to a tracking server can be told, and what it tells.
#ifndef MLSCRIBE_SYNC_SYNC_OPTIONS_HPP
#define MLSCRIBE_SYNC_SYNC_OPTIONS_HPP

#include <mlscribe/error/error.hpp>
#include <mlscribe/layout/run_status.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

/// What became of one run.
struct pushed_run {
    std::string run_id;  ///< in the store
    std::string run_name;
    std::string remote_run_id;  ///< on the server; empty: it never came so far
    run_status status = run_status::running;
    bool is_changed = false;   ///< something of it was sent
    std::uint64_t points = 0;  ///< that were sent
    std::uint64_t texts = 0;   ///< params and tags that were sent
    std::uint64_t artifacts = 0;
    std::uint64_t bytes = 0;           ///< of those
    std::vector<error> failures = {};  ///< what is not on the server, and why
    std::vector<error> notes = {};     ///< what is there otherwise than here
};

/// How far a push is. Totals grow as runs are looked at.
struct sync_progress {
    std::uint64_t runs_done = 0;
    std::uint64_t runs = 0;
    std::uint64_t points_done = 0;
    std::uint64_t points = 0;  ///< about as many will be sent
    std::uint64_t bytes_done = 0;
    std::uint64_t bytes = 0;  ///< of artifacts
};

/// What is pushed, how, and who is told of it.
struct sync_options {
    std::vector<std::string> runs = {};         ///< ids; their parents go along. Empty: all runs
    std::vector<std::string> experiments = {};  ///< names or ids in the store; empty: all
    bool follow = false;      ///< until every run has ended, or was silent for ten minutes
    unsigned jobs = 4;        ///< how many runs are pushed at once
    std::uint64_t every = 1;  ///< of a metric each so-many-th point; the last of an ended run, too
    bool dry_run = false;     ///< tells what would be sent; changes nothing here or there
    std::chrono::milliseconds interval{2000};  ///< between two looks of `follow`
    /// Called for each run that something was sent of, or failed; from any thread, one at a time.
    std::function<void(const pushed_run&)> on_run = {};
    std::function<void(const sync_progress&)> on_progress = {};  ///< likewise, now and then
};

/// What a push did.
struct sync_report {
    std::vector<pushed_run> runs = {};  ///< all that were looked at
    std::vector<error> failures = {};   ///< of experiments, models, and runs that cannot be read
    error stopped = {};  ///< why the push ended before its end, for example unreachable

    /// Whether all that was asked for is on the server.
    bool is_complete() const noexcept {
        return !stopped && failures.empty() &&
               std::all_of(runs.begin(), runs.end(),
                           [](const pushed_run& run) { return run.failures.empty(); });
    }
};

MLSCRIBE_NAMESPACE_END

#endif
