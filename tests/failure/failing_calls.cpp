// SPDX-License-Identifier: MIT
/// \file Loaded before the C library (LD_PRELOAD), fails the calls of one kind that touch a store.
///
///     FAILING_BELOW   the store; other calls are made as ever
///     FAILING_CALL    the kind, or `disk` for all that a disk without room or life refuses;
///     without
///                     it none fails
///     FAILING_AT      how many calls of the kind are made first
///     FAILING_ERROR   the errno; 0 for writes of half the bytes; -EINTR where that is told of a
///                     call that was made
///     FAILING_FOR     so many calls of the kind from there on; 0: all
///     FAILING_LOG     a file that gets a line `<kind> <path>` for each call; where calls fail, one
///                     for the first of these
///
/// A close that fails loses what was written since the file was opened or last reached the disk, as
/// on a network; not so where a signal interrupted it.
///
/// Here is what the reference program, as imports.cmake sees it, and Boost.Filesystem import. What
/// the C library calls in itself does not come here; opendir(), fdopendir() and readdir() stand for
/// what they ask the system.
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <utility>

namespace {

/// Asks the system itself.
template <class... Arguments>
long ask(long number, Arguments... arguments) {
    using any_call = long (*)(long, ...);
    static const auto real = reinterpret_cast<any_call>(::dlsym(RTLD_NEXT, "syscall"));
    return real(number, arguments...);
}

const char* setting(const char* name) {
    const char* const text = std::getenv(name);
    return text == nullptr ? "" : text;
}

struct plan {
    const char* below = setting("FAILING_BELOW");
    std::size_t below_length = std::strlen(below);
    const char* call = setting("FAILING_CALL");
    long at = std::strtol(setting("FAILING_AT"), nullptr, 10);
    int error = static_cast<int>(std::strtol(setting("FAILING_ERROR"), nullptr, 10));
    long calls = std::strtol(setting("FAILING_FOR"), nullptr, 10);
    int log = static_cast<int>(
        ask(SYS_open, setting("FAILING_LOG"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666));
    std::atomic<long> made{0};
};

plan& planned() {
    static plan made;
    return made;
}

/// A file or place that a call names.
struct place {
    char path[2 * PATH_MAX] = "";

    explicit place(int file) { append_descriptor(file); }
    place(int folder, const char* name) {
        if (name != nullptr && *name == '/') {
            append(name);
            return;
        }
        if (folder == AT_FDCWD) return;  // stores are named by absolute paths
        append_descriptor(folder);
        if (name == nullptr || *name == '\0') return;
        append("/");
        append(name);
    }

    bool is_in_store() const {
        const plan& plan = planned();
        return plan.below_length != 0 && std::strncmp(path, plan.below, plan.below_length) == 0;
    }

  private:
    void append(const char* text) {
        const std::size_t used = std::strlen(path);
        std::snprintf(path + used, sizeof path - used, "%s", text);
    }
    void append_descriptor(int file) {
        char link[64];
        std::snprintf(link, sizeof link, "/proc/self/fd/%d", file);
        const long length = ask(SYS_readlinkat, AT_FDCWD, link, path, sizeof path - 1);
        path[length < 0 ? 0 : length] = '\0';
    }
};

void note(const char* kind, const place& where) {
    char line[sizeof where.path + 32];
    const int length = std::snprintf(line, sizeof line, "%s %s\n", kind, where.path);
    ask(SYS_write, planned().log, line, static_cast<std::size_t>(length));
}

bool is_meant(const char* kind) {
    const char* const call = planned().call;
    if (std::strcmp(call, "disk") != 0) return std::strcmp(kind, call) == 0;
    for (const char* const refused :
         {"write", "fallocate", "link", "rename", "mkdir", "truncate", "fsync", "mmap"}) {
        if (std::strcmp(kind, refused) == 0) return true;
    }
    return false;
}

/// Whether this call is to fail. Leaves errno alone.
bool fails(const char* kind, const place& where) {
    const int before = errno;
    plan& plan = planned();
    bool result = false;
    if (where.is_in_store()) {
        if (*plan.call == '\0') {
            note(kind, where);
        } else if (is_meant(kind)) {
            const long made = plan.made.fetch_add(1);
            if (made == plan.at) note(kind, where);
            result = made >= plan.at && (plan.calls == 0 || made < plan.at + plan.calls);
        }
    }
    errno = before;
    return result;
}

template <class Result>
Result refused(Result failure) {
    errno = std::abs(planned().error);
    return failure;
}

/// The system's call, or its failure.
template <class... Arguments>
int call(const char* kind, const place& where, long number, Arguments... arguments) {
    const bool fail = fails(kind, where);
    if (fail && planned().error >= 0) return refused(-1);
    const auto result = static_cast<int>(ask(number, arguments...));
    if (!fail) return result;
    if (std::strcmp(kind, "open") == 0) ask(SYS_close, result);
    return refused(-1);
}

/// The lengths of files before what a close can lose.
class unsettled_files {
  public:
    void write(int file) {
        struct stat found {};
        if (!look_at(file, found)) return;
        const std::lock_guard<std::mutex> lock(mutex_);
        lengths_.insert({{found.st_dev, found.st_ino}, found.st_size});
    }
    void settle(int file) { forget(file); }
    void lose(int file) {
        const off_t length = forget(file);
        if (length >= 0) ask(SYS_ftruncate, file, length);
    }

  private:
    using identity = std::pair<dev_t, ino_t>;

    static bool look_at(int file, struct stat& found) {
        const int before = errno;
        const long flags = ask(SYS_fcntl, file, F_GETFL);
        const bool result = flags >= 0 && (flags & O_ACCMODE) != O_RDONLY &&
                            ask(SYS_newfstatat, file, "", &found, AT_EMPTY_PATH) == 0 &&
                            S_ISREG(found.st_mode);
        errno = before;
        return result;
    }
    off_t forget(int file) {
        struct stat found {};
        if (!look_at(file, found)) return -1;
        const std::lock_guard<std::mutex> lock(mutex_);
        const auto known = lengths_.find({found.st_dev, found.st_ino});
        if (known == lengths_.end()) return -1;
        const off_t length = known->second;
        lengths_.erase(known);
        return length < found.st_size ? length : -1;
    }

    std::mutex mutex_;
    std::map<identity, off_t> lengths_;
};

unsettled_files& unsettled() {
    static unsettled_files files;
    return files;
}

template <class Write>
ssize_t write_to(int file, std::size_t count, Write&& write) {
    const place where(file);
    if (fails("write", where)) {
        if (planned().error != 0) return refused(ssize_t{-1});
        count = (count + 1) / 2;
    }
    if (where.is_in_store()) unsettled().write(file);
    return static_cast<ssize_t>(write(count));
}

int synchronise(long number, int file) {
    const int result = call("fsync", place(file), number, file);
    if (result == 0) unsettled().settle(file);
    return result;
}

template <class Function>
Function next(const char* name) {
    return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

template <class Status>
int status_of(int folder, const char* path, Status* found, int flags) {
    return call("stat", place(folder, path), SYS_newfstatat, folder, path, found, flags);
}

int open_at(int folder, const char* path, int flags, va_list more) {
    const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(more, mode_t) : 0;
    return call("open", place(folder, path), SYS_openat, folder, path, flags, mode);
}

int fallocate_as(int file, int mode, off_t offset, off_t length) {
    return call("fallocate", place(file), SYS_fallocate, file, mode, offset, length);
}

void* mapped(void* address, std::size_t length, int protection, int flags, int file, off_t offset) {
    if (file >= 0 && fails("mmap", place(file))) return refused(MAP_FAILED);
    return reinterpret_cast<void*>(ask(SYS_mmap, address, length, protection, flags, file, offset));
}

}  // namespace

extern "C" {

int open(const char* path, int flags, ...) {
    va_list more;
    va_start(more, flags);
    const int result = open_at(AT_FDCWD, path, flags, more);
    va_end(more);
    return result;
}
int open64(const char* path, int flags, ...) {
    va_list more;
    va_start(more, flags);
    const int result = open_at(AT_FDCWD, path, flags, more);
    va_end(more);
    return result;
}
int openat(int folder, const char* path, int flags, ...) {
    va_list more;
    va_start(more, flags);
    const int result = open_at(folder, path, flags, more);
    va_end(more);
    return result;
}
DIR* opendir(const char* path) {
    if (fails("open", place(AT_FDCWD, path))) return refused<DIR*>(nullptr);
    return next<DIR* (*)(const char*)>("opendir")(path);
}
DIR* fdopendir(int folder) {
    if (fails("open", place(folder))) return refused<DIR*>(nullptr);
    return next<DIR* (*)(int)>("fdopendir")(folder);
}
dirent* readdir(DIR* stream) {
    if (fails("list", place(::dirfd(stream)))) return refused<dirent*>(nullptr);
    return next<dirent* (*)(DIR*)>("readdir")(stream);
}
dirent64* readdir64(DIR* stream) {
    if (fails("list", place(::dirfd(stream)))) return refused<dirent64*>(nullptr);
    return next<dirent64* (*)(DIR*)>("readdir64")(stream);
}

ssize_t write(int file, const void* bytes, std::size_t count) {
    return write_to(file, count, [=](std::size_t n) { return ask(SYS_write, file, bytes, n); });
}
ssize_t pwrite(int file, const void* bytes, std::size_t count, off_t offset) {
    return write_to(file, count,
                    [=](std::size_t n) { return ask(SYS_pwrite64, file, bytes, n, offset); });
}

int rename(const char* from, const char* to) noexcept {
    return call("rename", place(AT_FDCWD, from), SYS_rename, from, to);
}
int renameat(int folder, const char* from, int target, const char* to) noexcept {
    return call("rename", place(folder, from), SYS_renameat, folder, from, target, to);
}
int renameat2(int folder, const char* from, int target, const char* to,
              unsigned int flags) noexcept {
    return call("rename", place(folder, from), SYS_renameat2, folder, from, target, to, flags);
}
int link(const char* from, const char* to) noexcept {
    return call("link", place(AT_FDCWD, to), SYS_link, from, to);
}
int linkat(int folder, const char* from, int target, const char* to, int flags) noexcept {
    return call("link", place(target, to), SYS_linkat, folder, from, target, to, flags);
}
int mkdir(const char* path, mode_t mode) noexcept {
    return call("mkdir", place(AT_FDCWD, path), SYS_mkdir, path, mode);
}
int mkdirat(int folder, const char* path, mode_t mode) noexcept {
    return call("mkdir", place(folder, path), SYS_mkdirat, folder, path, mode);
}

void* mmap(void* address, std::size_t length, int protection, int flags, int file,
           off_t offset) noexcept {
    return mapped(address, length, protection, flags, file, offset);
}

int fallocate(int file, int mode, off_t offset, off_t length) {
    return fallocate_as(file, mode, offset, length);
}
int ftruncate(int file, off_t length) noexcept {
    return call("truncate", place(file), SYS_ftruncate, file, length);
}
int ftruncate64(int file, off_t length) noexcept {
    return ftruncate(file, length);
}

int fsync(int file) {
    return synchronise(SYS_fsync, file);
}
int fdatasync(int file) {
    return synchronise(SYS_fdatasync, file);
}

/// The descriptor is gone either way, as on Linux.
int close(int file) {
    const place where(file);
    const bool fail = fails("close", where);
    if (fail && planned().error != EINTR) unsettled().lose(file);
    if (where.is_in_store()) unsettled().settle(file);
    const auto result = static_cast<int>(ask(SYS_close, file));
    return fail ? refused(-1) : result;
}

int unlink(const char* path) noexcept {
    return call("unlink", place(AT_FDCWD, path), SYS_unlink, path);
}
int unlinkat(int folder, const char* path, int flags) noexcept {
    return call("unlink", place(folder, path), SYS_unlinkat, folder, path, flags);
}
int rmdir(const char* path) noexcept {
    return call("unlink", place(AT_FDCWD, path), SYS_rmdir, path);
}

int stat(const char* path, struct stat* found) noexcept {
    return status_of(AT_FDCWD, path, found, 0);
}
int lstat(const char* path, struct stat* found) noexcept {
    return status_of(AT_FDCWD, path, found, AT_SYMLINK_NOFOLLOW);
}
int fstat(int file, struct stat* found) noexcept {
    return status_of(file, "", found, AT_EMPTY_PATH);
}
int stat64(const char* path, struct stat64* found) noexcept {
    return status_of(AT_FDCWD, path, found, 0);
}
int lstat64(const char* path, struct stat64* found) noexcept {
    return status_of(AT_FDCWD, path, found, AT_SYMLINK_NOFOLLOW);
}
int fstat64(int file, struct stat64* found) noexcept {
    return status_of(file, "", found, AT_EMPTY_PATH);
}
int fstatat(int folder, const char* path, struct stat* found, int flags) noexcept {
    return status_of(folder, path, found, flags);
}

ssize_t readlink(const char* path, char* target, std::size_t room) noexcept {
    return call("readlink", place(AT_FDCWD, path), SYS_readlink, path, target, room);
}
ssize_t readlinkat(int folder, const char* path, char* target, std::size_t room) noexcept {
    return call("readlink", place(folder, path), SYS_readlinkat, folder, path, target, room);
}

int chmod(const char* path, mode_t mode) noexcept {
    return call("chmod", place(AT_FDCWD, path), SYS_chmod, path, mode);
}
int fchmod(int file, mode_t mode) noexcept {
    return call("chmod", place(file), SYS_fchmod, file, mode);
}
int futimens(int file, const timespec* times) noexcept {
    return call("utime", place(file), SYS_utimensat, file, nullptr, times, 0);
}
int utimensat(int folder, const char* path, const timespec* times, int flags) noexcept {
    return call("utime", place(folder, path), SYS_utimensat, folder, path, times, flags);
}

ssize_t read(int file, void* bytes, std::size_t count) {
    if (fails("read", place(file))) return refused(ssize_t{-1});
    return static_cast<ssize_t>(ask(SYS_read, file, bytes, count));
}
ssize_t pread(int file, void* bytes, std::size_t count, off_t offset) {
    if (fails("read", place(file))) return refused(ssize_t{-1});
    return static_cast<ssize_t>(ask(SYS_pread64, file, bytes, count, offset));
}

/// What has no function, or had none when the C library was older.
long syscall(long number, ...) noexcept {
    long words[6];
    va_list more;
    va_start(more, number);
    for (long& word : words) word = va_arg(more, long);
    va_end(more);
    if (number == SYS_copy_file_range && fails("write", place(static_cast<int>(words[2])))) {
        if (planned().error != 0) return refused(-1L);
        words[4] = (words[4] + 1) / 2;
    }
    if (number == SYS_copy_file_range) unsettled().write(static_cast<int>(words[2]));
    return ask(number, words[0], words[1], words[2], words[3], words[4], words[5]);
}

}  // extern "C"
