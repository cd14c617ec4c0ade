// SPDX-License-Identifier: MIT
/// \file A file descriptor that closes itself.
#ifndef MLSCRIBE_FILE_DESCRIPTOR_HPP
#define MLSCRIBE_FILE_DESCRIPTOR_HPP

#include <mlscribe/error/blocked_signals.hpp>

#include <errno.h>
#include <sys/types.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Owns one descriptor. \threadsafety as the descriptor's system calls
class descriptor {
  public:
    descriptor() noexcept = default;
    explicit descriptor(int number) noexcept : number_(number) {}
    descriptor(descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    descriptor& operator=(descriptor&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }
    descriptor(const descriptor&) = delete;
    descriptor& operator=(const descriptor&) = delete;
    ~descriptor() {
        if (number_ >= 0) ::close(number_);
    }

    int get() const noexcept { return number_; }
    int release() noexcept { return std::exchange(number_, -1); }
    /// Closes it now, whatever the system says. \return 0 or errno
    int close() noexcept { return number_ < 0 || ::close(release()) == 0 ? 0 : errno; }
    explicit operator bool() const noexcept { return number_ >= 0; }

  private:
    int number_ = -1;
};

/// Says whether a call that failed is made again because a signal interrupted it. There is an end
/// to it: a file system in user space may answer EINTR for as long as a blocked signal waits.
class interruptions {
  public:
    /// \param result  of the call; negative where errno says why
    bool repeats(std::int64_t result) noexcept {
        if (result >= 0) in_a_row_ = 0;
        return result < 0 && errno == EINTR && ++in_a_row_ < most;
    }

  private:
    static constexpr int most = 1000;
    int in_a_row_ = 0;
};

/// Reads `size` bytes from a place of a file, fewer where it ends, going on after short reads and
/// EINTR. \return 0 or errno; `filled` counts what was read either way
inline int read_at(int file, char* bytes, std::size_t size, std::uint64_t from,
                   std::size_t& filled) noexcept {
    filled = 0;
    interruptions signals;
    while (filled < size) {
        const ssize_t count =
            ::pread(file, bytes + filled, size - filled, static_cast<off_t>(from + filled));
        if (signals.repeats(count)) continue;
        if (count < 0) return errno;
        if (count == 0) break;
        filled += static_cast<std::size_t>(count);
    }
    return 0;
}

/// Writes all bytes, going on after short writes and EINTR.
/// \param no_signals  what the caller holds, for one write or for many
/// \return 0 or errno; `written` counts what reached the file either way
inline int write_all(int file, std::string_view bytes, std::size_t& written,
                     blocked_signals& no_signals) noexcept {
    written = 0;
    interruptions signals;
    while (written < bytes.size()) {
        const ssize_t count = ::write(file, bytes.data() + written, bytes.size() - written);
        if (signals.repeats(count)) continue;
        if (count < 0) return no_signals.heed(errno);
        if (count == 0) return EIO;
        written += static_cast<std::size_t>(count);
    }
    return 0;
}
inline int write_all(int file, std::string_view bytes, std::size_t& written) noexcept {
    blocked_signals no_signals;
    return write_all(file, bytes, written, no_signals);
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
