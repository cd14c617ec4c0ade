// SPDX-License-Identifier: MIT
/// \file Takes ten system samples of a run, and marks where each begins and ends for who counts
/// system calls: each mark is a look at a file that does not exist.
#include <mlscribe/mlscribe.hpp>
#include <mlscribe/monitor.hpp>

#include <unistd.h>

int main(int count, char** arguments) {
    if (count != 2) return 2;
    mlscribe::run_options options;
    options.tracking_uri = arguments[1];
    options.drain = mlscribe::drain_mode::inline_;
    options.flush_interval = std::chrono::milliseconds(1);
    mlscribe::run run = mlscribe::start_run(options);
    mlscribe::monitor_options often;
    often.interval = std::chrono::milliseconds(1);
    const auto watch = mlscribe::monitor_system(run, often);
    auto loss = run.metric("loss");
    for (int i = 0; i < 10; ++i) {
        ::usleep(20000);
        // The first point behind the interval writes what waits, and has a sample taken.
        static_cast<void>(::access("/mark/begin", F_OK));
        loss.log(i);
        static_cast<void>(::access("/mark/end", F_OK));
    }
    return run.lost_points() == 0 ? 0 : 1;
}
