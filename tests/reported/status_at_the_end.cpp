// SPDX-License-Identifier: MIT
/// \file Runs that an exception or a signal ended were shown as finished, or as running for ever.
#include <boost/test/unit_test.hpp>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>
#include <thread>

#include "scratch_directory.hpp"

BOOST_AUTO_TEST_SUITE(status_at_the_end)

BOOST_AUTO_TEST_CASE(an_exception_fails_the_run_it_leaves) {
    const test::scratch_directory scratch;
    test::error_log log;
    std::string first;
    std::string second;
    try {
        const mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
        first = test::folder(scratch, run);
        throw std::runtime_error("diverged");
    } catch (const std::runtime_error&) {
        // A run that begins while an exception is handled is not unwound by it.
        const mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
        second = test::folder(scratch, run);
    }
    BOOST_TEST(test::meta(first, "status") == "4");
    BOOST_TEST(test::meta(second, "status") == "3");
    mlscribe::run moved;
    {
        mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
        moved = std::move(run);
    }
    const std::string third = test::folder(scratch, moved);
    BOOST_TEST(test::meta(third, "status") == "1");
    BOOST_TEST(test::meta(third, "end_time") == "null");
    moved.end(mlscribe::run_status::killed);
    moved.end();
    BOOST_TEST(test::meta(third, "status") == "5");
}

BOOST_AUTO_TEST_CASE(a_destructor_during_unwinding_finishes_its_own_run) {
    const test::scratch_directory scratch;
    test::error_log log;
    std::string inner;
    struct cleanup {
        const test::scratch_directory& scratch;
        test::error_log& log;
        std::string& folder;
        ~cleanup() {
            const mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
            folder = test::folder(scratch, run);
        }
    };
    try {
        const cleanup at_exit{scratch, log, inner};
        throw std::runtime_error("diverged");
    } catch (const std::runtime_error&) {
    }
    BOOST_TEST(test::meta(inner, "status") == "3");
}

BOOST_AUTO_TEST_CASE(a_killed_run_is_readable_and_running) {
    const test::scratch_directory scratch;
    test::error_log log;
    const pid_t child = ::fork();
    if (child == 0) {
        mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
        for (int i = 0; i < 20; ++i) run.log_param("p" + std::to_string(i), i);
        for (int i = 0; i < 5; ++i) run.set_tag("t" + std::to_string(i), "x");
        run.log_metric("loss", 0.5, 0);
        run.flush();
        ::kill(::getpid(), SIGKILL);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    BOOST_TEST(WTERMSIG(status) == SIGKILL);
    mlscribe::client client(scratch.store());
    const auto experiment = client.get_experiment_by_name("test");
    BOOST_REQUIRE(experiment);
    const std::string shelf = scratch.store() + '/' + experiment->experiment_id;
    std::string id;
    for (const std::string& name : test::tree(shelf)) {
        if (name.size() == 33 && name.back() == '/') id = name.substr(0, 32);
    }
    const std::string folder = shelf + '/' + id;
    BOOST_TEST(test::meta(folder, "status") == "1");
    BOOST_TEST(test::tree(folder + "/params").size() == 20u);
    for (int i = 0; i < 5; ++i) BOOST_TEST(test::exists(folder + "/tags/t" + std::to_string(i)));
    BOOST_TEST(test::steps(folder, "loss").size() == 1u);
    mlscribe::run again = mlscribe::resume_run(id, test::resuming(scratch, log));
    again.log_metric("loss", 0.25);
    again.end();
    BOOST_TEST(test::steps(folder, "loss").size() == 2u);
    BOOST_TEST(test::meta(folder, "status") == "3");
}

BOOST_AUTO_TEST_CASE(points_come_to_the_disk_while_the_run_is_open) {
    const test::scratch_directory scratch;
    test::error_log log;
    int ready[2];
    BOOST_REQUIRE(::pipe(ready) == 0);
    const pid_t child = ::fork();
    if (child == 0) {
        mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
        for (int i = 0; i < 3; ++i) run.log_metric("loss", 0.5 * i);
        const std::string folder = test::folder(scratch, run) + "/metrics/loss";
        while (!test::exists(folder)) std::this_thread::sleep_for(std::chrono::milliseconds(10));
        [[maybe_unused]] const auto told = ::write(ready[1], folder.data(), folder.size());
        ::kill(::getpid(), SIGKILL);
    }
    ::close(ready[1]);
    std::string path(4096, '\0');
    const auto length = ::read(ready[0], &path[0], path.size());
    ::close(ready[0]);
    ::waitpid(child, nullptr, 0);
    BOOST_REQUIRE(length > 0);
    path.resize(static_cast<std::size_t>(length));
    const std::string text = test::read_file(path);
    BOOST_TEST(std::count(text.begin(), text.end(), '\n') == 3);
    BOOST_TEST(text.back() == '\n');
}

BOOST_AUTO_TEST_CASE(a_resumed_run_keeps_its_start_and_its_place) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
    for (int i = 0; i < 1000; ++i) run.log_metric("loss", 1.0 / (i + 1));
    run.end();
    const std::string folder = test::folder(scratch, run);
    const std::string start = test::meta(folder, "start_time");
    run = mlscribe::resume_run(std::string(run.id()), test::resuming(scratch, log));
    BOOST_TEST(test::meta(folder, "status") == "1");
    run.log_metric("loss", 0.0);
    run.end();
    BOOST_TEST(test::steps(folder, "loss").size() == 1001u);
    BOOST_TEST(test::steps(folder, "loss").back() == 1000);
    BOOST_TEST(test::meta(folder, "start_time") == start);
    BOOST_TEST(test::meta(folder, "status") == "3");
    const auto names = test::tree(folder.substr(0, folder.rfind('/')));
    BOOST_TEST(std::count_if(names.begin(), names.end(), [](const std::string& name) {
                   return name.size() == 33 && name.back() == '/';
               }) == 1);
}

BOOST_AUTO_TEST_SUITE_END()
