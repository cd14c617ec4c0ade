// SPDX-License-Identifier: MIT
/// \file Pushes again and again, until all runs have ended.
#ifndef MLSCRIBE_SYNC_FOLLOW_HPP
#define MLSCRIBE_SYNC_FOLLOW_HPP

#include <mlscribe/sync/store_push.hpp>

#include <time.h>

#include <cstdint>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

inline void pause_between_looks(std::chrono::milliseconds time) {
    const auto count = static_cast<std::int64_t>(time.count());
    const timespec pause{static_cast<time_t>(count / 1000),
                         static_cast<long>(count % 1000 * 1000000)};
    ::nanosleep(&pause, nullptr);
}

/// One look; with `follow` one after the other, as long as a run goes on. A server that is gone for
/// a while is asked again as long.
inline void push_store(push_context& push, const server_settings& settings, sync_report& report) {
    store_push store(push, settings);
    const auto look = [&] {
        store.look(report);
        report.failures = push.take_failures();
        report.stopped = push.take_stop();
    };
    look();
    if (!push.options.follow || !store.has_live_runs()) return;
    while (store.has_live_runs()) {
        if (report.stopped.code == error_code::access_denied) return;
        // Another server may have come up in its place.
        if (report.stopped) store.forget_experiments();
        pause_between_looks(push.options.interval);
        look();
    }
    store.forget_quiet_runs();
    look();
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
