// SPDX-License-Identifier: MIT
/// \file Keeps a failing write from killing the program.
#ifndef MLSCRIBE_ERROR_BLOCKED_SIGNALS_HPP
#define MLSCRIBE_ERROR_BLOCKED_SIGNALS_HPP

#include <mlscribe/config/config.hpp>

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <time.h>

#include <initializer_list>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// While it lives, a write of this thread beyond `ulimit -f` or into a closed pipe only fails with
/// EFBIG or EPIPE: the signal that comes with it is taken away again. \cost two system calls; one
/// where the thread blocks the signals anyway; one more after such a failure
class blocked_signals {
  public:
    blocked_signals() noexcept {
        sigset_t wanted;
        ::sigemptyset(&wanted);
        for (const int number : {SIGPIPE, SIGXFSZ}) ::sigaddset(&wanted, number);
        ::pthread_sigmask(SIG_BLOCK, &wanted, &before_);
        ::sigemptyset(&pending_);
        // A signal that the thread does not block cannot be pending for it.
        if (was_blocked(SIGPIPE) || was_blocked(SIGXFSZ)) ::sigpending(&pending_);
    }
    blocked_signals(const blocked_signals&) = delete;
    blocked_signals& operator=(const blocked_signals&) = delete;
    ~blocked_signals() {
        if (raised_) take_away();
        if (!was_blocked(SIGPIPE) || !was_blocked(SIGXFSZ)) {
            ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
        }
    }

    /// To be told of every refusal. \param failed  errno, or 0 \return the same
    int heed(int failed) noexcept {
        raised_ = raised_ || failed == EFBIG || failed == EPIPE;
        return failed;
    }

  private:
    bool was_blocked(int number) const noexcept { return ::sigismember(&before_, number) == 1; }

    void take_away() const noexcept {
#if defined(__linux__)
        sigset_t ours;
        ::sigemptyset(&ours);
        for (const int number : {SIGPIPE, SIGXFSZ}) {
            if (::sigismember(&pending_, number) == 0) ::sigaddset(&ours, number);
        }
        const timespec at_once{};
        while (::sigtimedwait(&ours, nullptr, &at_once) > 0) {
        }
#endif
    }

    sigset_t before_;
    sigset_t pending_;
    bool raised_ = false;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
