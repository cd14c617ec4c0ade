// SPDX-License-Identifier: MIT
/// \file Data loaders and launchers fork: a child must not end, fill or lock its parent's run.
#include <boost/test/unit_test.hpp>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>

#include "child_process.hpp"
#include "scratch_directory.hpp"

namespace {

// AddressSanitizer's allocator keeps the locks of vanished threads in a forked child: any child of
// a process with threads may then wait for ever in operator new.
#if defined(__SANITIZE_ADDRESS__)
constexpr bool heap_survives_fork = false;
#else
constexpr bool heap_survives_fork = true;
#endif

struct open_run {
    test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
    std::string folder = test::folder(scratch, run);
    mlscribe::metric_handle loss = run.metric("loss");

    /// Nothing that a child did may be seen; the run goes on and ends as ever.
    void check_unharmed() {
        BOOST_TEST(run.recording());
        BOOST_TEST(test::meta(folder, "status") == "1");
        loss.log(2.0);
        run.log_param("after", 1);
        run.end();
        const auto rows = test::points(folder, "loss");
        BOOST_REQUIRE(rows.size() == 2u);
        BOOST_TEST(rows[0].value == 1.0);
        BOOST_TEST(rows[1].value == 2.0);
        BOOST_TEST(test::meta(folder, "status") == "3");
        BOOST_TEST(test::tree(folder + "/params").size() == 1u);
        BOOST_TEST(run.lost_points() == 0u);
        BOOST_TEST(log.all().empty());
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(forked_children, *boost::unit_test::enable_if<heap_survives_fork>())

BOOST_FIXTURE_TEST_CASE(one_that_logs_changes_nothing, open_run) {
    loss.log(1.0);
    BOOST_TEST(test::in_child([&] {
                   for (int i = 0; i < 5000; ++i) loss.log(9.0);
                   run.log_metric("loss", 9.0);
                   run.log_metric("other", 9.0);
                   run.metric("third").log(9.0);
                   run.log_param("lr", 9);
                   run.set_tag("t", "9");
                   run.log_text("x", "x.txt");
                   const bool child_recorded = run.start_child("child").recording();
                   run.flush();
                   run.end();
                   return std::string(run.recording() || child_recorded ? "recording"
                                                                        : "not recording");
               }) == "not recording");
    check_unharmed();
}

BOOST_FIXTURE_TEST_CASE(one_that_leaves_the_scope_does_not_end_the_run, open_run) {
    loss.log(1.0);
    BOOST_TEST(test::in_child([&] {
                   const mlscribe::run moved = std::move(run);
                   return std::string();
               }).empty());
    BOOST_TEST(test::in_child([&]() -> std::string {
                   const mlscribe::run moved = std::move(run);
                   throw std::runtime_error("diverged");
               }) == "threw: diverged");
    check_unharmed();
}

BOOST_FIXTURE_TEST_CASE(one_that_is_killed_or_crashes, open_run) {
    loss.log(1.0);
    for (const int signal : {SIGKILL, SIGABRT}) {
        BOOST_TEST(test::in_child([&] {
                       loss.log(9.0);
                       ::signal(signal, SIG_DFL);  // Boost.Test's handler would write a report
                       ::raise(signal);
                       return std::string();
                   }) == "signal " + std::to_string(signal));
        // Its parent lives: nobody may take the run for dead.
        const mlscribe::recovery found = mlscribe::recover(scratch.store());
        BOOST_TEST(found.runs.empty());
        BOOST_TEST(found.alive.size() == 1u);
    }
    check_unharmed();
}

BOOST_AUTO_TEST_CASE(one_that_exits_runs_all_destructors) {
    const test::scratch_directory scratch;
    BOOST_TEST(test::in_child([&] {
                   test::error_log log;
                   static mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
                   run.log_metric("loss", 1.0);
                   std::fflush(nullptr);
                   const pid_t child = ::fork();
                   if (child == 0) std::exit(7);
                   int status = 0;
                   ::waitpid(child, &status, 0);
                   if (WEXITSTATUS(status) != 7) return std::string("the child did not exit");
                   const std::string folder = test::folder(scratch, run);
                   if (test::meta(folder, "status") != "1")
                       return std::string("the child ended the run");
                   run.end();
                   return std::string(test::points(folder, "loss").size() == 1 ? "" : "points");
               }).empty());
}

BOOST_FIXTURE_TEST_CASE(one_starts_a_run_of_its_own, open_run) {
    loss.log(1.0);
    const std::string id = test::in_child([&] {
        test::error_log own;
        mlscribe::run_options options = test::options(scratch, own);
        options.flush_interval = std::chrono::milliseconds(5);
        mlscribe::run mine = mlscribe::start_run(options);
        mine.log_metric("loss", 3.0);
        const std::string path = test::folder(scratch, mine) + "/metrics/loss";
        for (int i = 0; i < 6000 && !test::exists(path); ++i) ::usleep(5000);
        const bool drained = test::exists(path);  // by a thread of the child's own
        mine.end();
        return (drained ? "" : "not drained ") + std::string(mine.id());
    });
    BOOST_TEST(id.size() == 32u, id);
    const std::string other = folder.substr(0, folder.rfind('/') + 1) + id;
    BOOST_TEST(test::points(other, "loss").size() == 1u);
    BOOST_TEST(test::meta(other, "status") == "3");
    check_unharmed();
}

BOOST_FIXTURE_TEST_CASE(one_that_logs_says_once_that_it_is_not_recorded, open_run) {
    loss.log(1.0);
    BOOST_TEST(test::in_child([&] {
                   auto mean = run.metric<mlscribe::mean>("mean");
                   for (int i = 0; i < 1000; ++i) {
                       loss.log(9.0);
                       loss.log(9.0, -1);
                       run.log_metric("loss", 9.0);
                       run.log_metric("other", 9.0, 7);
                       run.metric("third").log(9.0);
                       mean.add(1.0);
                   }
                   if (log.all().size() != 1) return std::to_string(log.all().size());
                   if (!log.tells({std::string(run.id()), "not recorded", "forked"}))
                       return log.all()[0].message;
                   return std::string(log.count(mlscribe::error_code::not_recording) == 1 ? "once"
                                                                                          : "code");
               }) == "once");
    for (int way = 0; way < 3; ++way) {
        BOOST_TEST(test::in_child([&] {
                       if (way == 0) run.log_metric("by name", 9.0);
                       if (way == 1) run.metric("new").log(9.0);
                       if (way == 2) loss.log(9.0, -1);
                       return std::to_string(log.all().size());
                   }) == "1");
    }
    // One that only looks says nothing.
    BOOST_TEST(test::in_child([&] { return std::to_string(log.all().size()); }) == "0");
    check_unharmed();
}

BOOST_AUTO_TEST_CASE(without_a_handler_stderr_hears_of_it) {
    const test::scratch_directory scratch;
    test::error_log log;
    for (const auto policy : {mlscribe::strictness::report, mlscribe::strictness::raise}) {
        mlscribe::run_options options = test::options(scratch, log);
        options.on_error = {};
        options.errors = policy;
        mlscribe::run run = mlscribe::start_run(options);
        BOOST_TEST(test::in_child([&] {
                       const std::string path = scratch / "stderr";
                       if (std::freopen(path.c_str(), "w", stderr) == nullptr) return path;
                       for (int i = 0; i < 100; ++i) run.log_metric("loss", 9.0);
                       return test::read_file(path);
                   }) == "mlscribe: run " + std::string(run.id()) +
                             " belongs to the process that this one was forked from: what is "
                             "logged to it here is not recorded; log in the parent, or start a run "
                             "of this process\n");
        run.end();
    }
}

// The child has the parent's points in its memory, but they are the parent's to write.
BOOST_AUTO_TEST_CASE(a_run_that_drains_itself_is_not_drained_by_the_child) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run_options options = test::options(scratch, log);
    options.drain = mlscribe::drain_mode::inline_;
    options.flush_interval = std::chrono::milliseconds(1);
    mlscribe::run run = mlscribe::start_run(options);
    mlscribe::metric_handle loss = run.metric("loss");
    loss.log(1.0, 0, mlscribe::timestamp{1700000000000});
    ::usleep(20 * 1000);
    BOOST_TEST(test::in_child([&] {
                   loss.log(9.0);
                   loss.log(9.0, 5);
                   run.log_metric("loss", 9.0);
                   return std::string(
                       test::exists(test::folder(scratch, run) + "/metrics/loss") ? "drained" : "");
               }).empty());
    run.end();
    BOOST_TEST(test::points(test::folder(scratch, run), "loss").size() == 1u);
    BOOST_TEST(log.all().empty());
}

// A thread that is gone in the child may have been reporting.
BOOST_AUTO_TEST_CASE(forked_while_a_thread_reports) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run_options options = test::options(scratch, log);
    options.on_error = {};
    std::fflush(nullptr);
    BOOST_TEST(test::in_child([&] {
                   const std::string path = scratch / "stderr";
                   if (std::freopen(path.c_str(), "w", stderr) == nullptr) return path;
                   mlscribe::run run = mlscribe::start_run(options);
                   std::atomic<bool> ended{false};
                   std::thread reporting([&] {
                       mlscribe::metric_handle loss = run.metric("loss");
                       while (!ended) loss.log(1.0, -1);
                   });
                   std::string result;
                   for (int i = 0; i < 60 && result.empty(); ++i) {
                       result = test::in_child([&] {
                           ::alarm(20);
                           run.log_metric("loss", 9.0);
                           run.log_metric("loss", 9.0, -1);
                           return std::string();
                       });
                   }
                   ended = true;
                   reporting.join();
                   return result;
               }).empty());
}

BOOST_AUTO_TEST_CASE(forked_while_all_threads_log) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run_options options = test::options(scratch, log);
    options.flush_interval = std::chrono::milliseconds(1);
    mlscribe::run run = mlscribe::start_run(options);
    std::atomic<bool> ended{false};
    std::atomic<std::size_t> logged{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 2; ++i) {
        threads.emplace_back([&] {
            mlscribe::metric_handle loss = run.metric("loss");
            while (!ended) {
                loss.log(1.0);
                run.log_metric("by name", 1.0);
                // However long the children take, the journal has room for what is logged
                // meanwhile.
                if (++logged % 1024 == 0) ::usleep(500);
            }
        });
    }
    for (int i = 0; i < 30; ++i) {
        BOOST_TEST(test::in_child([&] {
                       ::alarm(60);  // a lock that nobody gives back
                       run.log_metric("loss", 9.0);
                       run.log_param("lr", 9);
                       test::error_log own;
                       mlscribe::run mine = mlscribe::start_run(test::options(scratch, own));
                       mine.log_metric("loss", 1.0);
                       mine.end();
                       run.end();
                       return std::string(own.all().empty() && mine.lost_points() == 0 ? ""
                                                                                       : "failed");
                   }).empty());
    }
    ended = true;
    for (std::thread& thread : threads) thread.join();
    run.end();
    const std::string folder = test::folder(scratch, run);
    BOOST_TEST(test::points(folder, "loss").size() == logged.load());
    BOOST_TEST(test::points(folder, "by name").size() == logged.load());
    BOOST_TEST(run.lost_points() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
