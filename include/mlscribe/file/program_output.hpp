// SPDX-License-Identifier: MIT
/// \file Runs another program without a shell and takes what it prints, within bounds.
#ifndef MLSCRIBE_FILE_PROGRAM_OUTPUT_HPP
#define MLSCRIBE_FILE_PROGRAM_OUTPUT_HPP

#include <mlscribe/file/descriptor.hpp>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <system_error>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// What may be waited for and kept.
struct program_bounds {
    std::size_t bytes = std::size_t{1} << 20;  ///< of its standard output
    std::int64_t milliseconds = 3'000;         ///< from start to end
};

struct program_output {
    std::string text;       ///< its standard output
    std::string complaint;  ///< the first bytes of its standard error
    std::string failure;    ///< why the text is not all there is, or ""
    bool cut = false;       ///< whether it printed more than the bounds allow
};

/// One end of a pipe, emptied into a text.
class pipe_reader {
  public:
    /// \param others  the end for the child, closed in programs that others start \return 0 or
    /// errno
    int open(descriptor& others) noexcept {
        int ends[2];
#if defined(__linux__)
        if (::pipe2(ends, O_CLOEXEC) != 0) return errno;
#else
        if (::pipe(ends) != 0) return errno;
        for (const int end : ends) ::fcntl(end, F_SETFD, FD_CLOEXEC);
#endif
        mine_ = descriptor(ends[0]);
        const descriptor given(ends[1]);
        // Beyond the three that the child sets up, where a program has closed its own.
        others = descriptor(::fcntl(given.get(), F_DUPFD_CLOEXEC, 3));
        return others ? 0 : errno;
    }

    pollfd awaited() const noexcept {
        return {mine_.get(), POLLIN, 0};
    }

    /// Takes what is there. \param limit  of `text`; more is dropped \return whether it was more
    bool take(std::string& text, std::size_t limit) {
        char block[16384];
        const ssize_t count = ::read(mine_.get(), block, sizeof block);
        if (count < 0 && errno == EINTR) return false;
        if (count <= 0) {
            mine_ = {};
            return false;
        }
        const auto size = static_cast<std::size_t>(count);
        const std::size_t kept = (std::min)(size, limit - (std::min)(limit, text.size()));
        text.append(block, kept);
        return kept < size;
    }

    bool is_open() const noexcept {
        return static_cast<bool>(mine_);
    }

  private:
    descriptor mine_;
};

/// A started program. Ended, if need be by force, before this goes. \threadsafety one thread
class child_program {
  public:
    child_program() noexcept = default;
    child_program(const child_program&) = delete;
    child_program& operator=(const child_program&) = delete;
    ~child_program() { end(); }

    /// Starts `command` (its name is looked up in PATH) with an empty standard input, every signal
    /// as by default, in a process group of its own. \return 0 or errno; ENOENT where there is no
    /// such program
    int start(const std::vector<std::string>& command, const std::vector<std::string>& environment,
              int output, int complaints) {
        posix_spawn_file_actions_t files;
        posix_spawnattr_t how;
        if (const int failed = ::posix_spawn_file_actions_init(&files)) return failed;
        if (const int failed = ::posix_spawnattr_init(&how)) {
            ::posix_spawn_file_actions_destroy(&files);
            return failed;
        }
        sigset_t none;
        sigset_t all;
        ::sigemptyset(&none);
        ::sigfillset(&all);
        for (const int fixed : {SIGKILL, SIGSTOP}) ::sigdelset(&all, fixed);
        ::posix_spawnattr_setsigmask(&how, &none);
        ::posix_spawnattr_setsigdefault(&how, &all);
        ::posix_spawnattr_setpgroup(&how, 0);
        constexpr int flags =
            POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP;
        ::posix_spawnattr_setflags(&how, static_cast<short>(flags));
        int failed = ::posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
        if (failed == 0) failed = ::posix_spawn_file_actions_adddup2(&files, output, 1);
        if (failed == 0) failed = ::posix_spawn_file_actions_adddup2(&files, complaints, 2);
        if (failed == 0) {
            failed = ::posix_spawnp(&id_, command.front().c_str(), &files, &how,
                                    pointers(command).data(), pointers(environment).data());
        }
        if (failed != 0) id_ = -1;
        ::posix_spawnattr_destroy(&how);
        ::posix_spawn_file_actions_destroy(&files);
        return failed;
    }

    /// Looks whether it has ended. \param status  as waitpid gives it; 0 where another part of the
    /// program, or an ignored SIGCHLD, has taken it
    bool has_ended(int& status) noexcept {
        if (id_ < 0) return true;
        const pid_t found = ::waitpid(id_, &status, WNOHANG);
        if (found == 0 || (found < 0 && errno == EINTR)) return false;
        if (found < 0) status = 0;
        id_ = -1;
        return true;
    }

    /// Kills it and those that it started. One that hangs in the kernel is not waited for longer
    /// than a second.
    void end() noexcept {
        int status = 0;
        for (int tries = 0; tries < 1000 && !has_ended(status); ++tries) {
            if (tries == 0) ::kill(-id_, SIGKILL);
            pause();
        }
    }

    static void pause() noexcept {
        const timespec millisecond{0, 1'000'000};
        ::nanosleep(&millisecond, nullptr);
    }

  private:
    /// As exec wants them; it does not write to the texts.
    static std::vector<char*> pointers(const std::vector<std::string>& texts) {
        std::vector<char*> all;
        for (const std::string& text : texts) all.push_back(const_cast<char*>(text.c_str()));
        all.push_back(nullptr);
        return all;
    }

    pid_t id_ = -1;
};

/// \param status  as waitpid gives it
inline std::string shown_status(int status) {
    return WIFSIGNALED(status) ? "signal " + std::to_string(WTERMSIG(status))
                               : "exit status " + std::to_string(WEXITSTATUS(status));
}

/// Runs a program and takes what it prints. It is killed when it prints or takes more than the
/// bounds allow. Works where SIGCHLD is ignored; leaves no zombie.
inline program_output run_program(const std::vector<std::string>& command,
                                  const std::vector<std::string>& environment,
                                  const program_bounds& bounds) {
    program_output result;
    const std::string& name = command.front();
    const auto refused = [&](int failed) {
        result.failure =
            failed == ENOENT
                ? name + " is not installed"
                : name + " cannot be started: " + std::generic_category().message(failed);
    };
    const auto now = [] {
        timespec time{};
        ::clock_gettime(CLOCK_MONOTONIC, &time);
        return std::int64_t{time.tv_sec} * 1000 + time.tv_nsec / 1'000'000;
    };
    const std::int64_t deadline = now() + bounds.milliseconds;
    pipe_reader output;
    pipe_reader complaints;
    child_program child;
    {
        descriptor output_end;
        descriptor complaint_end;
        int failed = output.open(output_end);
        if (failed == 0) failed = complaints.open(complaint_end);
        if (failed == 0) {
            failed = child.start(command, environment, output_end.get(), complaint_end.get());
        }
        if (failed != 0) {
            refused(failed);
            return result;
        }
    }
    int status = 0;
    bool ended = false;
    while (!result.cut && !ended && now() < deadline) {
        if (!output.is_open() && !complaints.is_open()) {
            ended = child.has_ended(status);
            if (!ended) child_program::pause();
            continue;
        }
        pollfd ends[] = {output.awaited(), complaints.awaited()};
        const int left = static_cast<int>((std::max)(deadline - now(), std::int64_t{0}));
        if (::poll(ends, 2, left) <= 0) continue;
        if (ends[0].revents != 0) result.cut = output.take(result.text, bounds.bytes);
        constexpr std::size_t most = 4096;
        if (ends[1].revents != 0) complaints.take(result.complaint, most);
    }
    if (result.cut) {
        result.failure = "cut after " + std::to_string(bounds.bytes) + " bytes";
    } else if (!ended) {
        result.failure =
            name + " took longer than " + std::to_string(bounds.milliseconds) + " milliseconds";
    } else if (status != 0) {
        const std::string line = result.complaint.substr(0, result.complaint.find_first_of("\r\n"));
        result.failure = name + " failed: " + (line.empty() ? shown_status(status) : line);
    }
    return result;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
