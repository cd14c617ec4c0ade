// SPDX-License-Identifier: MIT
/// \file What a program prints arrives where it went before, and in the run: to its last word.
#include <boost/test/unit_test.hpp>

#include <fcntl.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include "child_process.hpp"
#include "environment.hpp"
#include "scratch_directory.hpp"

namespace {

// UndefinedBehaviorSanitizer opens pipes, and ends a process where it cannot.
#if defined(__SANITIZE_ADDRESS__)
constexpr bool can_run_out_of_files = false;
#else
constexpr bool can_run_out_of_files = true;
#endif

void pause_briefly() {
    ::usleep(5000);
}

/// Waits for what comes soon. \return whether it came
template <class Condition>
bool comes(Condition&& condition) {
    for (int tries = 0; tries < 4000; ++tries) {
        if (condition()) return true;
        pause_briefly();
    }
    return false;
}

bool ends_with(const std::string& text, const std::string& end) {
    return text.size() >= end.size() &&
           text.compare(text.size() - end.size(), std::string::npos, end) == 0;
}

void print(const std::string& text) {
    std::size_t written = 0;
    mlscribe::detail::write_all(STDOUT_FILENO, text, written);
}

/// What `command` prints is not looked at.
void shell(const std::string& command) {
    if (std::system(command.c_str()) != 0) std::printf("the shell failed\n");
}

/// The process that passes the output of this one on, or 0.
pid_t relay_of(pid_t parent) {
    const mlscribe::detail::directory processes(
        mlscribe::detail::descriptor(::open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC)));
    std::vector<std::string> names;
    processes.list(names);
    for (const std::string& name : names) {
        std::string status;
        if (name[0] < '1' || name[0] > '9' || processes.read(name + "/status", status) != 0)
            continue;
        if (status.find("mlscribe-output\n") == std::string::npos) continue;
        if (status.find("\nPPid:\t" + std::to_string(parent) + '\n') == std::string::npos) continue;
        return static_cast<pid_t>(std::stol(name));
    }
    return 0;
}

bool lives(pid_t process) {
    std::string status;
    const mlscribe::detail::descriptor file(
        ::open(("/proc/" + std::to_string(process) + "/stat").c_str(), O_RDONLY | O_CLOEXEC));
    char text[512] = {};
    if (!file || ::read(file.get(), text, sizeof text - 1) <= 0) return false;
    return std::string(text).find(") Z") == std::string::npos;
}

std::vector<std::string> open_files() {
    std::vector<std::string> names;
    mlscribe::detail::directory files;
    mlscribe::detail::directory::open("/proc/self/fd", files);
    files.list(names);
    std::sort(names.begin(), names.end());
    return names;
}

/// A program whose output goes to two files, and the run that it makes.
struct program {
    test::scratch_directory scratch;

    std::string out() const { return test::read_file(scratch / "out"); }
    std::string complaints() const { return test::read_file(scratch / "err"); }
    std::string folder() const { return test::read_file(scratch / "folder"); }
    std::string log(const std::string& name = "stdout.log") const {
        const std::string path = folder() + "/artifacts/logs/" + name;
        return test::exists(path) ? test::read_file(path) : "";
    }
    bool ended_with(const std::string& text) const {
        return comes([&] { return ends_with(out(), text) && ends_with(log(), text); });
    }

    void redirect() const {
        ::setpgid(0, 0);
        for (const int stream : {1, 2}) {
            const std::string path = scratch / (stream == 1 ? "out" : "err");
            const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0666);
            ::dup2(file, stream);
            ::close(file);
        }
        // Or a program in the background would keep the pipe to the test open.
        for (int file = 3; file < 100; ++file) ::fcntl(file, F_SETFD, FD_CLOEXEC);
        // Boost.Test's would report, and end otherwise.
        for (const int signal : {SIGABRT, SIGSEGV, SIGINT, SIGTERM}) ::signal(signal, SIG_DFL);
    }

    mlscribe::run start(test::error_log& errors) const {
        mlscribe::run_options options = test::options(scratch, errors);
        options.flush_interval = std::chrono::milliseconds(20);
        options.source_tags = false;
        mlscribe::run run = mlscribe::start_run(options);
        test::write_file(scratch / "folder", test::folder(scratch, run));
        return run;
    }

    /// Runs `body(run, errors)` in a process of its own, while a run captures.
    template <class Body>
    std::string run(Body&& body, const mlscribe::output_options& options = {}) const {
        return test::in_child([&] {
            redirect();
            test::error_log errors;
            mlscribe::run run = start(errors);
            run.capture_output(options);
            return body(run, errors);
        });
    }
};

std::string shown(const test::error_log& errors) {
    std::string text;
    for (const mlscribe::error& each : errors.all()) text += each.message + '\n';
    return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(captured_output)

BOOST_FIXTURE_TEST_CASE(all_that_is_printed_is_in_both_places_and_the_end_puts_everything_back,
                        program) {
    BOOST_TEST(test::in_child([&] {
                   redirect();
                   test::error_log errors;
                   mlscribe::run run = start(errors);
                   std::printf("before\n");
                   struct stat was[2] = {};
                   for (int i = 0; i < 2; ++i) ::fstat(1 + i, &was[i]);
                   const auto files = open_files();
                   run.capture_output();
                   run.capture_output();
                   std::printf("printf\n");
                   std::cout << "cout\n";
                   std::fflush(stdout);
                   print("write\n");
                   std::cerr << "cerr\n";
                   shell("echo program; echo complaint >&2");
                   if (::waitpid(-1, nullptr, 0) != -1 || errno != ECHILD) {
                       return std::string("a child that is not the program's");
                   }
                   const pid_t relay = relay_of(::getpid());
                   std::printf("last");
                   run.end();
                   std::printf("after\n");
                   std::fflush(stdout);
                   if (relay == 0 || lives(relay)) return std::string("the process that relays");
                   for (int i = 0; i < 2; ++i) {
                       struct stat is {};
                       ::fstat(1 + i, &is);
                       if (is.st_ino != was[i].st_ino) return std::string("not put back");
                   }
                   // The run has closed its own.
                   if (open_files().size() > files.size()) return std::string("descriptors");
                   return shown(errors);
               }) == "");
    BOOST_TEST(log() == "printf\ncout\nwrite\nprogram\nlast");
    BOOST_TEST(out() == "before\n" + log() + "after\n");
    BOOST_TEST(log("stderr.log") == "cerr\ncomplaint\n");
    BOOST_TEST(complaints() == log("stderr.log"));
    BOOST_TEST(test::meta(folder(), "status") == "3");
}

BOOST_FIXTURE_TEST_CASE(it_is_there_at_once_and_whole_from_many_threads, program) {
    BOOST_TEST(run([&](mlscribe::run& run, test::error_log& errors) {
                   print("now\n");
                   if (!comes([&] { return out() == "now\n" && log() == "now\n"; })) {
                       return std::string("not live");
                   }
                   std::vector<std::thread> threads;
                   for (int i = 0; i < 4; ++i) {
                       threads.emplace_back([i] {
                           const std::string line(99, static_cast<char>('a' + i));
                           for (int k = 0; k < 2000; ++k) print(line + '\n');
                       });
                   }
                   for (std::thread& each : threads) each.join();
                   run.end();
                   return shown(errors);
               }) == "");
    BOOST_TEST(log().size() == 4u + 4 * 2000 * 100);
    BOOST_TEST((out() == log()));
}

BOOST_AUTO_TEST_CASE(the_last_words_of_a_process_that_dies) {
    struct death {
        const char* how;
        const char* result;
        void (*die)();
    };
    const death deaths[] = {
        {"kill", "signal 9", [] { ::raise(SIGKILL); }},
        {"abort", "signal 6", [] { std::abort(); }},
        {"exit", "exit status 3", [] { ::_exit(3); }},
        {"interrupt of the group", "signal 2", [] { ::kill(0, SIGINT); }},
        {"kill of the group", "signal 9", [] { ::kill(0, SIGKILL); }},
    };
    for (const death& each : deaths) {
        BOOST_TEST_CONTEXT(each.how) {
            const program dying;
            BOOST_TEST(dying.run([&](mlscribe::run&, test::error_log&) {
                // More than a pipe holds.
                for (int i = 0; i < 2000; ++i) print(std::string(99, 'x') + '\n');
                const pid_t relay = relay_of(::getpid());
                test::write_file(dying.scratch / "relay", std::to_string(relay));
                ::kill(relay,
                       SIGSTOP);  // it comes to the last words only when this process is gone
                print("last words\n");
                each.die();
                return std::string();
            }) == each.result);
            ::kill(static_cast<pid_t>(std::stol(test::read_file(dying.scratch / "relay"))),
                   SIGCONT);
            BOOST_TEST(dying.ended_with("last words\n"));
            BOOST_TEST((dying.out() == dying.log()));
        }
    }
}

BOOST_FIXTURE_TEST_CASE(a_run_that_ends_with_its_process_logs_what_that_still_says, program) {
    const test::variable signals("MLSCRIBE_SIGNALS", "1");
    const std::string result = run([&](mlscribe::run&, test::error_log&) {
        std::set_terminate([] {
            print("terminate\n");
            ::_exit(7);
        });
        std::printf("in a buffer\n");
        std::exit(0);
        return std::string();
    });
    BOOST_TEST(result == "");
    BOOST_TEST(ended_with("in a buffer\n"));
    BOOST_TEST(test::meta(folder(), "status") == "3");
}

BOOST_FIXTURE_TEST_CASE(a_killed_run_is_dead_though_its_output_is_still_relayed, program) {
    test::child_process killed([&] {
        redirect();
        test::error_log errors;
        mlscribe::run run = start(errors);
        run.capture_output();
        run.log_metric("loss", 1.0);
        shell("(while [ ! -e " + scratch / "go" + " ]; do sleep 0.02; done; echo orphan) &");
        test::write_file(scratch / "relay", std::to_string(relay_of(::getpid())));
        ::raise(SIGKILL);
        return std::string();
    });
    BOOST_TEST(killed.result() == "signal 9");
    const auto relay = static_cast<pid_t>(std::stol(test::read_file(scratch / "relay")));
    BOOST_REQUIRE(relay > 0);
    BOOST_TEST(lives(relay));
    const mlscribe::recovery done = mlscribe::recover(scratch.store());
    BOOST_TEST(done.runs.size() == 1u);
    BOOST_TEST(test::points(folder(), "loss").size() == 1u);
    BOOST_TEST(test::meta(folder(), "status") == "5");
    test::write_file(scratch / "go", "");
    BOOST_TEST(comes([&] { return out() == "orphan\n"; }));
    BOOST_TEST(comes([&] { return !lives(relay); }));
}

BOOST_FIXTURE_TEST_CASE(a_program_in_the_background_goes_on_after_the_end, program) {
    BOOST_TEST(run([&](mlscribe::run& run, test::error_log& errors) {
                   shell("(while [ ! -e " + scratch / "go" +
                         " ]; do sleep 0.02; done; echo late) &");
                   print("early\n");
                   run.end();
                   print("after\n");
                   test::write_file(scratch / "go", "");
                   return shown(errors);
               }) == "");
    BOOST_TEST(comes([&] { return out() == "early\nafter\nlate\n"; }));
    BOOST_TEST(log() == "early\n");
}

BOOST_FIXTURE_TEST_CASE(a_resumed_run_goes_on_with_its_log_within_the_limit, program) {
    mlscribe::output_options options;
    options.limit = 20000;
    const auto print_lines = [](const std::string& name) {
        for (int i = 0; i < 1000; ++i) std::printf("%s %d\n", name.c_str(), i);
    };
    BOOST_TEST(run(
                   [&](mlscribe::run& run, test::error_log& errors) {
                       print_lines("first");
                       run.end();
                       return shown(errors);
                   },
                   options) == "");
    BOOST_TEST(test::in_child([&] {
                   redirect();
                   test::error_log errors;
                   const std::string id = folder().substr(folder().rfind('/') + 1);
                   mlscribe::run run = mlscribe::resume_run(id, test::resuming(scratch, errors));
                   run.capture_output(options);
                   for (int k = 0; k < 3; ++k) print_lines("second");
                   run.end();
                   return shown(errors);
               }) == "");
    const std::string rest = log("stdout.rest.log");
    BOOST_TEST(log().size() + rest.size() <= 20000u);
    BOOST_TEST((out().compare(0, log().size(), log()) == 0));
    const std::size_t note = rest.find('\n') + 1;
    BOOST_TEST(rest.substr(0, 11) == "[mlscribe: ");
    BOOST_TEST(std::stoull(rest.substr(11)) + log().size() + rest.size() - note == out().size());
    BOOST_TEST((ends_with(out(), rest.substr(note))));
}

BOOST_FIXTURE_TEST_CASE(a_disk_that_refuses_costs_the_log_alone, program) {
    BOOST_TEST(test::in_child([&] {
                   redirect();
                   ::signal(SIGXFSZ, SIG_DFL);
                   // No file of this process grows beyond it; a pipe is none.
                   shell("mkfifo " + scratch / "pipe; cat " + scratch / "pipe >" + scratch / "out" +
                         " &");
                   const int pipe = ::open((scratch / "pipe").c_str(), O_WRONLY);
                   ::dup2(pipe, 1);
                   ::close(pipe);
                   test::error_log errors;
                   mlscribe::run run = start(errors);
                   rlimit limit{};
                   ::getrlimit(RLIMIT_FSIZE, &limit);
                   const rlimit small{100000, limit.rlim_max};
                   ::setrlimit(RLIMIT_FSIZE, &small);
                   run.capture_output();
                   ::setrlimit(RLIMIT_FSIZE, &limit);
                   for (int i = 0; i < 3000; ++i) print(std::string(99, 'x') + '\n');
                   print("last");
                   run.end();
                   const bool told = errors.tells({"stdout.log", "File too large", "200004 bytes"});
                   return told ? "" : "told: " + shown(errors);
               }) == "");
    BOOST_TEST(comes([&] { return ends_with(out(), "last"); }));
    BOOST_TEST(out().size() == 300004u);
    BOOST_TEST(log().size() == 100000u);
    BOOST_TEST(test::read_file(folder() + "/tags/mlscribe.unlogged_output") == "200004");
}

BOOST_FIXTURE_TEST_CASE(the_end_does_not_wait_for_ever_and_nothing_is_lost, program) {
    BOOST_TEST(run([&](mlscribe::run& run, test::error_log& errors) {
                   const pid_t relay = relay_of(::getpid());
                   ::kill(relay, SIGSTOP);
                   print("held up\n");
                   run.end();
                   print("after\n");
                   const std::string early = out();
                   ::kill(relay, SIGCONT);
                   const bool told = errors.tells({"held up"});
                   return told && early == "after\n" ? "" : early + shown(errors);
               }) == "");
    BOOST_TEST(comes([&] { return out() == "after\nheld up\n" && log() == "held up\n"; }));
}

BOOST_FIXTURE_TEST_CASE(a_relay_that_somebody_kills_costs_neither_the_job_nor_output, program) {
    BOOST_TEST(run([&](mlscribe::run& run, test::error_log& errors) {
                   print("first\n");
                   if (!comes([&] { return log() == "first\n"; })) return std::string("not live");
                   ::kill(relay_of(::getpid()), SIGKILL);
                   // More than the pipe holds: waits until somebody reads.
                   for (int i = 0; i < 3000; ++i) print(std::string(99, 'x') + '\n');
                   print("last\n");
                   run.end();
                   const bool told = errors.tells({"ended the process \"mlscribe-output\""});
                   return told && errors.all().size() == 1 ? "" : "told: " + shown(errors);
               }) == "");
    BOOST_TEST(out().size() == 6u + 300000 + 5);
    BOOST_TEST(out().find("last\n") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(a_program_that_prints_on_holds_up_neither_the_end_nor_the_drain, program) {
    BOOST_TEST(run([&](mlscribe::run& run, test::error_log&) {
                   shell("(i=0; while [ $i -lt 1000000 ]; do echo x; i=$((i+1)); done; : >" +
                         scratch / "done" + ") &");
                   ::kill(relay_of(::getpid()), SIGKILL);
                   run.log_metric("loss", 1.0);
                   run.end();
                   return std::string(test::exists(scratch / "done") ? "waited" : "");
               }) == "");
}

BOOST_FIXTURE_TEST_CASE(a_debugger_does_not_stop_the_relay, program) {
    const auto arrives = [&](const char* name) {
        return comes([&] { return test::exists(scratch / name); });
    };
    test::child_process debugged([&] {
        redirect();
        test::error_log errors;
        mlscribe::run run = start(errors);
        test::write_file(scratch / "ready", "");
        arrives("go");
        run.capture_output();
        test::write_file(scratch / "captured", "");
        run.end();
        return shown(errors);
    });
    BOOST_TEST(arrives("ready"));
    const bool traces = ::ptrace(PTRACE_SEIZE, debugged.id(), nullptr,
                                 PTRACE_O_TRACECLONE | PTRACE_O_EXITKILL) == 0;
    test::write_file(scratch / "go", "");
    const bool goes_on = arrives("captured");
    BOOST_TEST(goes_on);
    if (!traces) BOOST_TEST_MESSAGE("this machine does not let programs be debugged");
    if (goes_on) BOOST_TEST(debugged.result() == "");
}

BOOST_FIXTURE_TEST_CASE(two_runs_at_once_lose_nothing_whichever_ends_first, program) {
    for (const bool inner_first : {true, false}) {
        const program both;
        BOOST_TEST(both.run([&](mlscribe::run& outer, test::error_log& errors) {
            mlscribe::run inner = outer.start_child("inner");
            inner.capture_output();
            print("both\n");
            comes([&] { return both.log() == "both\n"; });  // what is on its way ends in no log
            mlscribe::run& first = inner_first ? inner : outer;
            mlscribe::run& second = inner_first ? outer : inner;
            first.end();
            print("one\n");
            second.end();
            print("none\n");
            const std::string path =
                test::folder(both.scratch, inner) + "/artifacts/logs/stdout.log";
            return test::read_file(path) + shown(errors);
        }) == (inner_first ? "both\n" : "both\none\n"));
        BOOST_TEST(comes([&] { return both.out() == "both\none\nnone\n"; }));
        BOOST_TEST(both.log() == (inner_first ? "both\none\n" : "both\n"));
    }
}

BOOST_FIXTURE_TEST_CASE(a_forked_child_prints_but_ends_nothing, program) {
    BOOST_TEST(run([&](mlscribe::run& run, test::error_log& errors) {
                   const pid_t child = ::fork();
                   if (child == 0) {
                       print("child\n");
                       run.capture_output();
                       run.end();
                       ::_exit(0);
                   }
                   ::waitpid(child, nullptr, 0);
                   print("parent\n");
                   run.end();
                   return shown(errors);
               }) == "");
    BOOST_TEST(log() == "child\nparent\n");
    BOOST_TEST(out() == log());
}

BOOST_FIXTURE_TEST_CASE(what_the_program_puts_in_the_place_of_a_stream_stays, program) {
    BOOST_TEST(run([&](mlscribe::run& run, test::error_log& errors) {
                   print("captured\n");
                   const std::string path = scratch / "own";
                   const int own = ::open(path.c_str(), O_WRONLY | O_CREAT, 0666);
                   ::dup2(own, 1);
                   run.end();
                   print("own\n");
                   return shown(errors);
               }) == "");
    BOOST_TEST(test::read_file(scratch / "own") == "own\n");
    BOOST_TEST(out() == "captured\n");
    BOOST_TEST(log() == "captured\n");
}

BOOST_FIXTURE_TEST_CASE(closed_streams_and_limits_that_are_too_small_are_told, program) {
    BOOST_TEST(test::in_child([&] {
                   redirect();
                   ::close(1);
                   test::error_log errors;
                   mlscribe::run run = start(errors);  // something of it may be descriptor 1
                   mlscribe::output_options options;
                   options.limit = 100;
                   run.capture_output(options);
                   if (!errors.tells({"100 bytes", "4096"})) return shown(errors);
                   run.capture_output();
                   std::fprintf(stderr, "complaint\n");
                   run.log_param("still", "written");
                   run.end();
                   const bool told = errors.tells({"stdout is closed", "/dev/null"});
                   return told && errors.all().size() == 2 ? "" : shown(errors);
               }) == "");
    BOOST_TEST(log("stderr.log") == "complaint\n");
    BOOST_TEST(complaints() == "complaint\n");
    BOOST_TEST(test::read_file(folder() + "/params/still") == "written");
}

BOOST_FIXTURE_TEST_CASE(where_nothing_more_can_be_opened_output_goes_where_it_went, program,
                        *boost::unit_test::enable_if<can_run_out_of_files>()) {
    BOOST_TEST(
        test::in_child([&] {
            redirect();
            test::error_log errors;
            mlscribe::run run = start(errors);
            for (const rlim_t more : {1u, 2u, 4u, 7u, 8u, 9u}) {
                const std::size_t before = open_files().size();
                rlimit limit{};
                ::getrlimit(RLIMIT_NOFILE, &limit);
                const int next = ::dup(1);
                ::close(next);
                const rlimit small{static_cast<rlim_t>(next) + more, limit.rlim_max};
                ::setrlimit(RLIMIT_NOFILE, &small);
                run.capture_output();
                ::setrlimit(RLIMIT_NOFILE, &limit);
                if (open_files().size() != before) return std::string("descriptors");
                print("as before\n");
            }
            const bool told = errors.tells({"output is not captured", "Too many open files"});
            return told && errors.count(mlscribe::error_code::system) == 6
                       ? ""
                       : "told: " + shown(errors);
        }) == "");
    BOOST_TEST(out().size() == 6 * 10u);
    BOOST_TEST(log() == "");
}

BOOST_FIXTURE_TEST_CASE(on_a_terminal_lines_come_at_once_and_the_progress_line_is_not_logged,
                        program) {
    const mlscribe::detail::descriptor screen(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
    BOOST_REQUIRE(static_cast<bool>(screen));
    BOOST_REQUIRE(::grantpt(screen.get()) == 0);
    BOOST_REQUIRE(::unlockpt(screen.get()) == 0);
    const std::string name = ::ptsname(screen.get());
    test::child_process trains([&] {
        const int terminal = ::open(name.c_str(), O_RDWR | O_NOCTTY);
        for (const int stream : {1, 2}) ::dup2(terminal, stream);
        stdout = ::fdopen(1, "w");  // one that has printed nothing yet
        test::error_log errors;
        mlscribe::run run = start(errors);
        run.capture_output();
        std::printf("a line\n");
        if (!comes([&] { return log() == "a line\n"; })) return "not at once: " + log();
        for ([[maybe_unused]] auto epoch : run.epochs(2)) {
        }
        run.end();
        return log("stderr.log") + shown(errors);
    });
    std::string seen;
    const bool drawn = comes([&] {
        char block[4096];
        const ssize_t count = ::read(screen.get(), block, sizeof block);
        if (count > 0) seen.append(block, static_cast<std::size_t>(count));
        return seen.find("epoch 2/2") != std::string::npos;
    });
    BOOST_TEST(drawn, seen);
    BOOST_TEST(seen.find("a line\r\n") != std::string::npos);
    BOOST_TEST(trains.result() == "");
}

BOOST_FIXTURE_TEST_CASE(a_run_that_does_not_record_captures_nothing, program) {
    const test::variable mode("MLSCRIBE_MODE", "disabled");
    BOOST_TEST(test::in_child([&] {
                   redirect();
                   test::error_log errors;
                   mlscribe::run run = mlscribe::start_run(test::options(scratch, errors));
                   run.capture_output();
                   const bool captured = relay_of(::getpid()) != 0;
                   mlscribe::run none;
                   none.capture_output();
                   return captured ? std::string("captured") : shown(errors);
               }) == "");
}

BOOST_AUTO_TEST_SUITE_END()
