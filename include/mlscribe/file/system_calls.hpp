// SPDX-License-Identifier: MIT
/// \file Calls on files and folders that are made again when a signal interrupted them.
#ifndef MLSCRIBE_FILE_SYSTEM_CALLS_HPP
#define MLSCRIBE_FILE_SYSTEM_CALLS_HPP

#include <mlscribe/file/descriptor.hpp>

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Makes a call until no signal interrupts it, as often as interruptions let it.
/// \param call  gives a number, negative where errno says why \return the last one
template <class Call>
auto retried(Call&& call) {
    interruptions signals;
    auto result = call();
    while (signals.repeats(static_cast<std::int64_t>(result))) result = call();
    return result;
}

/// The system's calls, safe from EINTR, which file systems of networks and in user space answer
/// where a profiler's or a scheduler's signal comes. They may have done what they were told to all
/// the same: the answer is then as if it had come at once. close() is not among them, since Linux
/// has closed the file.
namespace uninterrupted {

/// Whether a refusal of a call that was interrupted before means that it was done then.
class answer {
  public:
    bool repeats(int result) noexcept {
        const bool again = signals_.repeats(result);
        interrupted_ = interrupted_ || again;
        return again;
    }
    bool was_done(int result, int refusal) const noexcept {
        return interrupted_ && result < 0 && errno == refusal;
    }

  private:
    interruptions signals_;
    bool interrupted_ = false;
};

inline bool is_there(int folder, const char* name) noexcept {
    struct stat found {};
    const int before = errno;
    const bool result = ::fstatat(folder, name, &found, AT_SYMLINK_NOFOLLOW) == 0;
    errno = before;
    return result;
}

/// A regular file that has one name and no byte yet.
inline bool is_just_made(int folder, const char* name) noexcept {
    struct stat found {};
    const int before = errno;
    const bool result = ::fstatat(folder, name, &found, AT_SYMLINK_NOFOLLOW) == 0 &&
                        S_ISREG(found.st_mode) && found.st_size == 0 && found.st_nlink == 1;
    errno = before;
    return result;
}

/// With O_EXCL for a name that nobody else chooses.
inline int openat(int folder, const char* name, int flags, mode_t mode = 0) noexcept {
    answer heard;
    int file = -1;
    do {
        file = ::openat(folder, name, flags, mode);
    } while (heard.repeats(file));
    if ((flags & O_EXCL) == 0 || !heard.was_done(file, EEXIST) || !is_just_made(folder, name)) {
        return file;
    }
    return retried([&] { return ::openat(folder, name, flags & ~(O_CREAT | O_EXCL)); });
}

/// A folder that somebody else makes while the call is repeated counts as made by it.
inline int mkdirat(int folder, const char* name, mode_t mode) noexcept {
    answer heard;
    int result = 0;
    do {
        result = ::mkdirat(folder, name, mode);
    } while (heard.repeats(result));
    return heard.was_done(result, EEXIST) ? 0 : result;
}

/// \return EEXIST also for a link that was made: the caller can see whether it leads to its file
inline int linkat(int folder, const char* from, int target, const char* to, int flags) noexcept {
    return retried([&] { return ::linkat(folder, from, target, to, flags); });
}

/// In place of what has the name.
inline int renameat(int folder, const char* from, int target, const char* to) noexcept {
    answer heard;
    int result = 0;
    do {
        result = ::renameat(folder, from, target, to);
    } while (heard.repeats(result));
    return heard.was_done(result, ENOENT) && is_there(target, to) ? 0 : result;
}

inline int unlinkat(int folder, const char* name, int flags) noexcept {
    answer heard;
    int result = 0;
    do {
        result = ::unlinkat(folder, name, flags);
    } while (heard.repeats(result));
    return heard.was_done(result, ENOENT) ? 0 : result;
}

inline int fstatat(int folder, const char* name, struct stat* found, int flags) noexcept {
    return retried([&] { return ::fstatat(folder, name, found, flags); });
}
inline int fstat(int file, struct stat* found) noexcept {
    return retried([&] { return ::fstat(file, found); });
}
inline int stat(const char* path, struct stat* found) noexcept {
    return retried([&] { return ::stat(path, found); });
}
inline ssize_t readlinkat(int folder, const char* name, char* target, std::size_t room) noexcept {
    return retried([&] { return ::readlinkat(folder, name, target, room); });
}
inline int ftruncate(int file, off_t length) noexcept {
    return retried([&] { return ::ftruncate(file, length); });
}
inline int fsync(int file) noexcept {
    return retried([&] { return ::fsync(file); });
}
inline int fdatasync(int file) noexcept {
    return retried([&] { return ::fdatasync(file); });
}
inline int fchmod(int file, mode_t mode) noexcept {
    return retried([&] { return ::fchmod(file, mode); });
}
inline int futimens(int file, const timespec* times) noexcept {
    return retried([&] { return ::futimens(file, times); });
}
inline int utimensat(int folder, const char* name, const timespec* times, int flags) noexcept {
    return retried([&] { return ::utimensat(folder, name, times, flags); });
}

#if defined(RENAME_NOREPLACE)
/// Unless something has the name.
inline int move(int folder, const char* from, int target, const char* to) noexcept {
    answer heard;
    int result = 0;
    do {
        result = ::renameat2(folder, from, target, to, RENAME_NOREPLACE);
    } while (heard.repeats(result));
    const bool refused = heard.was_done(result, ENOENT) || heard.was_done(result, EEXIST);
    return refused && !is_there(folder, from) && is_there(target, to) ? 0 : result;
}
#endif

#if defined(RENAME_EXCHANGE)
/// Exchanges what has two names.
inline int exchange(int folder, const char* from, int target, const char* to) noexcept {
    struct stat before {};
    if (uninterrupted::fstatat(folder, from, &before, AT_SYMLINK_NOFOLLOW) != 0) return -1;
    return retried([&] {
        struct stat now {};
        const int result = ::renameat2(folder, from, target, to, RENAME_EXCHANGE);
        if (result == 0 || errno != EINTR) return result;
        // Once more would exchange them back.
        if (uninterrupted::fstatat(folder, from, &now, AT_SYMLINK_NOFOLLOW) != 0) return -1;
        if (now.st_dev != before.st_dev || now.st_ino != before.st_ino) return 0;
        errno = EINTR;
        return -1;
    });
}
#endif

}  // namespace uninterrupted

/// Closes a file that was written: file systems of networks tell only here what they could not
/// keep.
/// \param name  of the file in `folder`, to be asked for once more where a signal interrupted the
///              answer \return 0 or errno
inline int close_written(descriptor& file, int folder, const char* name) noexcept {
    const int failed = file.close();
    if (failed != EINTR) return failed;
    const descriptor again(
        uninterrupted::openat(folder, name, O_WRONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
    return again && uninterrupted::fsync(again.get()) == 0 ? 0 : errno;
}

/// The same for a file that stays open: each descriptor of it that is closed has it written.
inline int settle(const descriptor& file) noexcept {
    if (descriptor again{::fcntl(file.get(), F_DUPFD_CLOEXEC, 0)}) {
        const int failed = again.close();
        if (failed != EINTR) return failed;
    }
    return uninterrupted::fdatasync(file.get()) == 0 ? 0 : errno;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
