// SPDX-License-Identifier: MIT
/// \file A run that logs nothing for a while: what its thread costs, and that others see it live.
#include <boost/test/unit_test.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "drain_rounds.hpp"
#include "planned_calls.hpp"
#include "scratch_directory.hpp"

namespace {

/// Beyond what the system takes to wake a thread.
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
constexpr double most_microseconds = 200;
#else
constexpr double most_microseconds = 20;
#endif

/// What a thread of this process has used of a processor.
double microseconds_of(long thread) {
    // How the kernel numbers the clock of a thread by its id.
    const auto clock = static_cast<clockid_t>((~static_cast<unsigned long>(thread) << 3) | 6);
    timespec used{};
    if (::clock_gettime(clock, &used) != 0) return -1;
    return static_cast<double>(used.tv_sec) * 1e6 + static_cast<double>(used.tv_nsec) / 1e3;
}

/// Wakes every millisecond and does nothing: what the system alone takes for that.
class bare_thread {
  public:
    bare_thread() {
        while (id == 0) test::wait_milliseconds(1);
    }
    bare_thread(const bare_thread&) = delete;
    bare_thread& operator=(const bare_thread&) = delete;
    ~bare_thread() {
        stopped_ = true;
        thread_.join();
    }

    std::atomic<long> id{0};

  private:
    std::atomic<bool> stopped_{false};
    std::thread thread_{[this] {
        id = ::syscall(SYS_gettid);
        std::mutex mutex;
        std::condition_variable changed;
        std::unique_lock<std::mutex> lock(mutex);
        while (!stopped_) {
            changed.wait_until(lock,
                               std::chrono::steady_clock::now() + std::chrono::milliseconds(1));
        }
    }};
};

std::string journal_of(const std::string& folder) {
    for (const std::string& path : test::tree(folder)) {
        if (path.find(".mlscribe-journal") == 0) return folder + '/' + path;
    }
    return {};
}

/// Seconds since somebody touched the file.
std::int64_t silence_of(const std::string& path) {
    struct stat found {};
    if (::stat(path.c_str(), &found) != 0) return -1;
    return static_cast<std::int64_t>(::time(nullptr)) - found.st_mtim.tv_sec;
}

/// As if nobody had touched the file for more than an hour.
int make_old(const std::string& path) {
    timespec times[2] = {};
    times[0].tv_nsec = UTIME_OMIT;
    times[1].tv_sec = ::time(nullptr) - 5000;
    return ::utimensat(AT_FDCWD, path.c_str(), times, 0);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(idle_runs)

BOOST_AUTO_TEST_CASE(a_wake_costs_little) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run_options options = test::options(scratch, log);
    options.flush_interval = std::chrono::milliseconds(1);
    mlscribe::run run = mlscribe::start_run(options);
    std::vector<mlscribe::metric_handle> handles;
    for (int key = 0; key < 10; ++key) {
        handles.push_back(run.metric("k" + std::to_string(key)));
        handles.back().log(0.5);
    }
    run.flush();
    const long thread = test::drain_thread();
    BOOST_REQUIRE(thread != 0);
    test::wait_for_rounds(thread, 20);
    const bare_thread bare;
    double least = 1e9;
    double least_bare = 1e9;
    for (int i = 0; i < 200; ++i) {
        const double before = microseconds_of(thread);
        const double bare_before = microseconds_of(bare.id);
        const long slept = test::sleeps_of(thread);
        const long bare_slept = test::sleeps_of(bare.id);
        test::wait_for_rounds(thread, 10);
        test::wait_for_rounds(bare.id, 5);
        const long wakes = test::sleeps_of(thread) - slept;
        const long bare_wakes = test::sleeps_of(bare.id) - bare_slept;
        const auto each = [](double spent, long times) {
            return spent / static_cast<double>(times);
        };
        least = (std::min)(least, each(microseconds_of(thread) - before, wakes));
        least_bare =
            (std::min)(least_bare, each(microseconds_of(bare.id) - bare_before, bare_wakes));
    }
    std::printf("an idle wake takes %.1f us of a processor, one that does nothing %.1f us\n", least,
                least_bare);
    BOOST_TEST(least > 0);
    BOOST_TEST(least - least_bare <= most_microseconds);
}

// One wake an interval, not a poll.
BOOST_AUTO_TEST_CASE(it_sleeps_a_whole_interval) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run_options options = test::options(scratch, log);
    options.flush_interval = std::chrono::milliseconds(100);
    mlscribe::run run = mlscribe::start_run(options);
    run.metric("loss").log(0.5);
    run.flush();
    const long thread = test::drain_thread();
    BOOST_REQUIRE(thread != 0);
    test::wait_for_rounds(thread, 1);
    const auto begin = std::chrono::steady_clock::now();
    test::wait_for_rounds(thread, 10);
    // Ten intervals, but where something else woke it, too.
    BOOST_TEST((std::chrono::steady_clock::now() - begin >= 3 * options.flush_interval));
}

// Ten minutes of silence pass for a death: the thread touches the journal once a minute.
BOOST_AUTO_TEST_CASE(its_journal_is_touched_every_minute) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run_options options = test::options(scratch, log);
    options.flush_interval = std::chrono::milliseconds(5);
    mlscribe::run run = mlscribe::start_run(options);
    run.metric("loss").log(0.5);
    run.flush();
    const std::string journal = journal_of(test::folder(scratch, run));
    BOOST_REQUIRE(!journal.empty());
    BOOST_REQUIRE(make_old(journal) == 0);
    test::wait_milliseconds(100);
    BOOST_TEST(silence_of(journal) > 4000);
    std::int64_t jumped = 0;
    for (int beat = 0; beat < 3; ++beat) {
        BOOST_REQUIRE(make_old(journal) == 0);
        jumped += 61 * 1000;
        test::planned_calls().clock = jumped;
        for (int i = 0; i < 1000 && silence_of(journal) > 1000; ++i) test::wait_milliseconds(5);
        BOOST_TEST(silence_of(journal) < 1000);
    }
    run.end();
    test::planned_calls().clock = 0;
    BOOST_TEST(log.all().empty());
}

// The thread of a run that flushes seldom wakes for the touch, and only for that.
BOOST_AUTO_TEST_CASE(it_is_touched_between_flushes_that_are_far_apart) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run_options options = test::options(scratch, log);
    options.flush_interval = std::chrono::minutes(10);
    const auto run = mlscribe::detail::start(options, false);
    const std::string folder =
        scratch.store() + '/' + std::string(run->experiment_id()) + '/' + std::string(run->id());
    run->open_series("loss")->log(0.5);
    const std::string journal = journal_of(folder);
    BOOST_REQUIRE(!journal.empty());
    BOOST_REQUIRE(make_old(journal) == 0);
    const auto wake_after = [&run](std::int64_t milliseconds) {
        test::planned_calls().clock = milliseconds;
        mlscribe::detail::drain_registry::instance().wake(*run);
    };
    wake_after(61 * 1000);
    for (int i = 0; i < 1000 && silence_of(journal) > 1000; ++i) test::wait_milliseconds(5);
    BOOST_TEST(silence_of(journal) < 1000);
    BOOST_TEST(!test::exists(folder + "/metrics/loss"));
    wake_after(600 * 1000);
    for (int i = 0; i < 1000 && !test::exists(folder + "/metrics/loss"); ++i)
        test::wait_milliseconds(5);
    BOOST_TEST(test::exists(folder + "/metrics/loss"));
    run->end_quietly(mlscribe::run_status::finished);
    test::planned_calls().clock = 0;
    BOOST_TEST(log.all().empty());
}

BOOST_AUTO_TEST_SUITE_END()
