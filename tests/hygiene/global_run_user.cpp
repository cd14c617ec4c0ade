// SPDX-License-Identifier: MIT
/// \file A program that logs to another file's run: from threads, from thread_local handles, from
/// destructors of statics on both sides of the run's end. Nothing ends the run but its destructor.
#include <thread>
#include <vector>

#include "global_run.hpp"

namespace {

void work() {
    thread_local mlscribe::metric_handle mine = training.metric("thread");
    thread_local const last_words at_thread_end{training.metric("thread end")};
    for (int i = 0; i < 1000; ++i) mine.log(1.0);
}

}  // namespace

int main() {
    after_the_run.handle = training.metric("after the run");
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) threads.emplace_back(work);
    for (std::thread& thread : threads) thread.join();
    work();
    static const last_words local{training.metric("function static")};
    for (int i = 0; i < 100; ++i) loss.log(1.0);
    return training.recording() ? 0 : 1;
}
