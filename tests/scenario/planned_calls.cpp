// SPDX-License-Identifier: MIT
/// \file Stands between the program and the C library: the linker prefers these definitions, in
/// this program and in the libraries it loads.
#include "planned_calls.hpp"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cstddef>

namespace test {

call_plan& planned_calls() {
    static call_plan plan;
    return plan;
}

}  // namespace test

namespace {

enum class fate { done, refused, halved, half_died, died_after, repeated };

fate fate_of(unsigned call) {
    test::call_plan& plan = test::planned_calls();
    if ((plan.which & call) == 0) return fate::done;
    const long left = plan.calls_before.fetch_sub(1);
    if (left > 0 || (left < 0 && !plan.for_good)) return fate::done;
    ++plan.met;
    switch (plan.end.load()) {
        case test::call_end::refused:
            errno = plan.error;
            return fate::refused;
        case test::call_end::halved:
            return fate::halved;
        case test::call_end::half_died:
            return fate::half_died;
        case test::call_end::died_after:
            return fate::died_after;
        case test::call_end::repeated:
            return fate::repeated;
        case test::call_end::held:
            while ((plan.which & call) != 0) ::usleep(1000);
            return fate::done;
        case test::call_end::died_before:
            break;
    }
    ::kill(::getpid(), SIGKILL);
    return fate::refused;
}

bool is_regular(int file) {
    struct stat found {};
    return ::fstat(file, &found) == 0 && S_ISREG(found.st_mode);
}

/// Makes the call unless the plan says otherwise.
template <class Call>
int planned(unsigned which, Call&& call) {
    const fate met = fate_of(which);
    if (met == fate::refused) return -1;
    if (met == fate::repeated) call();
    const auto result = static_cast<int>(call());
    if (met == fate::died_after || met == fate::half_died) ::kill(::getpid(), SIGKILL);
    return result;
}

/// As planned(), for calls that can do half of what they are asked.
template <class Call>
ssize_t planned_write(int file, std::size_t bytes, Call&& call) {
    const fate met = is_regular(file) ? fate_of(test::call_write) : fate::done;
    if (met == fate::refused) return -1;
    const bool half = (met == fate::halved || met == fate::half_died) && bytes > 1;
    const auto result = static_cast<ssize_t>(call(half ? bytes / 2 : bytes));
    if (met == fate::died_after || met == fate::half_died) ::kill(::getpid(), SIGKILL);
    return result;
}

}  // namespace

extern "C" {

ssize_t write(int file, const void* bytes, std::size_t count) {
    return planned_write(file, count,
                         [=](std::size_t n) { return ::syscall(SYS_write, file, bytes, n); });
}

ssize_t pwrite(int file, const void* bytes, std::size_t count, off_t offset) {
    return planned_write(file, count, [=](std::size_t n) {
        return ::syscall(SYS_pwrite64, file, bytes, n, offset);
    });
}

ssize_t pread(int file, void* bytes, std::size_t count, off_t offset) {
    if (is_regular(file) && fate_of(test::call_pread) == fate::refused) return -1;
    return static_cast<ssize_t>(::syscall(SYS_pread64, file, bytes, count, offset));
}

int fstatat(int folder, const char* name, struct stat* found, int flags) noexcept {
    return planned(test::call_fstatat,
                   [=] { return ::syscall(SYS_newfstatat, folder, name, found, flags); });
}

int fallocate(int file, int mode, off_t offset, off_t length) {
    return planned(test::call_fallocate,
                   [=] { return ::syscall(SYS_fallocate, file, mode, offset, length); });
}

int fdatasync(int file) {
    return planned(test::call_fdatasync, [=] { return ::syscall(SYS_fdatasync, file); });
}

int fsync(int file) {
    return planned(test::call_fsync, [=] { return ::syscall(SYS_fsync, file); });
}

int ftruncate(int file, off_t length) noexcept {
    return planned(test::call_ftruncate, [=] { return ::syscall(SYS_ftruncate, file, length); });
}

int linkat(int from, const char* old_name, int to, const char* new_name, int flags) noexcept {
    return planned(test::call_linkat,
                   [=] { return ::syscall(SYS_linkat, from, old_name, to, new_name, flags); });
}

int renameat(int from, const char* old_name, int to, const char* new_name) noexcept {
    return planned(test::call_renameat,
                   [=] { return ::syscall(SYS_renameat2, from, old_name, to, new_name, 0); });
}

int renameat2(int from, const char* old_name, int to, const char* new_name,
              unsigned int flags) noexcept {
    return planned(test::call_renameat,
                   [=] { return ::syscall(SYS_renameat2, from, old_name, to, new_name, flags); });
}

int unlinkat(int folder, const char* name, int flags) noexcept {
    return planned(test::call_unlinkat,
                   [=] { return ::syscall(SYS_unlinkat, folder, name, flags); });
}

int clock_gettime(clockid_t which, struct timespec* now) noexcept {
    // The C library's reads the clock without a system call.
    using clock_call = int (*)(clockid_t, struct timespec*);
    static const auto real = reinterpret_cast<clock_call>(::dlsym(RTLD_NEXT, "clock_gettime"));
    const int result = real(which, now);
    const std::int64_t shift = test::planned_calls().clock;
    if (result == 0 && shift != 0 && which != CLOCK_MONOTONIC) now->tv_sec += shift / 1000;
    return result;
}

}  // extern "C"
