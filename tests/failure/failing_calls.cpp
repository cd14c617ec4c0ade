// SPDX-License-Identifier: MIT
/// \file Loaded before the C library (LD_PRELOAD), fails the calls of one kind that touch a store.
///
///     FAILING_BELOW   the store; other calls are made as ever
///     FAILING_CALL    the kind; without it none fails
///     FAILING_AT      how many calls of the kind are made first
///     FAILING_ERROR   the errno; 0 for writes of half the bytes
///     FAILING_LASTS   1: all calls of the kind from there on, else only that one
///     FAILING_LOG     a file that gets a line `<kind> <path>` for each call; where calls fail, one
///                     for the first of these
///
/// What the C library calls in itself does not come here; opendir(), fdopendir() and readdir()
/// stand for what they ask the system.
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <atomic>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>

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
    bool lasts = *setting("FAILING_LASTS") == '1';
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

/// Whether this call is to fail. Leaves errno alone.
bool fails(const char* kind, const place& where) {
    const int before = errno;
    plan& plan = planned();
    bool result = false;
    if (where.is_in_store()) {
        if (*plan.call == '\0') {
            note(kind, where);
        } else if (std::strcmp(kind, plan.call) == 0) {
            const long made = plan.made.fetch_add(1);
            if (made == plan.at) note(kind, where);
            result = plan.lasts ? made >= plan.at : made == plan.at;
        }
    }
    errno = before;
    return result;
}

template <class Result>
Result refused(Result failure) {
    errno = planned().error;
    return failure;
}

/// The system's call, or its failure.
template <class... Arguments>
int call(const char* kind, const place& where, long number, Arguments... arguments) {
    if (fails(kind, where)) return refused(-1);
    return static_cast<int>(ask(number, arguments...));
}

template <class Write>
ssize_t write_to(const place& where, std::size_t count, Write&& write) {
    if (!fails("write", where)) return static_cast<ssize_t>(write(count));
    if (planned().error != 0) return refused(ssize_t{-1});
    return static_cast<ssize_t>(write((count + 1) / 2));
}

template <class Function>
Function next(const char* name) {
    return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

int status(int folder, const char* path, struct stat* found, int flags) {
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
int openat64(int folder, const char* path, int flags, ...) {
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
    return write_to(place(file), count,
                    [=](std::size_t n) { return ask(SYS_write, file, bytes, n); });
}
ssize_t pwrite(int file, const void* bytes, std::size_t count, off_t offset) {
    return write_to(place(file), count,
                    [=](std::size_t n) { return ask(SYS_pwrite64, file, bytes, n, offset); });
}
ssize_t pwrite64(int file, const void* bytes, std::size_t count, off_t offset) {
    return pwrite(file, bytes, count, offset);
}
ssize_t writev(int file, const struct iovec* parts, int count) {
    return write_to(place(file), static_cast<std::size_t>(count), [=](std::size_t n) {
        return ask(SYS_writev, file, parts, static_cast<int>(n));
    });
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
void* mmap64(void* address, std::size_t length, int protection, int flags, int file,
             off_t offset) noexcept {
    return mapped(address, length, protection, flags, file, offset);
}

int fallocate(int file, int mode, off_t offset, off_t length) {
    return fallocate_as(file, mode, offset, length);
}
int fallocate64(int file, int mode, off_t offset, off_t length) {
    return fallocate_as(file, mode, offset, length);
}
int posix_fallocate(int file, off_t offset, off_t length) {
    return fallocate_as(file, 0, offset, length) == 0 ? 0 : errno;
}
int posix_fallocate64(int file, off_t offset, off_t length) {
    return posix_fallocate(file, offset, length);
}
int ftruncate(int file, off_t length) noexcept {
    return call("truncate", place(file), SYS_ftruncate, file, length);
}
int ftruncate64(int file, off_t length) noexcept {
    return ftruncate(file, length);
}

int fsync(int file) {
    return call("fsync", place(file), SYS_fsync, file);
}
int fdatasync(int file) {
    return call("fsync", place(file), SYS_fdatasync, file);
}

/// The descriptor is gone either way, as on Linux.
int close(int file) {
    const bool fail = fails("close", place(file));
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
    return status(AT_FDCWD, path, found, 0);
}
int lstat(const char* path, struct stat* found) noexcept {
    return status(AT_FDCWD, path, found, AT_SYMLINK_NOFOLLOW);
}
int fstat(int file, struct stat* found) noexcept {
    return status(file, "", found, AT_EMPTY_PATH);
}
int fstatat(int folder, const char* path, struct stat* found, int flags) noexcept {
    return status(folder, path, found, flags);
}
int statx(int folder, const char* path, int flags, unsigned int mask,
          struct statx* found) noexcept {
    return call("stat", place(folder, path), SYS_statx, folder, path, flags, mask, found);
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
    const auto path = [&](int at) { return reinterpret_cast<const char*>(words[at]); };
    if (number == SYS_renameat2 && fails("rename", place(static_cast<int>(words[0]), path(1)))) {
        return refused(-1L);
    }
    if (number == SYS_copy_file_range && fails("write", place(static_cast<int>(words[2])))) {
        if (planned().error != 0) return refused(-1L);
        words[4] = (words[4] + 1) / 2;
    }
    return ask(number, words[0], words[1], words[2], words[3], words[4], words[5]);
}

}  // extern "C"
