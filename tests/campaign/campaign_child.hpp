// SPDX-License-Identifier: MIT
/// \file The process that logs until it is killed, and says through shared memory what it logged.
#ifndef MLSCRIBE_TESTS_CAMPAIGN_CAMPAIGN_CHILD_HPP
#define MLSCRIBE_TESTS_CAMPAIGN_CAMPAIGN_CHILD_HPP

#include <mlscribe/mlscribe.hpp>

#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "campaign_plan.hpp"
#include "scenario/drain_rounds.hpp"

namespace campaign {

constexpr std::size_t most_lanes = 64;
constexpr std::size_t resumed_lanes = 32;  ///< from here on: of those who resume the run
constexpr std::size_t most_attempts = 6;

inline std::size_t resumed_lane(std::size_t attempt, int key) {
    return resumed_lanes + attempt * 5 + static_cast<std::size_t>(key);
}

/// Outlives the child. A count goes up when the call that logged has returned.
struct account {
    std::atomic<std::uint32_t> started{0};
    std::atomic<std::uint64_t> logged[most_lanes];
    std::atomic<std::uint32_t> reports{0};
    char run_id[64];
    char report[512];  ///< the first one

    void note(const mlscribe::error& failure) {
        if (reports.fetch_add(1) == 0) {
            std::strncpy(report, failure.message.c_str(), sizeof report - 1);
        }
    }
};

class shared_account {
  public:
    shared_account()
        : memory_(::mmap(nullptr, sizeof(account), PROT_READ | PROT_WRITE,
                         MAP_SHARED | MAP_ANONYMOUS, -1, 0)) {
        if (memory_ == MAP_FAILED) throw std::runtime_error("no shared memory");
        new (memory_) account;
    }
    shared_account(const shared_account&) = delete;
    shared_account& operator=(const shared_account&) = delete;
    ~shared_account() { ::munmap(memory_, sizeof(account)); }
    account* operator->() const { return static_cast<account*>(memory_); }
    account& operator*() const { return *static_cast<account*>(memory_); }

  private:
    void* memory_;
};

inline void pause_for(int microseconds) {
    const timespec pause{microseconds / 1000000, (microseconds % 1000000) * 1000L};
    ::nanosleep(&pause, nullptr);
}

/// From now on the process may die by its own hand.
inline void plan_death(const death& planned) {
    test::call_plan& calls = test::planned_calls();
    calls.end = planned.end;
    calls.calls_before = planned.calls_before;
    calls.which = planned.calls;
}

/// Logs the points of the lanes of one thread.
class logger {
  public:
    logger(mlscribe::run& run, const child_plan& plan, account& told, int thread)
        : run_(run), plan_(plan), told_(told) {
        for (std::size_t lane = 0; lane < plan.lanes.size(); ++lane) {
            if (plan.lanes[lane].thread != thread) continue;
            mine_.push_back(lane);
            handles_.push_back(run.metric(key_name(plan.lanes[lane].key)));
        }
    }

    bool has_lanes() const { return !mine_.empty(); }

    /// One point for each lane.
    void log_all() {
        for (std::size_t i = 0; i < mine_.size(); ++i) {
            const std::size_t lane = mine_[i];
            const std::uint64_t index = next_;
            const double value = value_of(lane, index);
            const std::string key = key_name(plan_.lanes[lane].key);
            switch (plan_.lanes[lane].how) {
                case style::counted:
                    handles_[i].log(value);
                    break;
                case style::named:
                    run_.log_metric(key, value);
                    break;
                case style::stepped:
                    handles_[i].log(value, step_of(index));
                    break;
                case style::named_and_stepped:
                    run_.log_metric(key, value, step_of(index));
                    break;
                case style::timed:
                    handles_[i].log(value, step_of(index), mlscribe::timestamp{time_of(index)});
                    break;
            }
            told_.logged[lane].store(index + 1);
        }
        ++next_;
        if (plan_.throttled && next_ % 4 == 0) pause_for(plan_.pause_microseconds * 4);
    }

  private:
    mlscribe::run& run_;
    const child_plan& plan_;
    account& told_;
    std::vector<std::size_t> mine_;
    std::vector<mlscribe::metric_handle> handles_;
    std::uint64_t next_ = 0;
};

/// Copies of a handle made where it is used, as in a pool of threads.
inline void log_for_ever(mlscribe::run& run, const child_plan& plan, account& told, int thread) {
    logger mine(run, plan, told, thread);
    if (!mine.has_lanes()) {
        while (true) pause_for(1000000);
    }
    while (true) mine.log_all();
}

inline void log_in_ranges(mlscribe::run& run, const child_plan& plan, account& told) {
    logger mine(run, plan, told, 0);
    // The step of the inner range goes on over the passes, so that both count the same points.
    for ([[maybe_unused]] const auto epoch : run.epochs(1 << 30)) {
        for ([[maybe_unused]] const auto step : run.steps(7)) mine.log_all();
    }
}

[[noreturn]] inline void be_the_child(const std::string& store, const std::string& elsewhere,
                                      const child_plan& plan, account& told) {
    ::alarm(60);
    if (plan.elsewhere) ::setenv("MLSCRIBE_JOURNAL_DIR", elsewhere.c_str(), 1);
    if (plan.during_start) plan_death(plan.end);
    mlscribe::run_options options;
    options.tracking_uri = store;
    options.experiment = "campaign";
    options.run_name = "killed";
    options.drain =
        plan.inline_drain ? mlscribe::drain_mode::inline_ : mlscribe::drain_mode::thread;
    options.on_error = [&told](const mlscribe::error& failure) { told.note(failure); };
    if (!plan.throttled) options.journal_bytes = 1 << 20;
    ::setenv("MLSCRIBE_FLUSH_MS", std::to_string(plan.flush_milliseconds).c_str(), 1);
    mlscribe::run run = mlscribe::start_run(options);
    std::strncpy(told.run_id, std::string(run.id()).c_str(), sizeof told.run_id - 1);
    // Or what a busy machine makes of a full journal would be taken for a broken promise.
    if (!plan.inline_drain) test::prefer_drain_thread();
    told.started = 1;
    if (!plan.during_start) plan_death(plan.end);
    std::vector<std::thread> threads;
    for (int thread = 1; thread <= 2; ++thread) {
        threads.emplace_back([&, thread] { log_for_ever(run, plan, told, thread); });
    }
    if (plan.ranged) log_in_ranges(run, plan, told);
    log_for_ever(run, plan, told, 0);
    ::_exit(3);
}

}  // namespace campaign

#endif
