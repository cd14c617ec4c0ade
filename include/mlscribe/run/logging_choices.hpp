// SPDX-License-Identifier: MIT
/// \file How a run logs: the part that run_options and resume_options share.
#ifndef MLSCRIBE_RUN_LOGGING_CHOICES_HPP
#define MLSCRIBE_RUN_LOGGING_CHOICES_HPP

#include <mlscribe/run/run_options.hpp>

#include <chrono>
#include <cstddef>
#include <string>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

struct logging_choices {
    sanitize keys = sanitize::none;
    drain_mode drain = drain_mode::thread;
    std::chrono::milliseconds flush_interval{1000};
    std::chrono::milliseconds sync_interval{30000};
    std::size_t journal_bytes = std::size_t{64} << 20;
    overflow when_full = overflow::drain;
    bool time_passes = true;
    bool progress = true;
    keep thinning;
    on_signal signals = on_signal::nothing;
    std::chrono::milliseconds signal_wait{2000};
    bool keep_status = false;
    bool shares_run = false;  ///< other processes of the job log into it
    bool is_guest = false;    ///< the run is that of another of them
    std::string key_prefix;   ///< of this process' metrics, and of a guest's tags
    std::string tracking_uri;
    bool source_tags = true;
    std::string source_directory;
};

/// How a guest ended, where it did not finish.
inline std::string guest_status_tag(const logging_choices& choices) {
    return choices.key_prefix + "status";
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
