// SPDX-License-Identifier: MIT
/// \file What a program may choose about a run; plain structs for designated initialisers.
#ifndef MLSCRIBE_RUN_RUN_OPTIONS_HPP
#define MLSCRIBE_RUN_RUN_OPTIONS_HPP

#include <mlscribe/error/error_handler.hpp>
#include <mlscribe/error/strictness.hpp>
#include <mlscribe/metric/keep.hpp>

#include <chrono>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

/// What becomes of a key that MLflow could not read.
enum class sanitize {
    none,  ///< it is refused with a message that says why
    map,   ///< it is mapped to a legal one, no two keys to the same. The tag
           ///< `mlscribe.key.<mapped>` keeps the original
};

/// Who writes points to disk.
enum class drain_mode {
    thread,   ///< one thread a process, at every flush interval (MLSCRIBE_DRAIN=inline overrides)
    inline_,  ///< no thread: the first call after the interval does
};

/// What happens to a point when the journal has reached its bound and the disk is slower.
enum class overflow {
    drain,        ///< the call that logs writes points to disk first
    drop_newest,  ///< it is dropped and counted as lost
    drop_oldest,  ///< those that waited longest are, some 168 of one metric at once
};

/// Which processes of a parallel job log, where the environment says that this is one: that of MPI,
/// torchrun, or a launcher of Slurm, PALS, JSM, Flux or LSF (MLSCRIBE_RANKS=first, every, children,
/// one or node overrides). The last three need a run id that all ranks know, so `start_job_run` of
/// `<mlscribe/hpc.hpp>`; elsewhere they are reported, and rank 0 alone logs.
enum class rank_policy {
    first_logs,       ///< rank 0; the runs of the others record nothing, write nothing, say nothing
    every_logs,       ///< each has a run of its own
    children_log,     ///< each but rank 0 has a child of rank 0's run
    one_run,          ///< all log into rank 0's run, metrics of rank n > 0 as `rank_<n>/<key>`,
                      ///< system metrics as `system/rank_<n>/…`
    one_run_by_node,  ///< so does the first rank of each node, its metrics as `<node>/<key>`,
                      ///< system metrics as `system/<node>/…`
};

/// What becomes of a run when its process is ended. SIGTERM, SIGINT, SIGUSR1 and SIGHUP make it
/// KILLED; std::terminate, SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL and std::exit with another
/// status than 0 make it FAILED, std::exit(0) FINISHED. The tag `mlscribe.ended_by` says which. Who
/// handled or ignored a signal before the run started still does, and the process ends as it would
/// without the run. Who handles it from later on does so alone.
enum class on_signal {
    nothing,       ///< nothing is hooked (MLSCRIBE_SIGNALS=1 makes it end_run); recover() ends it
    end_run,       ///< the run is ended, then the signal does what it did before
    request_stop,  ///< a first SIGTERM, SIGINT, SIGUSR1 or SIGHUP only makes `stop_requested()`
                   ///< true: the loop can leave, and the run is KILLED when it ends as FINISHED.
                   ///< While one run chose this, a first signal ends no run; the second ends all
};

/// Everything `start_run` can be told. Empty strings leave the choice to MLflow's environment
/// variables and defaults.
struct run_options {
    std::string experiment = {};     ///< name; created where missing
    std::string experiment_id = {};  ///< must exist; comes before `experiment`
    std::string run_name = {};       ///< any text; empty: two words and a number
    std::string run_id = {};         ///< a new id of one's own (`job1234_0`); empty: 32 hex digits
    std::string parent_run_id = {};  ///< makes a nested run; the parent may belong to any process
    std::string description = {};    ///< markdown that MLflow's UI shows
    std::vector<std::pair<std::string, std::string>> tags = {};
    std::string tracking_uri = {};  ///< as MLFLOW_TRACKING_URI, which it comes before
    sanitize keys = sanitize::none;
    strictness errors = strictness::report;
    error_handler on_error = {};  ///< in place of stderr
    drain_mode drain = drain_mode::thread;
    std::chrono::milliseconds flush_interval{1000};  ///< MLSCRIBE_FLUSH_MS overrides
    /// What a power failure may cost; zero: points reach the disk when the system likes.
    std::chrono::milliseconds sync_interval{30000};
    std::size_t journal_bytes = std::size_t{64} << 20;  ///< that points may wait in
    overflow when_full = overflow::drain;
    bool time_passes = true;  ///< the metrics `epoch_seconds` and `step_seconds` of ranges
    bool progress = true;     ///< a line on a terminal; MLSCRIBE_PROGRESS=0 overrides
    keep thinning = {};       ///< of every metric; children of the run inherit it
    on_signal signals = on_signal::nothing;
    /// How long a signal handler waits at most for the drain thread to write all points and the
    /// end. Then, and always with drain_mode::inline_, it writes the end itself, and the points
    /// stay in the journal for recover() or resume_run(). 0 to 60 s.
    std::chrono::milliseconds signal_wait{2000};
    /// Tags about the source and the build: commit, branch, remote, changes; compiler, host.
    bool source_tags = true;
    /// The folder from which the source's git repository is looked for upwards; empty: that of the
    /// program's file. Read once a process.
    std::string source_directory = {};
    rank_policy ranks = rank_policy::first_logs;
};

/// What `resume_run` can be told; what has no word here is as in run_options.
struct resume_options {
    bool keep_status = false;  ///< adds to a finished run; its status and end time stay untouched
    std::vector<std::pair<std::string, std::string>> tags = {};
    std::string tracking_uri = {};
    sanitize keys = sanitize::none;
    strictness errors = strictness::report;
    error_handler on_error = {};
    drain_mode drain = drain_mode::thread;
    std::chrono::milliseconds flush_interval{1000};
    std::chrono::milliseconds sync_interval{30000};
    std::size_t journal_bytes = std::size_t{64} << 20;
    overflow when_full = overflow::drain;
    bool time_passes = true;
    bool progress = true;  ///< a line on a terminal; MLSCRIBE_PROGRESS=0 overrides
    keep thinning = {};
    on_signal signals = on_signal::nothing;
    std::chrono::milliseconds signal_wait{2000};
    rank_policy ranks = rank_policy::first_logs;
};

MLSCRIBE_NAMESPACE_END

#endif
