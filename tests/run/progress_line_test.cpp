// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/run/start_run.hpp>

#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string>

#include "environment.hpp"
#include "scratch_directory.hpp"

namespace {

/// Runs a loop in a child whose stderr is a terminal of so many columns (0: a pipe).
/// \return what a person saw
template <class Loop>
std::string seen_on_terminal(unsigned short columns, Loop&& loop) {
    int shown = -1;
    int written = -1;
    if (columns == 0) {
        int ends[2];
        BOOST_REQUIRE_EQUAL(::pipe(ends), 0);
        shown = ends[0];
        written = ends[1];
    } else {
        shown = ::posix_openpt(O_RDWR | O_NOCTTY);
        BOOST_REQUIRE(shown >= 0);
        BOOST_REQUIRE_EQUAL(::grantpt(shown), 0);
        BOOST_REQUIRE_EQUAL(::unlockpt(shown), 0);
        written = ::open(::ptsname(shown), O_RDWR | O_NOCTTY);
        winsize size{};
        size.ws_col = columns;
        BOOST_REQUIRE_EQUAL(::ioctl(written, TIOCSWINSZ, &size), 0);
    }
    const test::scratch_directory scratch;
    const pid_t child = ::fork();
    if (child == 0) {
        ::dup2(written, 2);
        ::close(shown);
        mlscribe::run_options options;
        options.tracking_uri = scratch.path() + "/mlruns";
        options.run_name = "progress";
        options.source_tags = false;
        {
            mlscribe::run run = mlscribe::start_run(options);
            loop(run);
        }
        ::_exit(0);
    }
    ::close(written);
    std::string text;
    char block[4096];
    while (true) {
        const ssize_t count = ::read(shown, block, sizeof block);
        if (count <= 0) break;  // EIO: nobody has the terminal any more
        text.append(block, static_cast<std::size_t>(count));
    }
    ::close(shown);
    int status = 0;
    ::waitpid(child, &status, 0);
    BOOST_TEST(status == 0);
    return text;
}

void train(mlscribe::run& run) {
    mlscribe::metric_handle accuracy = run.metric("val/accuracy");
    for (auto epoch : run.epochs(3)) {
        for ([[maybe_unused]] auto step : run.steps(4)) {
        }
        accuracy.log(static_cast<double>(epoch) + 0.25);
    }
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(run_progress_line)

BOOST_AUTO_TEST_CASE(one_line_with_steps_time_and_metrics) {
    const std::string text = seen_on_terminal(100, train);
    BOOST_TEST(has(text, "epoch 1/3, step 1/4"));
    BOOST_TEST(has(text, "epoch 3/3"));
    BOOST_TEST(has(text, " val/accuracy 2.25"));
    BOOST_TEST(!has(text, "epoch_seconds"));
    BOOST_TEST(std::count(text.begin(), text.end(), '\n') == 1);
    BOOST_TEST(text.back() == '\n');
}

BOOST_AUTO_TEST_CASE(not_many_times_a_second) {
    const std::string text = seen_on_terminal(100, [](mlscribe::run& run) {
        for ([[maybe_unused]] auto step : run.steps(100000)) {
        }
    });
    // The first, the last, and one for each fifth of a second; a slow machine takes some.
    BOOST_TEST(std::count(text.begin(), text.end(), '\r') < 100);
    BOOST_TEST(has(text, "step 100000/100000"));
}

BOOST_AUTO_TEST_CASE(it_fits_the_terminal) {
    const std::string text = seen_on_terminal(20, [](mlscribe::run& run) {
        auto handle = run.metric("\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4");
        for (auto step : run.steps(2)) handle.log(step);
    });
    std::size_t begin = 0;
    while ((begin = text.find('\r', begin)) != std::string::npos) {
        const std::size_t end = text.find("\x1b[K", begin);
        if (end == std::string::npos) break;
        BOOST_TEST(end - begin - 1 < 20u);
        BOOST_TEST(static_cast<unsigned char>(text[end - 1]) != 0xc3u);
        begin = end;
    }
}

BOOST_AUTO_TEST_CASE(a_range_without_an_end) {
    const std::string text = seen_on_terminal(100, [](mlscribe::run& run) {
        for (auto step : run.steps(INT64_MAX)) {
            if (step == 9) break;
        }
    });
    BOOST_TEST(has(text, "step 10 "));
    BOOST_TEST(!has(text, "ETA"));
}

BOOST_AUTO_TEST_CASE(a_stopped_terminal_holds_nobody_up) {
    const std::string text = seen_on_terminal(100, [](mlscribe::run& run) {
        ::alarm(300);  // nothing here waits for ever
        ::tcflow(STDERR_FILENO, TCOOFF);
        train(run);
    });
    BOOST_TEST(!has(text, "epoch"));
}

BOOST_AUTO_TEST_CASE(a_terminal_of_another_job_is_left_alone) {
    const std::string text = seen_on_terminal(100, [](mlscribe::run& run) {
        ::setsid();
        ::ioctl(STDERR_FILENO, TIOCSCTTY, 0);
        train(run);
        const pid_t other = ::fork();
        if (other == 0) {
            ::setpgid(0, 0);
            ::pause();
        }
        ::setpgid(other, other);
        ::tcsetpgrp(STDERR_FILENO, other);
        for ([[maybe_unused]] auto step : run.steps(9)) {
        }
        ::kill(other, SIGKILL);
        ::waitpid(other, nullptr, 0);
    });
    BOOST_TEST(has(text, "epoch 3/3"));
    BOOST_TEST(!has(text, "/9"));
}

BOOST_AUTO_TEST_CASE(nobody_looks) {
    BOOST_TEST(seen_on_terminal(0, train).empty());
    {
        const test::variable off("MLSCRIBE_PROGRESS", "0");
        BOOST_TEST(seen_on_terminal(100, train).empty());
    }
    const test::variable second("SLURM_PROCID", "1");
    BOOST_TEST(seen_on_terminal(100, train).empty());
}

BOOST_AUTO_TEST_CASE(slow_passes_have_a_time_each_and_an_end) {
    const std::string text = seen_on_terminal(100, [](mlscribe::run& run) {
        for (const auto epoch : run.epochs(3)) {
            if (epoch < 2) ::usleep(1100000);
        }
    });
    BOOST_TEST(has(text, " s/epoch  ETA 0:00:0"), text);
}

BOOST_AUTO_TEST_SUITE_END()
