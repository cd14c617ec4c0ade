// SPDX-License-Identifier: MIT
/// \file Processes that signals, exceptions and exits end: what becomes of their runs, and that the
/// processes end as they would have without.
#include <boost/test/unit_test.hpp>

#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <csetjmp>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "child_process.hpp"
#include "environment.hpp"
#include "scratch_directory.hpp"

namespace {

// Sanitizers report what the library's hooks would see, and end the process in their own way.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool owns_faults = false;
#else
constexpr bool owns_faults = true;
#endif
// ThreadSanitizer calls handlers itself, later and with all signals blocked.
#if defined(__SANITIZE_THREAD__)
constexpr bool owns_handlers = false;
#else
constexpr bool owns_handlers = true;
#endif

constexpr int all_signals[] = {SIGTERM, SIGINT, SIGUSR1, SIGHUP, SIGABRT,
                               SIGSEGV, SIGBUS, SIGFPE,  SIGILL};

bool is_fault(int number) {
    return number == SIGSEGV || number == SIGBUS || number == SIGFPE || number == SIGILL ||
           number == SIGABRT;
}

std::string name_of(int number) {
    switch (number) {
        case SIGTERM:
            return "SIGTERM";
        case SIGINT:
            return "SIGINT";
        case SIGUSR1:
            return "SIGUSR1";
        case SIGHUP:
            return "SIGHUP";
        case SIGABRT:
            return "SIGABRT";
        case SIGSEGV:
            return "SIGSEGV";
        case SIGBUS:
            return "SIGBUS";
        case SIGFPE:
            return "SIGFPE";
        default:
            return "SIGILL";
    }
}

/// A process as the system starts it: the test runner's handlers are not its own.
void start_afresh() {
    for (const int number : all_signals) ::signal(number, SIG_DFL);
    ::signal(SIGALRM, SIG_DFL);
    ::alarm(60);  // a deadlock is a failure
}

/// A process that starts a run and comes to some end.
struct ended_process {
    std::string process;       ///< how it ended
    std::string status;        ///< of its run in meta.yaml
    std::string tag;           ///< what ended it, or ""
    std::size_t points = 0;    ///< that stand in the metric's file
    bool ends_in_time = true;  ///< the end is not before the start

    /// What recover() makes of it.
    std::string status_recovered;
    std::string tag_recovered;
    std::size_t points_recovered = 0;
};

struct signal_store {
    test::scratch_directory scratch;
    test::error_log log;
    std::string shelf;
    int runs = 0;

    signal_store() {
        // Not hooked: what a child hooks must be the first.
        mlscribe::run first = mlscribe::start_run(test::options(scratch, log));
        const std::string folder = test::folder(scratch, first);
        shelf = folder.substr(0, folder.rfind('/') + 1);
    }

    mlscribe::run_options options() {
        mlscribe::run_options chosen = test::options(scratch, log);
        chosen.signals = mlscribe::on_signal::end_run;
        chosen.source_tags = false;
        chosen.flush_interval = std::chrono::hours(1);
        chosen.signal_wait = std::chrono::seconds(20);
        return chosen;
    }
    mlscribe::run_options options_of(mlscribe::drain_mode drain) {
        mlscribe::run_options chosen = options();
        chosen.drain = drain;
        return chosen;
    }

    std::string folder_of(const std::string& id) const { return shelf + id; }
    std::string tag(const std::string& id) const {
        const std::string path = folder_of(id) + "/tags/mlscribe.ended_by";
        return test::exists(path) ? test::read_file(path) : "";
    }
    std::size_t points(const std::string& id) const {
        const std::string path = folder_of(id) + "/metrics/loss";
        return test::exists(path) ? test::points(folder_of(id), "loss").size() : 0;
    }
    bool has_journal(const std::string& id) const {
        for (const std::string& name : test::tree(folder_of(id))) {
            if (name.find(".mlscribe-journal") == 0) return true;
        }
        return false;
    }

    /// \param body  gets the run; what it does not end, the end of its scope does
    ended_process run(
        mlscribe::run_options chosen, const std::function<void(mlscribe::run&)>& body,
        const std::function<void()>& before = [] {}) {
        const std::string id = "run" + std::to_string(++runs);
        chosen.run_id = id;
        ended_process result;
        result.process = test::in_child([&] {
            start_afresh();
            before();
            mlscribe::run run = mlscribe::start_run(chosen);
            mlscribe::metric_handle loss = run.metric("loss");
            for (int i = 0; i < 1000; ++i) loss.log(i);
            body(run);
            return std::string();
        });
        result.status = test::meta(folder_of(id), "status");
        result.tag = tag(id);
        result.points = points(id);
        const std::string end = test::meta(folder_of(id), "end_time");
        result.ends_in_time =
            end == "null" ||
            std::strtoll(end.c_str(), nullptr, 10) >=
                std::strtoll(test::meta(folder_of(id), "start_time").c_str(), nullptr, 10);
        mlscribe::recover(scratch.store());
        result.status_recovered = test::meta(folder_of(id), "status");
        result.points_recovered = points(id);
        BOOST_TEST(!has_journal(id));
        result.tag_recovered = tag(id);
        return result;
    }
};

const std::string running = "1";
const std::string finished = "3";
const std::string failed = "4";
const std::string killed = "5";

extern "C" void exit_42(int) {
    ::_exit(42);
}
extern "C" void exit_43(int number, siginfo_t* info, void* context) {
    ::_exit(info->si_signo == number && info->si_pid == ::getpid() && context != nullptr ? 43 : 99);
}

void set_handler(int number, void (*handler)(int), int flags = 0) {
    struct sigaction action {};
    action.sa_handler = handler;
    action.sa_flags = flags;
    ::sigaction(number, &action, nullptr);
}
void set_handler(int number, void (*handler)(int, siginfo_t*, void*)) {
    struct sigaction action {};
    action.sa_sigaction = handler;
    action.sa_flags = SA_SIGINFO;
    ::sigaction(number, &action, nullptr);
}

/// What the program itself has to do with a signal.
enum class handled { by_nobody, before, before_with_info, after, ignored };

struct handling {
    handled how;
    const char* name;
};
constexpr handling all_handlings[] = {{handled::by_nobody, "nobody"},
                                      {handled::before, "a handler before"},
                                      {handled::before_with_info, "a handler with info before"},
                                      {handled::after, "a handler after"},
                                      {handled::ignored, "ignored"}};

volatile sig_atomic_t calls = 0;

/// One that was made before any run was started.
mlscribe::run& kept_run() {
    static mlscribe::run kept;
    return kept;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(ended_processes, signal_store)

BOOST_AUTO_TEST_CASE(every_signal_in_every_mode_with_every_handler) {
    for (const auto drain : {mlscribe::drain_mode::thread, mlscribe::drain_mode::inline_}) {
        const bool threaded = drain == mlscribe::drain_mode::thread;
        for (const int number : all_signals) {
            if (is_fault(number) && !owns_faults) {
                BOOST_TEST_MESSAGE(name_of(number) + " is the sanitizer's: skipped");
                continue;
            }
            for (const handling& handler : all_handlings) {
                BOOST_TEST_CONTEXT(name_of(number)
                                   << (threaded ? ", thread, " : ", inline, ") << handler.name) {
                    const ended_process seen = run(
                        options_of(drain),
                        [&](mlscribe::run&) {
                            if (handler.how == handled::after) set_handler(number, exit_42);
                            ::raise(number);
                        },
                        [&] {
                            if (handler.how == handled::before) set_handler(number, exit_42);
                            if (handler.how == handled::before_with_info)
                                set_handler(number, exit_43);
                            if (handler.how == handled::ignored) ::signal(number, SIG_IGN);
                        });
                    const bool ends =
                        handler.how != handled::after && handler.how != handled::ignored;
                    const std::string end = is_fault(number) ? failed : killed;
                    BOOST_TEST(seen.process == (handler.how == handled::by_nobody
                                                    ? "signal " + std::to_string(number)
                                                : handler.how == handled::ignored ? ""
                                                : handler.how == handled::before_with_info
                                                    ? "exit status 43"
                                                    : "exit status 42"));
                    if (ends) BOOST_TEST(seen.status == end);
                    if (handler.how == handled::after) BOOST_TEST(seen.status == running);
                    if (handler.how == handled::ignored) BOOST_TEST(seen.status == finished);
                    BOOST_TEST(seen.ends_in_time);
                    BOOST_TEST(seen.tag == (ends ? name_of(number) : ""));
                    BOOST_TEST(seen.tag_recovered == seen.tag);
                    const bool written = handler.how == handled::ignored || (ends && threaded);
                    BOOST_TEST(seen.points == (written ? 1000u : 0u));
                    BOOST_TEST(seen.points_recovered == 1000u);
                    BOOST_TEST(seen.status_recovered ==
                               (handler.how == handled::after ? killed : seen.status));
                }
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(every_other_end) {
    // The standard library throws in a build without exceptions, too. There nothing ends what
    // leaves a noexcept function: it would come out at the test runner.
#if defined(__cpp_exceptions)
    const auto throw_here = [](mlscribe::run&) noexcept { std::vector<int>().at(1); };
#endif
    const auto throw_in_thread = [](mlscribe::run&) {
        std::thread([] { std::vector<int>().at(1); }).join();
    };
    const auto by_exit = [](int status) { return [status](mlscribe::run&) { std::exit(status); }; };
    struct way {
        const char* name;
        std::function<void(mlscribe::run&)> body;
        const char* process;
        std::string status;
        const char* tag;
        bool drains_inline = false;
        bool is_fault = false;
    };
    const way ways[] = {
        {"its scope", [](mlscribe::run&) {}, "", finished, "", true},
#if defined(__cpp_exceptions)
        {"an exception", throw_here, "signal 6", failed, "std::terminate", false, true},
#endif
        {"an exception in a thread", throw_in_thread, "signal 6", failed, "std::terminate", false,
         true},
        {"abort", [](mlscribe::run&) { std::abort(); }, "signal 6", failed, "SIGABRT", false, true},
        {"a null pointer",
         [](mlscribe::run&) {
             volatile int* volatile nowhere = nullptr;
             *nowhere = 1;
         },
         "signal 11", failed, "SIGSEGV", false, true},
        {"exit(0)", by_exit(0), "", finished, "exit", true},
        {"exit(3)", by_exit(3), "exit status 3", failed, "exit", true},
        {"_exit", [](mlscribe::run&) { ::_exit(4); }, "exit status 4", running, ""},
        {"quick_exit", [](mlscribe::run&) { std::quick_exit(5); }, "exit status 5", running, ""},
        {"SIGKILL", [](mlscribe::run&) { ::raise(SIGKILL); }, "signal 9", running, ""},
    };
    for (const auto drain : {mlscribe::drain_mode::thread, mlscribe::drain_mode::inline_}) {
        const bool threaded = drain == mlscribe::drain_mode::thread;
        for (const way& each : ways) {
            if (each.is_fault && !owns_faults) continue;
            BOOST_TEST_CONTEXT(each.name << (threaded ? ", thread" : ", inline")) {
                const ended_process seen = run(options_of(drain), each.body);
                BOOST_TEST(seen.process == each.process);
                BOOST_TEST(seen.status == each.status);
                BOOST_TEST(seen.tag == each.tag);
                const bool written = each.drains_inline || (threaded && each.status != running);
                BOOST_TEST(seen.points == (written ? 1000u : 0u));
                BOOST_TEST(seen.points_recovered == 1000u);
                BOOST_TEST(seen.status_recovered ==
                           (each.status == running ? killed : each.status));
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(a_handler_that_comes_back) {
    for (const auto drain : {mlscribe::drain_mode::thread, mlscribe::drain_mode::inline_}) {
        const ended_process seen = run(
            options_of(drain),
            [&](mlscribe::run& run) {
                if (run.stop_requested()) ::_exit(90);
                errno = EDOM;
                ::raise(SIGTERM);
                if (errno != EDOM) ::_exit(91);
                if (calls != 1) ::_exit(92);
                if (run.recording()) ::_exit(93);
                if (!run.stop_requested()) ::_exit(94);
                run.log_metric("loss", 1.0);
                if (run.lost_points() != 1) ::_exit(95);
                ::raise(SIGTERM);
                if (calls != 2) ::_exit(96);
            },
            [] { set_handler(SIGTERM, [](int) { calls = calls + 1; }); });
        BOOST_TEST(seen.process == "");
        BOOST_TEST(seen.status == killed);
        BOOST_TEST(seen.tag == "SIGTERM");
        // Its scope has written what the handler could not.
        BOOST_TEST(seen.points == 1000u);
    }
}

BOOST_AUTO_TEST_CASE(a_handler_is_called_as_the_system_calls_it,
                     *boost::unit_test::enable_if<owns_handlers>()) {
    static sigset_t seen;
    const auto bits = [](const sigset_t& mask) {
        std::string text;
        for (int number = 1; number < NSIG; ++number) {
            if (::sigismember(&mask, number) == 1) text += std::to_string(number) + ' ';
        }
        return text;
    };
    for (const int flags : {0, static_cast<int>(SA_NODEFER), static_cast<int>(SA_RESETHAND)}) {
        std::string without;
        for (const bool hooked : {false, true}) {
            const std::string text = test::in_child([&] {
                start_afresh();
                sigset_t blocked;
                ::sigemptyset(&blocked);
                ::sigaddset(&blocked, SIGUSR2);
                ::pthread_sigmask(SIG_BLOCK, &blocked, nullptr);
                struct sigaction action {};
                action.sa_handler = [](int) { ::pthread_sigmask(SIG_SETMASK, nullptr, &seen); };
                action.sa_flags = flags;
                ::sigaddset(&action.sa_mask, SIGQUIT);
                ::sigaction(SIGTERM, &action, nullptr);
                mlscribe::run_options chosen = options();
                if (!hooked) chosen.signals = mlscribe::on_signal::nothing;
                const mlscribe::run run = mlscribe::start_run(chosen);
                ::raise(SIGTERM);
                struct sigaction left {};
                ::sigaction(SIGTERM, nullptr, &left);
                const bool reset = (left.sa_flags & SA_SIGINFO) == 0 && left.sa_handler == SIG_DFL;
                sigset_t behind;
                ::pthread_sigmask(SIG_SETMASK, nullptr, &behind);
                return bits(seen) + "| " + bits(behind) + (reset ? "reset" : "");
            });
            if (hooked) BOOST_TEST(text == without);
            without = text;
        }
        BOOST_TEST(without.find("3 ") == 0u);  // SIGQUIT
    }
}

// As Boost.Test's and interpreters' handlers do.
BOOST_AUTO_TEST_CASE(a_handler_may_leap_out) {
    static sigjmp_buf back;
    const ended_process seen = run(
        options(),
        [](mlscribe::run& first) {
            if (sigsetjmp(back, 1) == 0) ::raise(SIGINT);
            if (first.recording()) ::_exit(90);
            first.end();
            if (sigsetjmp(back, 1) == 0) ::raise(SIGINT);
        },
        [] { set_handler(SIGINT, [](int) { siglongjmp(back, 1); }); });
    BOOST_TEST(seen.process == "");
    BOOST_TEST(seen.status == killed);
    BOOST_TEST(seen.points == 1000u);
}

BOOST_AUTO_TEST_CASE(a_request_to_stop_is_left_to_the_loop) {
    for (const auto drain : {mlscribe::drain_mode::thread, mlscribe::drain_mode::inline_}) {
        mlscribe::run_options chosen = options_of(drain);
        chosen.signals = mlscribe::on_signal::request_stop;
        const auto loop = [](mlscribe::run& run) {
            ::raise(SIGUSR1);
            while (!run.stop_requested()) {
            }
            run.log_metric("loss", 1000.0);
        };
        ended_process seen = run(chosen, loop);
        BOOST_TEST(seen.process == "");
        BOOST_TEST(seen.status == killed);
        BOOST_TEST(seen.tag == "SIGUSR1");
        BOOST_TEST(seen.points == 1001u);

        // Another status than FINISHED is the program's choice.
        seen = run(chosen, [&](mlscribe::run& run) {
            loop(run);
            run.end(mlscribe::run_status::failed);
        });
        BOOST_TEST(seen.status == failed);
        BOOST_TEST(seen.tag == "SIGUSR1");

        // The second one is meant.
        seen = run(chosen, [&](mlscribe::run& run) {
            loop(run);
            ::raise(SIGTERM);
        });
        BOOST_TEST(seen.process == "signal 15");
        BOOST_TEST(seen.status == killed);
        BOOST_TEST(seen.tag == "SIGTERM");
        BOOST_TEST(seen.points_recovered == 1001u);

        // So is a fault.
        if (owns_faults) {
            seen = run(chosen, [&](mlscribe::run& run) {
                loop(run);
                std::abort();
            });
            BOOST_TEST(seen.process == "signal 6");
            BOOST_TEST(seen.status == failed);
            BOOST_TEST(seen.tag == "SIGABRT");
        }

        // A handler hears of both.
        seen = run(
            chosen,
            [&](mlscribe::run& run) {
                loop(run);
                if (calls != 1 || !run.recording()) ::_exit(90);
                ::raise(SIGUSR1);
                if (calls != 2 || run.recording()) ::_exit(91);
            },
            [] { set_handler(SIGUSR1, [](int) { calls = calls + 1; }); });
        BOOST_TEST(seen.process == "");
        BOOST_TEST(seen.status == killed);
    }
}

BOOST_AUTO_TEST_CASE(all_runs_of_a_process_end) {
    const std::vector<std::string> ids = {"a", "b", "c", "d", "e"};
    mlscribe::run_options parent;
    const std::string process = test::in_child([&] {
        start_afresh();
        std::vector<mlscribe::run> open;
        mlscribe::run_options chosen = options();
        for (const std::string& id : ids) {
            chosen.run_id = id;
            chosen.drain = id == "b" ? mlscribe::drain_mode::inline_ : mlscribe::drain_mode::thread;
            chosen.signals = id == "c" || id == "d" ? mlscribe::on_signal::nothing
                                                    : mlscribe::on_signal::end_run;
            if (id == "d") {
                open.push_back(open.front().start_child(chosen));
            } else {
                open.push_back(mlscribe::start_run(chosen));
            }
            open.back().log_metric("loss", 1.0);
        }
        mlscribe::run child = open.front().start_child("child");
        child.log_metric("loss", 1.0);
        open.front().set_tag("child", child.id());
        open.pop_back();  // "e" ends before
        ::raise(SIGTERM);
        return std::string();
    });
    BOOST_TEST(process == "signal 15");
    std::string child = test::read_file(folder_of("a") + "/tags/child");
    const std::pair<std::string, std::string> expected[] = {{"a", killed},   {"b", killed},
                                                            {"c", running},  {"d", killed},
                                                            {"e", finished}, {child, killed}};
    for (const auto& each : expected) {
        BOOST_TEST_CONTEXT(each.first) {
            BOOST_TEST(test::meta(folder_of(each.first), "status") == each.second);
            BOOST_TEST(tag(each.first) == (each.second == killed ? "SIGTERM" : ""));
            const bool waits = each.first == "b" || each.first == "c";
            BOOST_TEST(points(each.first) == (waits ? 0u : 1u));
        }
    }
    mlscribe::recover(scratch.store());
    for (const auto& each : expected) BOOST_TEST(points(each.first) == 1u);
}

BOOST_AUTO_TEST_CASE(without_being_asked_nothing_is_hooked) {
    const auto hooks = [] {
        std::string text;
        for (int number = 1; number < NSIG; ++number) {
            struct sigaction action {};
            if (::sigaction(number, nullptr, &action) != 0) continue;
            text += std::to_string(reinterpret_cast<std::uintptr_t>(action.sa_sigaction)) + ' ';
        }
        return text + std::to_string(reinterpret_cast<std::uintptr_t>(std::get_terminate()));
    };
    BOOST_TEST(test::in_child([&] {
                   start_afresh();
                   set_handler(SIGHUP, exit_42);
                   const std::string before = hooks();
                   mlscribe::run_options chosen = options();
                   chosen.signals = mlscribe::on_signal::nothing;
                   const mlscribe::run plain = mlscribe::start_run(chosen);
                   if (hooks() != before) return std::string("hooked without being asked");
                   {
                       const mlscribe::run outer = mlscribe::start_run(options());
                       const std::string hooked = hooks();
                       if (hooked == before) return std::string("not hooked");
                       {
                           const mlscribe::run inner = mlscribe::start_run(options());
                           if (hooks() != hooked) return std::string("hooked twice");
                       }
                       if (hooks() != hooked) return std::string("unhooked too early");
                       if (test::in_child([&] { return hooks(); }) != before)
                           return std::string("hooked in a forked child");
                   }
                   if (hooks() != before) return std::string("not as before");
                   {
                       // Somebody else's hook on top stays.
                       mlscribe::run run = mlscribe::start_run(options());
                       set_handler(SIGTERM, exit_42);
                       std::set_terminate([] { ::_exit(1); });
                       const std::string theirs = hooks();
                       run.end();
                       struct sigaction action {};
                       ::sigaction(SIGTERM, nullptr, &action);
                       if (action.sa_handler != exit_42) return std::string("SIGTERM was theirs");
                       // Also from the next run on: it may call ours.
                       const mlscribe::run next = mlscribe::start_run(options());
                       ::sigaction(SIGTERM, nullptr, &action);
                       if (action.sa_handler != exit_42) return std::string("SIGTERM is theirs");
                       if (theirs.find(std::to_string(reinterpret_cast<std::uintptr_t>(
                               std::get_terminate()))) == std::string::npos)
                           return std::string("std::terminate is theirs");
                   }
                   return std::string();
               }).empty());
    // Nor is the exit.
    mlscribe::run_options chosen = options();
    chosen.signals = mlscribe::on_signal::nothing;
    const ended_process seen = run(chosen, [](mlscribe::run&) { std::exit(3); });
    BOOST_TEST(seen.process == "exit status 3");
    BOOST_TEST(seen.status == running);
    BOOST_TEST(seen.tag == "");
}

BOOST_AUTO_TEST_CASE(the_environment_asks_for_it) {
    mlscribe::run_options chosen = options();
    const auto raise = [](mlscribe::run& run) {
        ::raise(SIGTERM);
        // Only where it stops itself.
        if (!run.stop_requested()) ::_exit(90);
    };
    const test::variable asked("MLSCRIBE_SIGNALS", "1");
    chosen.signals = mlscribe::on_signal::nothing;
    BOOST_TEST(run(chosen, raise).status == killed);
    chosen.signals = mlscribe::on_signal::request_stop;
    BOOST_TEST(run(chosen, raise).process == "");
    const test::variable refused("MLSCRIBE_SIGNALS", "0");
    BOOST_TEST(run(chosen, raise).status == running);
    const test::variable disabled("MLSCRIBE_MODE", "disabled");
    BOOST_TEST(test::in_child([&] {
                   start_afresh();
                   chosen.signals = mlscribe::on_signal::end_run;
                   const mlscribe::run run = mlscribe::start_run(chosen);
                   struct sigaction action {};
                   ::sigaction(SIGTERM, nullptr, &action);
                   return std::string(
                       action.sa_handler != SIG_DFL || run.stop_requested() ? "hooked" : "");
               }).empty());
}

BOOST_AUTO_TEST_CASE(a_forked_child_does_not_end_its_parents_run) {
    for (const auto drain : {mlscribe::drain_mode::thread, mlscribe::drain_mode::inline_}) {
        const ended_process seen = run(options_of(drain), [&](mlscribe::run& run) {
            for (const int number : {SIGTERM, SIGABRT, 0}) {
                const std::string end = test::in_child([&] {
                    if (number == 0) std::exit(7);
                    ::raise(number);
                    return std::string();
                });
                if (end != (number == 0 ? "exit status 7" : "signal " + std::to_string(number)))
                    ::_exit(90);
            }
            // One with a run of its own.
            const std::string end = test::in_child([&] {
                mlscribe::run_options chosen = options_of(drain);
                chosen.run_id = "child" + std::to_string(static_cast<int>(drain));
                mlscribe::run mine = mlscribe::start_run(chosen);
                mine.log_metric("loss", 1.0);
                ::raise(SIGINT);
                return std::string();
            });
            if (end != "signal 2") ::_exit(91);
            // One that the system starts has not even a handler.
            if (::system("kill -TERM $$") != SIGTERM) ::_exit(92);
            if (!run.recording() || run.stop_requested()) ::_exit(93);
        });
        BOOST_TEST(seen.process == "");
        BOOST_TEST(seen.status == finished);
        BOOST_TEST(seen.points == 1000u);
        const std::string child = "child" + std::to_string(static_cast<int>(drain));
        BOOST_TEST(test::meta(folder_of(child), "status") == killed);
        BOOST_TEST(tag(child) == "SIGINT");
        BOOST_TEST(points(child) == 1u);
    }
}

BOOST_AUTO_TEST_CASE(a_meta_yaml_that_is_unlike_any_is_left_to_recover) {
    const ended_process seen =
        run(options_of(mlscribe::drain_mode::inline_), [&](mlscribe::run& run) {
            const std::string path = test::folder(scratch, run) + "/meta.yaml";
            test::write_file(path, test::read_file(path) + "later: |\n  status: 1\n");
            ::raise(SIGTERM);
        });
    BOOST_TEST(seen.process == "signal 15");
    BOOST_TEST(seen.status == running);
    BOOST_TEST(seen.tag == "");
    BOOST_TEST(seen.status_recovered == killed);
    BOOST_TEST(seen.tag_recovered == "SIGTERM");
    BOOST_TEST(seen.points_recovered == 1000u);
}

BOOST_AUTO_TEST_CASE(what_others_wrote_into_meta_yaml_stays) {
    for (const auto drain : {mlscribe::drain_mode::thread, mlscribe::drain_mode::inline_}) {
        const ended_process seen = run(options_of(drain), [&](mlscribe::run& run) {
            const std::string path = test::folder(scratch, run) + "/meta.yaml";
            test::write_file(path, test::read_file(path) + "later: kept\n");
            ::raise(SIGTERM);
        });
        BOOST_TEST(seen.status == killed);
        BOOST_TEST(test::meta(folder_of("run" + std::to_string(runs)), "later") == "kept");
    }
}

BOOST_AUTO_TEST_CASE(a_resumed_run_has_a_new_end) {
    run(options_of(mlscribe::drain_mode::inline_), [](mlscribe::run&) { ::raise(SIGTERM); });
    const std::string id = "run" + std::to_string(runs);
    {
        mlscribe::run resumed = mlscribe::resume_run(id, test::resuming(scratch, log));
        resumed.log_metric("loss", 1.0);
    }
    BOOST_TEST(test::meta(folder_of(id), "status") == finished);
    BOOST_TEST(tag(id) == "");
    BOOST_TEST(points(id) == 1001u);
    // One that leaves the status alone writes its points and no end.
    for (const auto drain : {mlscribe::drain_mode::thread, mlscribe::drain_mode::inline_}) {
        const std::string before = test::read_file(folder_of(id) + "/meta.yaml");
        const std::size_t had = points(id);
        BOOST_TEST(test::in_child([&] {
                       start_afresh();
                       mlscribe::resume_options chosen = test::resuming(scratch, log);
                       chosen.signals = mlscribe::on_signal::end_run;
                       chosen.keep_status = true;
                       chosen.drain = drain;
                       mlscribe::run resumed = mlscribe::resume_run(id, chosen);
                       resumed.log_metric("loss", 1.0);
                       ::raise(SIGTERM);
                       return std::string();
                   }) == "signal 15");
        BOOST_TEST(test::read_file(folder_of(id) + "/meta.yaml") == before);
        BOOST_TEST(tag(id) == "");
        mlscribe::recover(scratch.store());
        BOOST_TEST(points(id) == had + 1);
    }
}

BOOST_AUTO_TEST_CASE(a_journal_elsewhere) {
    const test::variable elsewhere("MLSCRIBE_JOURNAL_DIR", scratch.path().c_str());
    for (const auto drain : {mlscribe::drain_mode::thread, mlscribe::drain_mode::inline_}) {
        const ended_process seen = run(options_of(drain), [](mlscribe::run&) { ::raise(SIGTERM); });
        BOOST_TEST(seen.process == "signal 15");
        BOOST_TEST(seen.status == killed);
        BOOST_TEST(seen.points_recovered == 1000u);
    }
}

BOOST_AUTO_TEST_CASE(runs_outside_every_scope) {
    for (const auto drain : {mlscribe::drain_mode::thread, mlscribe::drain_mode::inline_}) {
        for (const int way : {0, 1, 2}) {
            if (way == 2 && !owns_handlers) continue;
            const std::string late = "late" + std::to_string(runs);
            mlscribe::run_options chosen = options_of(drain);
            const ended_process seen = run(
                chosen,
                [&](mlscribe::run& run) {
                    kept_run() = std::move(run);
                    chosen.run_id = late;
                    // Destroyed before the exit is looked at, which is the end of its scope.
                    static const mlscribe::run static_run = mlscribe::start_run(chosen);
                    if (way != 2) std::exit(way);
                    // Undefined, and done all the same.
                    set_handler(SIGTERM, [](int) { std::exit(0); });
                    ::raise(SIGTERM);
                },
                [] { kept_run(); });
            BOOST_TEST(seen.process == (way == 1 ? "exit status 1" : ""));
            BOOST_TEST(seen.status == (way == 1 ? failed : finished));
            BOOST_TEST(seen.tag == "exit");
            const bool threaded = drain == mlscribe::drain_mode::thread;
            BOOST_TEST(seen.points == (way != 2 || threaded ? 1000u : 0u));
            BOOST_TEST(seen.points_recovered == 1000u);
            BOOST_TEST(test::meta(folder_of(late), "status") == finished);
            BOOST_TEST(tag(late) == "");
        }
    }
}

// The handlers of a process that was hit in several threads at once.
BOOST_AUTO_TEST_CASE(several_signals_at_once) {
    for (const auto drain : {mlscribe::drain_mode::thread, mlscribe::drain_mode::inline_}) {
        for (int i = 0; i < 10; ++i) {
            const ended_process seen = run(options_of(drain), [](mlscribe::run&) {
                std::vector<std::thread> threads;
                for (const int number : {SIGTERM, SIGINT, SIGUSR1, SIGHUP}) {
                    threads.emplace_back([number] { ::raise(number); });
                }
                for (std::thread& each : threads) each.join();
            });
            BOOST_TEST(seen.process.find("signal ") == 0u);
            BOOST_TEST(seen.status == killed);
            BOOST_TEST(seen.points_recovered == 1000u);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
