// SPDX-License-Identifier: MIT
/// \file Signals at any moment of processes that log in several threads: no deadlock, no file that
/// cannot be read, no point that is missing. MLSCRIBE_TEST_SIGNALS=<number> says how many.
#include <boost/test/unit_test.hpp>

#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <deque>
#include <new>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "child_process.hpp"
#include "give_up.hpp"
#include "scratch_directory.hpp"
#include "seed.hpp"

namespace {

constexpr std::size_t threads = 3;
constexpr int signals[] = {SIGTERM, SIGINT, SIGUSR1, SIGHUP};

/// What a child and this process both see.
struct shared_counts {
    std::atomic<bool> ready;
    std::atomic<std::size_t> logged[threads];  ///< calls that have returned
};

shared_counts* share_counts() {
    void* const memory = ::mmap(nullptr, sizeof(shared_counts), PROT_READ | PROT_WRITE,
                                MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) test::give_up("no memory");
    return new (memory) shared_counts{};
}

void pause(long microseconds) {
    const timespec length{0, microseconds * 1000};
    ::nanosleep(&length, nullptr);
}

struct loaded_process {
    std::string id;
    pid_t process = 0;
    int number = 0;
    bool has_handler = false;
    shared_counts* counts = nullptr;

    loaded_process() = default;
    loaded_process(const loaded_process&) = delete;
    loaded_process& operator=(const loaded_process&) = delete;
    ~loaded_process() { ::munmap(counts, sizeof *counts); }
};

std::atomic<bool> handler_called{false};

[[noreturn]] void log_until_killed(mlscribe::run_options chosen, loaded_process& self) {
    for (const int number : {SIGTERM, SIGINT, SIGUSR1, SIGHUP, SIGABRT, SIGSEGV, SIGBUS, SIGALRM}) {
        ::signal(number, SIG_DFL);
    }
    ::alarm(60);  // a deadlock is a failure
    if (self.has_handler) ::signal(self.number, [](int) { handler_called = true; });
    {
        mlscribe::run run = mlscribe::start_run(chosen);
        std::vector<std::thread> all;
        const auto log = [&](std::size_t thread) {
            const std::string key = "loss" + std::to_string(thread);
            mlscribe::metric_handle loss = run.metric(key);
            for (std::size_t i = 0; !handler_called; ++i) {
                if (i % 2 == 0) {
                    loss.log(static_cast<double>(i), i);
                } else {
                    run.log_metric(key, static_cast<double>(i), i);
                }
                // After the run's end points are lost, and counted.
                if (run.recording()) self.counts->logged[thread].store(i + 1);
                if (i % 64 == 63) run.set_tag("progress" + std::to_string(thread), key);
                if (i % 1024 == 1023) pause(500);
            }
        };
        for (std::size_t i = 1; i < threads; ++i) all.emplace_back(log, i);
        self.counts->ready = true;
        log(0);
        for (std::thread& each : all) each.join();
    }
    ::_exit(0);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(signals_under_load)

BOOST_AUTO_TEST_CASE(at_any_moment) {
    const char* const wanted = std::getenv("MLSCRIBE_TEST_SIGNALS");
    const long count = wanted == nullptr ? 100 : std::strtol(wanted, nullptr, 10);
    const test::scratch_directory scratch;
    test::error_log log;
    std::string shelf;
    {
        const mlscribe::run first = mlscribe::start_run(test::options(scratch, log));
        const std::string folder = test::folder(scratch, first);
        shelf = folder.substr(0, folder.rfind('/') + 1);
    }
    std::mt19937 random(test::seed(static_cast<unsigned>(count)));
    const auto check = [&](loaded_process& ended) {
        int status = 0;
        ::waitpid(ended.process, &status, 0);
        BOOST_TEST_CONTEXT(ended.id << ", signal " << ended.number) {
            if (ended.has_handler) {
                BOOST_TEST((WIFEXITED(status) && WEXITSTATUS(status) == 0));
            } else {
                BOOST_TEST((WIFSIGNALED(status) && WTERMSIG(status) == ended.number));
            }
            const std::string folder = shelf + ended.id;
            // Where the drain thread was at it when the wait was over, the journal tells the end.
            const std::string at_first = test::meta(folder, "status");
            BOOST_TEST((at_first == "5" || (at_first == "1" && !ended.has_handler)));
            mlscribe::recover_options loud;
            loud.on_error = log.handler();
            mlscribe::recover(scratch.store(), loud);
            for (std::size_t i = 0; i < threads; ++i) {
                const std::string key = "loss" + std::to_string(i);
                const std::size_t logged = ended.counts->logged[i];
                if (logged == 0) continue;
                auto steps = test::steps(folder, key);
                BOOST_TEST(steps.size() >= logged);
                // A drain may see a later point of another lane first.
                std::sort(steps.begin(), steps.end());
                std::size_t right = 0;
                while (right < steps.size() && steps[right] == static_cast<std::int64_t>(right)) {
                    ++right;
                }
                BOOST_TEST(right == steps.size());
            }
            BOOST_TEST(test::meta(folder, "status") == "5");
            BOOST_TEST(test::exists(folder + "/tags/mlscribe.ended_by"));
        }
        std::filesystem::remove_all(shelf + ended.id);
    };
    std::deque<loaded_process> running;
    for (long i = 0; i < count; ++i) {
        loaded_process& child = running.emplace_back();
        child.id = "run" + std::to_string(i);
        child.number = signals[i % 4];
        child.has_handler = i % 3 == 2;
        child.counts = share_counts();
        mlscribe::run_options chosen = test::options(scratch, log);
        chosen.on_error = {};
        chosen.run_id = child.id;
        chosen.source_tags = false;
        chosen.signals = mlscribe::on_signal::end_run;
        chosen.signal_wait = std::chrono::milliseconds(i % 2 == 0 ? 300 : 30);
        chosen.drain = i % 4 < 3 ? mlscribe::drain_mode::thread : mlscribe::drain_mode::inline_;
        chosen.flush_interval = std::chrono::milliseconds(2);
        child.process = ::fork();
        if (child.process == 0) {
            test::handle_signals_on_the_large_stack();
            log_until_killed(chosen, child);
        }
        while (!child.counts->ready) {
            pause(200);
            if (::waitpid(child.process, nullptr, WNOHANG) != 0) test::give_up("no start");
        }
        pause(static_cast<long>(random() % 20000));
        ::kill(child.process, child.number);
        // And one more, into the handler.
        if (i % 5 == 0) {
            pause(static_cast<long>(random() % 5000));
            ::kill(child.process, child.number);
        }
        if (running.size() == 4) {
            check(running.front());
            running.pop_front();
        }
    }
    while (!running.empty()) {
        check(running.front());
        running.pop_front();
    }
    BOOST_TEST(log.all().empty());
}

BOOST_AUTO_TEST_SUITE_END()
