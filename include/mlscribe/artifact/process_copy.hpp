// SPDX-License-Identifier: MIT
/// \file A copy of this process that lives on without it, and the system calls that it may make.
#ifndef MLSCRIBE_ARTIFACT_PROCESS_COPY_HPP
#define MLSCRIBE_ARTIFACT_PROCESS_COPY_HPP

#include <mlscribe/config/config.hpp>

#if defined(__linux__)

#    include <errno.h>
#    include <sched.h>
#    include <signal.h>
#    include <sys/resource.h>
#    include <sys/syscall.h>
#    include <sys/types.h>
#    include <sys/wait.h>
#    include <time.h>
#    include <unistd.h>

#    include <cstddef>

// Of code that runs in a copy of a process with threads: a sanitizer's locks may be taken there.
#    define MLSCRIBE_IN_COPY __attribute__((no_sanitize("thread")))

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// System calls past the C library's wrappers, which sanitizers take the place of. They give what
/// the kernel gives: -errno for a refusal. \threadsafety async-signal-safe
class process_copy {
  public:
    template <class... Arguments>
    MLSCRIBE_IN_COPY static long call(long number, Arguments... arguments) noexcept {
        long result = 0;
        do {
            result = ::syscall(number, word(arguments)...);
        } while (result < 0 && errno == EINTR);
        return result < 0 ? -errno : result;
    }

    /// \return how many bytes are written: fewer than `count` where `failed` says why
    MLSCRIBE_IN_COPY static std::size_t write(int file, const char* bytes, std::size_t count,
                                              int& failed) noexcept {
        std::size_t written = 0;
        failed = 0;
        while (written < count) {
            const long more = call(SYS_write, file, bytes + written, count - written);
            if (more <= 0) {
                failed = more < 0 ? static_cast<int>(-more) : EIO;
                break;
            }
            written += static_cast<std::size_t>(more);
        }
        return written;
    }

    MLSCRIBE_IN_COPY static void close(int& file) noexcept {
        if (file >= 0) call(SYS_close, file);
        file = -1;
    }

    /// Closes every descriptor but these. \param kept  sorted here; -1 for none
    MLSCRIBE_IN_COPY static void close_others(int* kept, std::size_t count) noexcept {
        for (std::size_t i = 1; i < count; ++i) {
            for (std::size_t k = i; k > 0 && kept[k - 1] > kept[k]; --k) {
                const int larger = kept[k - 1];
                kept[k - 1] = kept[k];
                kept[k] = larger;
            }
        }
        unsigned first = 0;
        for (std::size_t i = 0; i < count; ++i) {
            if (kept[i] < 0) continue;
            const auto number = static_cast<unsigned>(kept[i]);
            if (number > first) close_range(first, number - 1);
            first = number + 1;
        }
        close_range(first, ~0u);
    }

    /// Runs `body(with)` in a copy of this process that no SIGCHLD and no waitpid(-1) tells of, so
    /// that the program's own children stay its only ones. It blocks all signals. To be given to
    /// wait() when it has ended. \return its id, or -errno
    static long start(void (*body)(void*) noexcept, void* with) noexcept {
        sigset_t all;
        sigset_t before;
        ::sigfillset(&all);
        ::pthread_sigmask(SIG_SETMASK, &all, &before);
        // Not even a signal at its end, and a debugger that stops the program does not stop it.
        // What pthread_atfork hooks is for children that go on as the program.
        constexpr int flags = CLONE_UNTRACED;
#    if defined(__s390__)
        const long made = call(SYS_clone, 0, flags, 0, 0, 0);
#    else
        const long made = call(SYS_clone, flags, 0, 0, 0, 0);
#    endif
        if (made == 0) {
            body(with);
            while (true) call(SYS_exit_group, 0);
        }
        ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
        return made;
    }

    /// Takes note of its end, once. \param tries  of a tenth of a millisecond each
    static void wait(long& copy, int tries) noexcept {
        const timespec little{0, 100000};
        for (; copy > 0 && tries > 0; --tries) {
            const pid_t ended = ::waitpid(static_cast<pid_t>(copy), nullptr, __WALL | WNOHANG);
            if (ended != 0) copy = 0;
            if (ended == 0 && tries > 1) ::nanosleep(&little, nullptr);
        }
    }

  private:
    static const void* word(const void* address) noexcept { return address; }
    static long word(long number) noexcept { return number; }
    static long word(int number) noexcept { return number; }
    static unsigned long word(unsigned number) noexcept { return number; }
    static unsigned long word(unsigned long number) noexcept { return number; }

    MLSCRIBE_IN_COPY static void close_range(unsigned first, unsigned last) noexcept {
        constexpr long number = 436;  // of this call on every architecture
        if (call(number, first, last, 0) == 0) return;
        // Kernels before 5.9.
        rlimit limit{};
        call(SYS_prlimit64, 0, RLIMIT_NOFILE, nullptr, &limit);
        constexpr rlim_t most = 1u << 20;
        const rlim_t end = limit.rlim_cur < most ? limit.rlim_cur : most;
        for (rlim_t file = first; file <= last && file < end; ++file) {
            call(SYS_close, static_cast<long>(file));
        }
    }
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif

#endif
