// SPDX-License-Identifier: MIT
/// \file How a run logs: what the program and the environment choose.
#ifndef MLSCRIBE_RUN_LOGGING_CHOICES_HPP
#define MLSCRIBE_RUN_LOGGING_CHOICES_HPP

#include <mlscribe/config/environment_count.hpp>
#include <mlscribe/run/run_options.hpp>

#include <algorithm>
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

/// Copies what run_options, resume_options and logging_choices have alike, to another of them.
template <class From, class To>
void copy_choices(const From& from, To& to) {
    to.keys = from.keys;
    to.drain = from.drain;
    to.flush_interval = from.flush_interval;
    to.sync_interval = from.sync_interval;
    to.journal_bytes = from.journal_bytes;
    to.when_full = from.when_full;
    to.time_passes = from.time_passes;
    to.progress = from.progress;
    to.thinning = from.thinning;
    to.signals = from.signals;
    to.signal_wait = from.signal_wait;
    to.tracking_uri = from.tracking_uri;
}

/// MLSCRIBE_DRAIN, MLSCRIBE_FLUSH_MS and MLSCRIBE_SIGNALS come before what the program chose.
inline void apply_environment(logging_choices& choices) {
    const std::string drain = environment("MLSCRIBE_DRAIN");
    if (drain == "inline") choices.drain = drain_mode::inline_;
    if (drain == "thread") choices.drain = drain_mode::thread;
    const long milliseconds = environment_count("MLSCRIBE_FLUSH_MS");
    if (milliseconds > 0) choices.flush_interval = std::chrono::milliseconds(milliseconds);
    constexpr std::chrono::milliseconds shortest(1);
    constexpr std::chrono::milliseconds longest(24 * 60 * 60 * 1000);
    if (choices.flush_interval < shortest) choices.flush_interval = shortest;
    if (choices.flush_interval > longest) choices.flush_interval = longest;
    const std::string signals = environment("MLSCRIBE_SIGNALS");
    if (signals == "0") choices.signals = on_signal::nothing;
    if (signals == "1" && choices.signals == on_signal::nothing) {
        choices.signals = on_signal::end_run;
    }
    constexpr std::chrono::milliseconds none(0);
    constexpr std::chrono::milliseconds longest_wait(60 * 1000);
    choices.signal_wait = (std::min)((std::max)(choices.signal_wait, none), longest_wait);
}

template <class Options>
logging_choices shared_choices_of(const Options& options) {
    logging_choices choices;
    copy_choices(options, choices);
    choices.journal_bytes = (std::max)(choices.journal_bytes, std::size_t{1} << 20);
    apply_environment(choices);
    return choices;
}

inline logging_choices choices_of(const run_options& options) {
    logging_choices choices = shared_choices_of(options);
    choices.source_tags = options.source_tags;
    choices.source_directory = options.source_directory;
    return choices;
}

inline logging_choices choices_of(const resume_options& options) {
    logging_choices choices = shared_choices_of(options);
    choices.keep_status = options.keep_status;
    return choices;
}

/// How a guest ended, where it did not finish.
inline std::string guest_status_tag(const logging_choices& choices) {
    return choices.key_prefix + "status";
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
