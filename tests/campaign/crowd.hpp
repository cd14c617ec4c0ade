// SPDX-License-Identifier: MIT
/// \file Many processes that begin at one instant.
#ifndef MLSCRIBE_TESTS_CAMPAIGN_CROWD_HPP
#define MLSCRIBE_TESTS_CAMPAIGN_CROWD_HPP

#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cstddef>
#include <exception>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

namespace campaign {

/// Thrown with what is wrong.
struct broken_order : std::runtime_error {
    using std::runtime_error::runtime_error;
};

inline void require(bool kept, const std::string& otherwise) {
    if (!kept) throw broken_order(otherwise);
}

inline void rest(long milliseconds) {
    const timespec pause{milliseconds / 1000, milliseconds % 1000 * 1000000};
    ::nanosleep(&pause, nullptr);
}

inline double seconds_now() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

/// Counts those who are ready.
class start_line {
  public:
    start_line()
        : memory_(::mmap(nullptr, sizeof(std::atomic<int>), PROT_READ | PROT_WRITE,
                         MAP_SHARED | MAP_ANONYMOUS, -1, 0)) {
        require(memory_ != MAP_FAILED, "no shared memory");
        new (memory_) std::atomic<int>(0);
    }
    start_line(const start_line&) = delete;
    start_line& operator=(const start_line&) = delete;
    ~start_line() { ::munmap(memory_, sizeof(std::atomic<int>)); }

    std::atomic<int>& ready() const { return *static_cast<std::atomic<int>*>(memory_); }
    void wait_for(int all) const {
        ++ready();
        while (ready() < all) rest(1);
    }

  private:
    void* memory_;
};

/// Forks a process that does `body()` and ends without its parent's destructors.
template <class Body>
pid_t spawn_process(Body&& body) {
    ::fflush(nullptr);
    const pid_t child = ::fork();
    require(child >= 0, "no process");
    if (child != 0) return child;
    try {
        body();
    } catch (const std::exception& thrown) {
        ::fprintf(stderr, "%s\n", thrown.what());
        ::_exit(1);
    }
    ::_exit(0);
}

/// Waits for the end. \return the exit status, 128 + a signal's number
inline int status_of(pid_t child) {
    int status = 0;
    while (::waitpid(child, &status, 0) < 0) {
    }
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/// Has so many processes do `body(number)` at once. \return seconds until all were done
template <class Body>
double all_at_once(int processes, Body&& body) {
    const start_line line;
    std::vector<pid_t> children;
    for (int number = 0; number < processes; ++number) {
        children.push_back(spawn_process([&, number] {
            line.wait_for(processes);
            body(number);
        }));
    }
    while (line.ready() < processes) rest(1);
    const double begin = seconds_now();
    int failures = 0;
    for (const pid_t child : children) failures += status_of(child) == 0 ? 0 : 1;
    require(failures == 0, std::to_string(failures) + " processes failed");
    return seconds_now() - begin;
}

}  // namespace campaign

#endif
