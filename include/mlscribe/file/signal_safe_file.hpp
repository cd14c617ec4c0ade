// SPDX-License-Identifier: MIT
/// \file Small files read and replaced from a signal handler.
#ifndef MLSCRIBE_FILE_SIGNAL_SAFE_FILE_HPP
#define MLSCRIBE_FILE_SIGNAL_SAFE_FILE_HPP

#include <mlscribe/file/directory.hpp>

#include <cstddef>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Calls that a signal handler may make: no memory is asked for, no lock is taken, and names are
/// ready. The caller has signals blocked. \threadsafety any thread
class signal_safe_file {
  public:
    /// \param folder  open; `name` is in it, without a slash
    /// \return how many bytes the regular file has, or -1: more than `room`, or it cannot be read
    static ssize_t read(int folder, const char* name, char* bytes, std::size_t room) noexcept {
        const int file = uninterrupted::openat(folder, name, O_RDONLY | safe_flags);
        if (file < 0) return -1;
        struct stat found {};
        std::size_t filled = 0;
        bool whole = false;
        if (uninterrupted::fstat(file, &found) == 0 && S_ISREG(found.st_mode)) {
            interruptions signals;
            while (filled < room) {
                const ssize_t count = ::read(file, bytes + filled, room - filled);
                if (signals.repeats(count)) continue;
                whole = count == 0;
                if (count <= 0) break;
                filled += static_cast<std::size_t>(count);
            }
        }
        ::close(file);
        return whole ? static_cast<ssize_t>(filled) : -1;
    }

    /// Makes or replaces `name`; a reader sees the old bytes or the new.
    /// \param staged  what the new file is called on its way, in `folder`
    /// \param target  the open folder of `name` \return whether it is done
    static bool replace(int folder, const char* staged, int target, const char* name,
                        const char* bytes, std::size_t count) noexcept {
        const int file =
            uninterrupted::openat(folder, staged, O_WRONLY | O_CREAT | O_EXCL | safe_flags, 0666);
        if (file < 0) return false;
        std::size_t written = 0;
        interruptions signals;
        while (written < count) {
            const ssize_t more = ::write(file, bytes + written, count - written);
            if (signals.repeats(more)) continue;
            if (more <= 0) break;
            written += static_cast<std::size_t>(more);
        }
        const bool synced = written == count && uninterrupted::fsync(file) == 0;
        ::close(file);
        if (synced && uninterrupted::renameat(folder, staged, target, name) == 0) return true;
        uninterrupted::unlinkat(folder, staged, 0);
        return false;
    }

  private:
    static constexpr int safe_flags = O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
