// SPDX-License-Identifier: MIT
/// \file A process that is held at a chosen system call of its own, to be killed there or to go on.
#ifndef MLSCRIBE_TESTS_CAMPAIGN_TRACED_PROCESS_HPP
#define MLSCRIBE_TESTS_CAMPAIGN_TRACED_PROCESS_HPP

#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <exception>

#include "crowd.hpp"

namespace campaign {

/// Whether this machine lets a program be traced.
inline bool can_trace() {
    const pid_t child = spawn_process([] {
        if (::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) ::_exit(2);
    });
    return status_of(child) == 0;
}

/// Runs `body()` up to its n-th system call, counted from 0, and holds it before that one.
class traced_process {
  public:
    template <class Body>
    traced_process(long calls_before, Body&& body)
        : child_(spawn_process([&body] {
              // It dies with whoever holds it.
              if (::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) ::_exit(2);
              ::raise(SIGSTOP);
              body();
          })) {
        int status = 0;
        wait_for(status);
        require(WIFSTOPPED(status), "a process cannot be traced");
        ::ptrace(PTRACE_SETOPTIONS, child_, nullptr, PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD);
        // Each call stops it twice.
        for (long stops = 0; stops < 2 * calls_before + 1;) {
            ::ptrace(PTRACE_SYSCALL, child_, nullptr, signal_);
            wait_for(status);
            if (!WIFSTOPPED(status)) {
                end(status);
                return;
            }
            const bool at_call = WSTOPSIG(status) == (SIGTRAP | 0x80);
            signal_ = at_call ? 0 : WSTOPSIG(status);
            stops += at_call ? 1 : 0;
        }
    }
    traced_process(const traced_process&) = delete;
    traced_process& operator=(const traced_process&) = delete;
    ~traced_process() { kill(); }

    /// Whether it came to its end before that call. \return what status_of() gives
    bool has_ended() const { return ended_; }
    int exit_status() const { return status_; }

    void kill() {
        if (ended_) return;
        ::kill(child_, SIGKILL);
        end_of_all();
    }

    /// Lets it do the rest.
    void go_on() {
        if (ended_) return;
        ::ptrace(PTRACE_DETACH, child_, nullptr, signal_);
        end_of_all();
    }

  private:
    void wait_for(int& status) const {
        while (::waitpid(child_, &status, __WALL) < 0 && errno == EINTR) {
        }
    }
    void end_of_all() {
        int status = 0;
        do {
            wait_for(status);
        } while (WIFSTOPPED(status));
        end(status);
    }
    void end(int status) {
        ended_ = true;
        status_ = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    }

    pid_t child_;
    int signal_ = 0;
    bool ended_ = false;
    int status_ = 0;
};

}  // namespace campaign

#endif
