// SPDX-License-Identifier: MIT
/// \file Runs a part of a test in a process of its own: to kill it, to change its user or
/// environment.
#ifndef MLSCRIBE_TESTS_CHILD_PROCESS_HPP
#define MLSCRIBE_TESTS_CHILD_PROCESS_HPP

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstddef>
#include <cstdio>
#include <exception>
#include <string>

#include "give_up.hpp"
#include "sleeping_threads.hpp"

namespace test {

/// For a child that meets signals: the stack that Boost.Test gives to their handlers is too small
/// for what AddressSanitizer makes of one.
inline void handle_signals_on_the_large_stack() {
#if defined(__SANITIZE_ADDRESS__)
    stack_t none{};
    none.ss_flags = SS_DISABLE;
    ::sigaltstack(&none, nullptr);
#endif
}

/// A forked child that runs `body`, a callable that returns a text. What it throws is a text too.
/// The child leaves by _exit: no destructor of the parent's objects runs in it.
class child_process {
  public:
    template <class Body>
    explicit child_process(Body&& body) {
        int ends[2];
        if (::pipe(ends) != 0) give_up("no pipe");
        std::fflush(nullptr);  // or the child would print the parent's lines again
        let_threads_sleep();
        id_ = ::fork();
        if (id_ < 0) give_up("no process");
        if (id_ == 0) {
            ::close(ends[0]);
            handle_signals_on_the_large_stack();
            std::string text;
#if defined(__cpp_exceptions)
            try {
                text = body();
            } catch (const std::exception& thrown) {
                text = std::string("threw: ") + thrown.what();
            }
#else
            text = body();
#endif
            std::size_t done = 0;
            while (done < text.size()) {
                const ssize_t count = ::write(ends[1], text.data() + done, text.size() - done);
                if (count <= 0) break;
                done += static_cast<std::size_t>(count);
            }
            ::_exit(0);
        }
        ::close(ends[1]);
        output_ = ends[0];
    }
    child_process(const child_process&) = delete;
    child_process& operator=(const child_process&) = delete;
    ~child_process() {
        if (output_ >= 0) ::close(output_);
        if (id_ <= 0) return;
        ::kill(id_, SIGKILL);
        ::waitpid(id_, nullptr, 0);
    }

    pid_t id() const noexcept {
        return id_;
    }
    void kill() const noexcept {
        ::kill(id_, SIGKILL);
    }

    /// Waits for the end. \return the text, or "exit status 7", "signal 9"
    std::string result() {
        std::string text;
        char block[4096];
        ssize_t count = 0;
        while ((count = ::read(output_, block, sizeof block)) > 0) {
            text.append(block, static_cast<std::size_t>(count));
        }
        int status = 0;
        ::waitpid(id_, &status, 0);
        id_ = -1;
        if (WIFSIGNALED(status)) return text + "signal " + std::to_string(WTERMSIG(status));
        if (WEXITSTATUS(status) != 0) {
            return text + "exit status " + std::to_string(WEXITSTATUS(status));
        }
        return text;
    }

  private:
    pid_t id_ = -1;
    int output_ = -1;
};

/// What `body` returns when a child runs it.
template <class Body>
std::string in_child(Body&& body) {
    return child_process(body).result();
}

}  // namespace test

#endif
