// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/error/blocked_signals.hpp>

#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include <string>

#include "child_process.hpp"

using mlscribe::detail::blocked_signals;

namespace {

/// A write into a pipe that nobody reads. \return errno
int write_in_vain() {
    int ends[2];
    if (::pipe(ends) != 0) return -1;
    ::close(ends[0]);
    const int failed = ::write(ends[1], "x", 1) < 0 ? errno : 0;
    ::close(ends[1]);
    return failed;
}

bool is_pending(int number) {
    sigset_t pending;
    ::sigpending(&pending);
    return ::sigismember(&pending, number) == 1;
}

bool is_blocked(int number) {
    sigset_t mask;
    ::pthread_sigmask(SIG_BLOCK, nullptr, &mask);
    return ::sigismember(&mask, number) == 1;
}

void block(int number) {
    sigset_t set;
    ::sigemptyset(&set);
    ::sigaddset(&set, number);
    ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(error_blocked_signals)

BOOST_AUTO_TEST_CASE(a_failing_write_kills_nobody) {
    const std::string result = test::in_child([]() -> std::string {
        for (int i = 0; i < 2; ++i) {
            blocked_signals guard;
            if (!is_blocked(SIGPIPE) || !is_blocked(SIGXFSZ)) return "not blocked";
            if (guard.heed(0) != 0 || guard.heed(write_in_vain()) != EPIPE) return "no EPIPE";
            if (guard.heed(write_in_vain()) != EPIPE) return "no EPIPE again";
        }
        return is_blocked(SIGPIPE) || is_blocked(SIGXFSZ) ? "still blocked" : "survived";
    });
    BOOST_TEST(result == "survived");
    BOOST_TEST(test::in_child([] { return std::to_string(write_in_vain()); }) == "signal 13");
}

BOOST_AUTO_TEST_CASE(who_blocks_the_signals_finds_nothing_new) {
    const std::string result = test::in_child([]() -> std::string {
        block(SIGPIPE);
        {
            blocked_signals guard;
            guard.heed(write_in_vain());
        }
        if (is_pending(SIGPIPE)) return "pending";
        if (!is_blocked(SIGPIPE) || is_blocked(SIGXFSZ)) return "another mask";
        block(SIGXFSZ);
        {
            blocked_signals guard;
            guard.heed(write_in_vain());
        }
        return is_pending(SIGPIPE) || !is_blocked(SIGXFSZ) ? "another state" : "ok";
    });
    BOOST_TEST(result == "ok");
}

BOOST_AUTO_TEST_CASE(what_was_pending_stays) {
    const std::string result = test::in_child([]() -> std::string {
        block(SIGPIPE);
        ::raise(SIGPIPE);
        {
            blocked_signals guard;
            guard.heed(write_in_vain());
        }
        return is_pending(SIGPIPE) ? "pending" : "gone";
    });
    BOOST_TEST(result == "pending");
}

BOOST_AUTO_TEST_SUITE_END()
