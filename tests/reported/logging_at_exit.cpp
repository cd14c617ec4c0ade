// SPDX-License-Identifier: MIT
/// \file Programs crashed at exit: static runs, threads that still log, destructors that log.
#include <boost/test/unit_test.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <iostream>
#include <thread>

#include "scratch_directory.hpp"

namespace {

/// Everything that outlives main, in a child of its own.
[[noreturn]] void misbehave(const test::scratch_directory& scratch, test::error_log& log) {
    static mlscribe::metric_handle* handle = nullptr;
    static mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
    struct late_logger {
        ~late_logger() { handle->log(2.0); }
    };
    static const late_logger late;
    handle = new mlscribe::metric_handle(run.metric("loss"));
    for (int i = 0; i < 100; ++i) handle->log(1.0);
    std::thread([copy = *handle]() mutable {
        while (true) copy.log(3.0);
    }).detach();
    std::exit(0);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(logging_at_exit)

BOOST_AUTO_TEST_CASE(never_crashes_and_keeps_what_came_before) {
    for (int round = 0; round < 40; ++round) {
        const test::scratch_directory scratch;
        test::error_log log;
        std::cout.flush();
        const pid_t child = ::fork();
        if (child == 0) misbehave(scratch, log);
        int status = -1;
        ::waitpid(child, &status, 0);
        BOOST_TEST(status == 0);
        mlscribe::client client(scratch.store());
        const auto experiment = client.get_experiment_by_name("test");
        BOOST_REQUIRE(experiment);
        const std::string shelf = scratch.store() + '/' + experiment->experiment_id;
        int runs = 0;
        for (const std::string& name : test::tree(shelf)) {
            if (name.size() != 33 || name.back() != '/') continue;
            ++runs;
            BOOST_TEST(test::meta(shelf + '/' + name, "status") == "3");
            BOOST_TEST(test::points(shelf + '/' + name, "loss").size() >= 100u);
        }
        BOOST_TEST(runs == 1);
    }
}

BOOST_AUTO_TEST_SUITE_END()
