// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/file/program_output.hpp>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "child_process.hpp"

using mlscribe::detail::program_bounds;
using mlscribe::detail::program_output;
using mlscribe::detail::run_program;

namespace {

program_output run(const std::string& script, program_bounds bounds = {}) {
    return run_program({"sh", "-c", script}, {"PATH=/usr/bin:/bin", "GIVEN=value"}, bounds);
}

/// All that a run gives, and whether children are left.
std::string told(const program_output& output) {
    const bool left = ::waitpid(-1, nullptr, WNOHANG) >= 0 || errno != ECHILD;
    return output.text + '|' + output.complaint + '|' + output.failure + (left ? "|zombie" : "");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(file_program_output)

BOOST_AUTO_TEST_CASE(both_outputs_are_taken_and_nothing_is_left) {
    BOOST_TEST(told(run("echo out; echo err >&2; cat; echo $GIVEN$HOME")) == "out\nvalue\n|err\n|");
    const program_output failed = run("echo 'fatal: no\nmore' >&2; exit 3");
    BOOST_TEST(failed.failure == "sh failed: fatal: no");
    BOOST_TEST(told(run_program({"mlscribe-no-such-program"}, {}, {})) ==
               "||mlscribe-no-such-program is not installed");
    BOOST_TEST(told(run("kill -9 $$")) == "||sh failed: signal 9");
    BOOST_TEST(told(run("exit 3")) == "||sh failed: exit status 3");
}

BOOST_AUTO_TEST_CASE(what_prints_too_much_is_cut_and_ended) {
    program_bounds bounds;
    bounds.bytes = 100'000;
    const program_output output = run("while :; do echo 0123456789; done", bounds);
    BOOST_TEST(output.cut);
    BOOST_TEST(output.text.size() == 100'000u);
    BOOST_TEST(output.text.substr(0, 11) == "0123456789\n");
    BOOST_TEST(output.failure == "cut after 100000 bytes");
    const program_output exact = run("printf '%0100000d' 0", bounds);
    BOOST_TEST(!exact.cut);
    BOOST_TEST(exact.text.size() == 100'000u);
    // Many complaints do not stop it.
    BOOST_TEST(
        run("i=0; while [ $i -lt 9000 ]; do echo complaint >&2; i=$((i+1)); done; echo end").text ==
        "end\n");
}

BOOST_AUTO_TEST_CASE(what_hangs_is_ended_with_all_that_it_started) {
    program_bounds bounds;
    bounds.milliseconds = 3000;  // in which a shell begins on any machine
    const program_output output = run("trap '' TERM; sleep 600 & echo $!; sleep 600", bounds);
    BOOST_TEST(told(output).find("sh took longer than 3000 milliseconds") != std::string::npos);
    const int grandchild = std::stoi(output.text);
    bool gone = false;
    for (int tries = 0; tries < 5000 && !gone; ++tries) {
        ::usleep(1000);
        const std::string state = "/proc/" + std::to_string(grandchild) + "/stat";
        std::FILE* const file = std::fopen(state.c_str(), "r");
        char letter = 'X';
        // Whoever adopted it may take its time to bury it.
        gone = file == nullptr || std::fscanf(file, "%*d (%*[^)]) %c", &letter) != 1 ||
               letter == 'Z' || letter == 'X';
        if (file != nullptr) std::fclose(file);
    }
    BOOST_TEST(gone);
    // One that closes its outputs is waited for no longer.
    bounds.milliseconds = 300;
    BOOST_TEST(run("exec >&- 2>&-; sleep 600", bounds).failure ==
               "sh took longer than 300 milliseconds");
}

BOOST_AUTO_TEST_CASE(a_program_that_ignores_or_blocks_signals_can_run_others) {
    BOOST_TEST(test::in_child([] {
                   ::signal(SIGCHLD, SIG_IGN);
                   ::signal(SIGPIPE, SIG_IGN);
                   sigset_t all;
                   ::sigfillset(&all);
                   ::sigprocmask(SIG_BLOCK, &all, nullptr);
                   return told(run("(exit 4); echo $?; kill -PIPE $$; echo not here")) +
                          told(run("sleep 0.05; echo late"));
               }) == "4\n||late\n||");
}

BOOST_AUTO_TEST_CASE(a_program_without_standard_streams_can_run_others) {
    BOOST_TEST(test::in_child([] {
                   for (const int stream : {0, 1, 2}) ::close(stream);
                   return told(run("echo out; echo err >&2"));
               }) == "out\n|err\n|");
}

BOOST_AUTO_TEST_SUITE_END()
