// SPDX-License-Identifier: MIT
/// \file Whether somebody has a file open for writing.
#ifndef MLSCRIBE_DOCTOR_OPEN_WRITERS_HPP
#define MLSCRIBE_DOCTOR_OPEN_WRITERS_HPP

#include <mlscribe/file/descriptor.hpp>

#include <fcntl.h>
#include <signal.h>

#include <cerrno>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// \param file  opened for reading alone
/// \return false also where the system cannot tell: over a network, of another user's file
inline bool has_writers(const descriptor& file) noexcept {
#if defined(F_SETLEASE) && defined(F_SETSIG)
    // A system gives a lease for reading only where nobody writes. Whoever opens the file while it
    // is held waits, and the holder gets a signal: one that nobody dies of.
    if (::fcntl(file.get(), F_SETSIG, SIGURG) != 0) return false;
    if (::fcntl(file.get(), F_SETLEASE, F_RDLCK) != 0) return errno == EAGAIN;
    ::fcntl(file.get(), F_SETLEASE, F_UNLCK);
#else
    static_cast<void>(file);
#endif
    return false;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
