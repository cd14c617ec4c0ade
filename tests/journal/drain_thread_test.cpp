// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/journal/drain_thread.hpp>

#include <sys/wait.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "journal/test_ledger.hpp"
#include "scratch_directory.hpp"

using mlscribe::detail::drain_registry;
using mlscribe::detail::ledger;
using mlscribe::detail::reference;
using std::chrono::milliseconds;
using test::test_ledger;

namespace {

/// The task directories of this process's threads called `mlscribe`.
std::vector<std::string> drain_threads() {
    std::vector<std::string> found;
    std::error_code failed;
    for (std::filesystem::directory_iterator task("/proc/self/task", failed), end;
         !failed && task != end; task.increment(failed)) {
        const std::string folder = task->path().string();
        std::string name;
        std::ifstream(folder + "/comm") >> name;  // nothing, where the thread has just ended
        if (name == "mlscribe") found.push_back(folder);
    }
    return found;
}

/// A new thread needs a moment to take its name, one that was joined another to leave /proc.
std::size_t drain_threads_soon(std::size_t expected) {
    std::size_t found = drain_threads().size();
    for (int i = 0; i < 2000 && found != expected; ++i) {
        std::this_thread::sleep_for(milliseconds(5));
        found = drain_threads().size();
    }
    return found;
}

template <class Condition>
bool soon(Condition&& condition) {
    for (int i = 0; i < 1000 && !condition(); ++i) std::this_thread::sleep_for(milliseconds(5));
    return condition();
}

void add(const reference<test_ledger>& run, int interval) {
    drain_registry::instance().add(reference<ledger>(run.get()), milliseconds(interval));
}
void remove(const reference<test_ledger>& run) {
    drain_registry::instance().remove(*run);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(journal_drain_thread)

BOOST_AUTO_TEST_CASE(one_for_many_runs_from_the_first_to_the_last) {
    BOOST_TEST(drain_threads_soon(0) == 0u);
    std::vector<reference<test_ledger>> runs;
    for (int i = 0; i < 20; ++i) {
        runs.emplace_back(new test_ledger);
        add(runs.back(), 10000);
    }
    BOOST_TEST(drain_threads_soon(1) == 1u);
    while (runs.size() > 1) {
        remove(runs.back());
        runs.pop_back();
    }
    BOOST_TEST(drain_threads().size() == 1u);
    remove(runs.back());
    BOOST_TEST(drain_threads_soon(0) == 0u);
    add(runs.back(), 10000);
    BOOST_TEST(drain_threads_soon(1) == 1u);
    remove(runs.back());
    BOOST_TEST(drain_threads_soon(0) == 0u);
}

BOOST_AUTO_TEST_CASE(none_for_runs_that_drain_themselves) {
    const reference<test_ledger> run(new test_ledger);
    add(run, 0);
    std::this_thread::sleep_for(milliseconds(20));
    BOOST_TEST(drain_threads_soon(0) == 0u);
    remove(run);
    BOOST_TEST(run->all_drains.load() == 0);
}

BOOST_AUTO_TEST_CASE(every_signal_is_blocked_in_it_and_none_here) {
    BOOST_REQUIRE(drain_threads_soon(0) == 0u);
    const reference<test_ledger> run(new test_ledger);
    sigset_t before;
    sigset_t after;
    ::pthread_sigmask(SIG_BLOCK, nullptr, &before);
    add(run, 10000);
    ::pthread_sigmask(SIG_BLOCK, nullptr, &after);
    for (int signal = 1; signal < 32; ++signal) {
        BOOST_TEST(sigismember(&before, signal) == sigismember(&after, signal));
    }
    BOOST_REQUIRE(drain_threads_soon(1) == 1u);
    const std::string status = test::read_file(drain_threads().front() + "/status");
    const std::string mask = status.substr(status.find("SigBlk:\t") + 8, 16);
    // All but SIGKILL and SIGSTOP, and the two that the C library keeps for itself.
    BOOST_TEST((std::stoull(mask, nullptr, 16) | 0x180040100u) == 0xFFFFFFFFFFFFFFFFu);
    remove(run);
}

BOOST_AUTO_TEST_CASE(each_run_at_its_own_interval) {
    const reference<test_ledger> often(new test_ledger);
    const reference<test_ledger> seldom(new test_ledger);
    const reference<test_ledger> never(new test_ledger);
    add(seldom, 100000);
    add(never, 0);
    add(often, 5);
    BOOST_TEST(soon([&] { return often->all_drains >= 5; }));
    BOOST_TEST(seldom->all_drains.load() == 0);
    BOOST_TEST(never->all_drains.load() == 0);
    remove(often);
    const int drained = often->all_drains;
    std::this_thread::sleep_for(milliseconds(30));
    BOOST_TEST(often->all_drains.load() == drained);
    remove(seldom);
    remove(never);
}

BOOST_AUTO_TEST_CASE(woken_it_drains_that_run_now) {
    const reference<test_ledger> run(new test_ledger);
    const reference<test_ledger> other(new test_ledger);
    const reference<test_ledger> inline_run(new test_ledger);
    const reference<test_ledger> stranger(new test_ledger);
    add(run, 100000);
    add(other, 100000);
    add(inline_run, 0);
    drain_registry& registry = drain_registry::instance();
    for (int i = 1; i <= 3; ++i) {
        registry.wake(*run);
        BOOST_TEST(soon([&] { return run->all_drains == i; }));
    }
    registry.wake(*inline_run);
    registry.wake(*stranger);
    std::this_thread::sleep_for(milliseconds(20));
    BOOST_TEST(run->all_drains.load() == 3);
    BOOST_TEST(other->all_drains.load() == 0);
    BOOST_TEST(inline_run->all_drains.load() == 0);
    BOOST_TEST(stranger->all_drains.load() == 0);
    for (const reference<test_ledger>& each : {run, other, inline_run}) remove(each);
}

BOOST_AUTO_TEST_CASE(after_remove_the_run_is_not_touched) {
    for (int i = 0; i < 200; ++i) {
        std::atomic<bool> removed{false};
        std::atomic<bool> touched{false};
        const reference<test_ledger> run(new test_ledger);
        run->on_drain_all = [&] {
            std::this_thread::sleep_for(std::chrono::microseconds(200));
            if (removed) touched = true;
        };
        add(run, 1);
        std::this_thread::sleep_for(std::chrono::microseconds(10 * i));
        remove(run);
        removed = true;
        BOOST_REQUIRE(!touched);
    }
}

BOOST_AUTO_TEST_CASE(a_run_may_end_from_the_thread_itself) {
    const reference<test_ledger> run(new test_ledger);
    std::atomic<bool> ended{false};
    run->on_drain_all = [&] {
        remove(run);
        ended = true;
    };
    add(run, 1);
    BOOST_TEST(soon([&] { return ended.load(); }));
    BOOST_TEST(drain_threads_soon(0) == 0u);
    const reference<test_ledger> next(new test_ledger);
    add(next, 1);
    BOOST_TEST(soon([&] { return next->all_drains >= 2; }));
    remove(next);
}

// The thread that ended its last run from the inside comes back while the next one is at work.
BOOST_AUTO_TEST_CASE(two_threads_do_not_forget_what_each_other_drains) {
    BOOST_REQUIRE(drain_threads_soon(0) == 0u);
    const reference<test_ledger> first(new test_ledger);
    const reference<test_ledger> second(new test_ledger);
    const reference<test_ledger> third(
        new test_ledger);  // so that nobody waits for the thread's end
    std::atomic<bool> first_ended{false};
    std::atomic<bool> first_may_go{false};
    std::atomic<bool> second_may_go{false};
    const auto wait_for = [](const std::atomic<bool>& flag) {
        while (!flag) std::this_thread::sleep_for(milliseconds(1));
    };
    first->on_drain_all = [&] {
        remove(first);
        first_ended = true;
        wait_for(first_may_go);
    };
    second->on_drain_all = [&] { wait_for(second_may_go); };
    add(first, 1);
    wait_for(first_ended);
    add(second, 1);
    add(third, 100000);
    BOOST_TEST(soon([&] { return second->all_drains == 1; }));
    first_may_go = true;
    BOOST_TEST(drain_threads_soon(1) == 1u);  // it has come back, and gone
    std::atomic<bool> removed{false};
    std::thread remover([&] {
        remove(second);
        removed = true;
    });
    // Long enough for a call that does not wait.
    for (int i = 0; i < 20 && !removed; ++i) std::this_thread::sleep_for(milliseconds(5));
    BOOST_TEST(!removed.load());
    second_may_go = true;
    remover.join();
    remove(third);
    BOOST_TEST(drain_threads_soon(0) == 0u);
}

BOOST_AUTO_TEST_CASE(runs_come_and_go_from_many_threads) {
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([] {
            for (int k = 0; k < 100; ++k) {
                const reference<test_ledger> run(new test_ledger);
                add(run, 1);
                if (k % 3 == 0) std::this_thread::sleep_for(milliseconds(1));
                remove(run);
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    BOOST_TEST(drain_threads_soon(0) == 0u);
}

BOOST_AUTO_TEST_CASE(a_forked_child_has_neither_thread_nor_runs) {
    const reference<test_ledger> run(new test_ledger);
    add(run, 1);
    BOOST_REQUIRE(drain_threads_soon(1) == 1u);
    const pid_t child = ::fork();
    if (child == 0) {
        int wrong = run->recording() || !run->is_disowned() ? 1 : 0;
        drain_registry::instance().wake(*run);
        wrong += drain_threads().empty() ? 0 : 2;
        const reference<test_ledger> own(new test_ledger);
        add(own, 1);
        wrong += soon([&] { return own->all_drains >= 2; }) ? 0 : 4;
        wrong += own->is_disowned() ? 8 : 0;
        remove(own);
        remove(run);
        ::_exit(wrong);
    }
    int status = -1;
    BOOST_REQUIRE(::waitpid(child, &status, 0) == child);
    BOOST_TEST(status == 0);
    BOOST_TEST(run->recording());
    BOOST_TEST(!run->is_disowned());
    const int drained = run->all_drains;
    BOOST_TEST(soon([&] { return run->all_drains > drained; }));
    remove(run);
}

BOOST_AUTO_TEST_CASE(the_environments_run_is_claimed_once) {
    const pid_t child = ::fork();
    if (child == 0) {
        drain_registry& registry = drain_registry::instance();
        ::_exit(registry.claim_environment_run() && !registry.claim_environment_run() ? 0 : 1);
    }
    int status = -1;
    BOOST_REQUIRE(::waitpid(child, &status, 0) == child);
    BOOST_TEST(status == 0);
}

BOOST_AUTO_TEST_SUITE_END()
