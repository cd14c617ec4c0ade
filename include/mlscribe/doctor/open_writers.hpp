// SPDX-License-Identifier: MIT
/// \file Whether somebody has a file open for writing, and what was written into one that was
/// moved.
#ifndef MLSCRIBE_DOCTOR_OPEN_WRITERS_HPP
#define MLSCRIBE_DOCTOR_OPEN_WRITERS_HPP

#include <mlscribe/config/clock.hpp>
#include <mlscribe/doctor/gathered_bytes.hpp>
#include <mlscribe/error/system_error.hpp>
#include <mlscribe/file/directory.hpp>

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <time.h>

#include <cerrno>
#include <cstdint>
#include <string>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

enum class open_writers {
    none,
    some,
    unknown  ///< the system does not tell: over a network, of another user's file
};

/// \param file  opened for reading alone
inline open_writers writers_of(const descriptor& file) noexcept {
#if defined(F_SETLEASE) && defined(F_SETSIG)
    // A system gives a lease for reading only where nobody writes. Whoever opens the file while it
    // is held waits, and the holder gets a signal: one that nobody dies of.
    if (::fcntl(file.get(), F_SETSIG, SIGURG) != 0) return open_writers::unknown;
    if (::fcntl(file.get(), F_SETLEASE, F_RDLCK) != 0) {
        return errno == EAGAIN ? open_writers::some : open_writers::unknown;
    }
    ::fcntl(file.get(), F_SETLEASE, F_UNLCK);
    return open_writers::none;
#else
    static_cast<void>(file);
    return open_writers::unknown;
#endif
}

/// Why a file must not be taken from under its name now, if at all.
/// \param silence  milliseconds after which a file is at rest whose writers are not known
inline error refuse_written(const descriptor& file, const std::string& path, std::int64_t silence) {
    const open_writers writers = writers_of(file);
    if (writers == open_writers::none) return {};
    if (writers == open_writers::some) {
        return {
            error_code::system, EBUSY,
            "a process has \"" + path + "\" open for writing; repair it again when it has ended"};
    }
    struct stat found {};
    if (uninterrupted::fstat(file.get(), &found) != 0)
        return system_error("cannot look at", path, errno);
    const std::int64_t age = milliseconds_now() / 1000 - found.st_mtime;
    if (age * 1000 >= silence) return {};
    return {error_code::system, EBUSY,
            "nothing tells whether a process writes \"" + path + "\", which was written " +
                std::to_string(age / 60) +
                " minutes ago; repair it again later, with a shorter silence, or on its own host"};
}

/// Appends to the file of that name what a writer, who had opened the old one a moment before that
/// lost its name, wrote into it. \param read  how many bytes of the old one are known
inline error keep_late_bytes(const descriptor& old, std::uint64_t read, const directory& run,
                             const std::string& below, const std::string& path) {
    open_writers writers = writers_of(old);
    for (int tries = 0; tries < 2000 && writers == open_writers::some; ++tries) {
        const timespec pause{0, 1000000};
        ::nanosleep(&pause, nullptr);
        writers = writers_of(old);
    }
    struct stat now {};
    if (uninterrupted::fstat(old.get(), &now) != 0)
        return system_error("cannot look at", path, errno);
    const auto size = static_cast<std::uint64_t>(now.st_size);
    if (size > read) {
        directory::place to;
        int failed = run.locate(below, missing::create, to);
        // Somebody may have put a pipe there, which is not waited for.
        constexpr int flags = O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK;
        const descriptor file(
            failed != 0 ? -1 : uninterrupted::openat(to.folder, to.leaf.c_str(), flags, 0666));
        if (failed == 0 && (!file || uninterrupted::fstat(file.get(), &now) != 0)) failed = errno;
        if (failed == 0 && !S_ISREG(now.st_mode)) failed = ENXIO;
        if (failed == 0) {
            gathered_bytes late;
            late.open(file.get());
            late.add_piece(old, read, size - read);
            failed = late.flush();
            if (failed == 0) failed = settle(file);
        }
        if (failed != 0) return system_error("cannot append to", path, failed);
    }
    if (writers != open_writers::some) return {};
    return {error_code::system, EBUSY,
            "a process still writes into the old \"" + path +
                "\", and what it writes from now on is lost"};
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
