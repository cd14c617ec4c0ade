// SPDX-License-Identifier: MIT
/// \file The thread that drains runs, as the system sees it: how often it went to sleep tells how
/// often it has looked for work, however busy the machine is.
#ifndef MLSCRIBE_TESTS_SCENARIO_DRAIN_ROUNDS_HPP
#define MLSCRIBE_TESTS_SCENARIO_DRAIN_ROUNDS_HPP

#include <sys/resource.h>
#include <time.h>

#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>

namespace test {

inline void wait_milliseconds(long milliseconds) {
    const timespec pause{milliseconds / 1000, milliseconds % 1000 * 1000000};
    ::nanosleep(&pause, nullptr);
}

/// The id of the drain thread, once it is the only one of that name: a new one needs a moment to
/// take it, one that was joined another to leave /proc. \return 0 when that takes too long
inline long drain_thread() {
    for (int i = 0; i < 2000; ++i) {
        long id = 0;
        int found = 0;
        std::error_code failed;
        for (std::filesystem::directory_iterator task("/proc/self/task", failed), end;
             !failed && task != end; task.increment(failed)) {
            std::string name;
            std::ifstream(task->path().string() + "/comm") >> name;
            if (name != "mlscribe") continue;
            id = std::strtol(task->path().filename().c_str(), nullptr, 10);
            ++found;
        }
        if (found == 1) return id;
        wait_milliseconds(5);
    }
    return 0;
}

/// How often a thread of this process went to sleep; -1 where it is gone.
inline long sleeps_of(long thread) {
    std::ifstream file("/proc/self/task/" + std::to_string(thread) + "/status");
    const std::string status{std::istreambuf_iterator<char>(file), {}};
    const std::string name = "\nvoluntary_ctxt_switches:";
    const std::size_t at = status.find(name);
    return at == std::string::npos ? -1 : std::strtol(&status[at + name.size()], nullptr, 10);
}

/// Waits until the drain thread has looked for work so often.
inline void wait_for_rounds(long thread, long rounds) {
    const long before = sleeps_of(thread);
    while (before >= 0 && sleeps_of(thread) - before < rounds) wait_milliseconds(1);
}

/// Has the drain thread go before all others, where the user may say so: one that gets no processor
/// for 50 ms looks like a disk that hangs, for which a loop does not wait.
inline void prefer_drain_thread() {
    const long thread = drain_thread();
    if (thread != 0) ::setpriority(PRIO_PROCESS, static_cast<id_t>(thread), -20);
}

}  // namespace test

#endif
