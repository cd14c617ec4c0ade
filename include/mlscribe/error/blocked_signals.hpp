// SPDX-License-Identifier: MIT
/// \file Keeps a failing write from killing the program.
#ifndef MLSCRIBE_ERROR_BLOCKED_SIGNALS_HPP
#define MLSCRIBE_ERROR_BLOCKED_SIGNALS_HPP

#include <mlscribe/config/config.hpp>

#include <pthread.h>
#include <signal.h>
#include <time.h>

#include <initializer_list>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// While it lives, a write of this thread beyond `ulimit -f` or into a closed pipe only fails with
/// EFBIG or EPIPE: the signal that comes with it is taken away again. \cost four system calls
class blocked_signals {
  public:
    blocked_signals() noexcept {
        sigset_t pending;
        ::sigemptyset(&added_);
        ::sigpending(&pending);
        for (const int number : {SIGPIPE, SIGXFSZ}) {
            if (::sigismember(&pending, number) == 0) ::sigaddset(&added_, number);
        }
        ::pthread_sigmask(SIG_BLOCK, &added_, &before_);
    }
    blocked_signals(const blocked_signals&) = delete;
    blocked_signals& operator=(const blocked_signals&) = delete;
    ~blocked_signals() {
#if defined(__linux__)
        const timespec at_once{};
        while (::sigtimedwait(&added_, nullptr, &at_once) > 0) {
        }
#endif
        ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    }

  private:
    sigset_t added_;
    sigset_t before_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
