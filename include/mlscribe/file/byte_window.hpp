// SPDX-License-Identifier: MIT
/// \file Pieces of a file of any size, or of bytes in memory, for a reader that skips most of them.
#ifndef MLSCRIBE_FILE_BYTE_WINDOW_HPP
#define MLSCRIBE_FILE_BYTE_WINDOW_HPP

#include <mlscribe/file/descriptor.hpp>

#include <sys/types.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// A file is read, not mapped: one that somebody cuts off meanwhile would end the process (SIGBUS).
/// \cost memory for 64 KiB and the longest piece
class byte_window {
  public:
    explicit byte_window(std::string_view bytes) noexcept : window_(bytes), size_(bytes.size()) {}
    /// \param size  of the file, which stays open
    byte_window(int file, std::uint64_t size) noexcept : file_(file), size_(size) {}
    byte_window(const byte_window&) = delete;
    byte_window& operator=(const byte_window&) = delete;

    std::uint64_t size() const noexcept { return size_; }

    /// The bytes from `offset` on, valid until the next call: `count`, or fewer where the file
    /// ends.
    std::string_view at(std::uint64_t offset, std::size_t count) {
        if (offset >= size_) return {};
        count = static_cast<std::size_t>((std::min<std::uint64_t>)(count, size_ - offset));
        if (offset < begin_ || offset - begin_ + count > window_.size()) load(offset, count);
        return window_.substr(static_cast<std::size_t>(offset - begin_), count);
    }

    /// The first refusal of the system, or 0.
    int failure() const noexcept { return failure_; }

  private:
    void load(std::uint64_t offset, std::size_t count) {
        constexpr std::size_t least = std::size_t{1} << 16;
        buffer_.resize((std::max)(count, least));
        std::size_t filled = 0;
        interruptions signals;
        while (filled < count) {
            const ssize_t more = ::pread(file_, &buffer_[filled], buffer_.size() - filled,
                                         static_cast<off_t>(offset + filled));
            if (signals.repeats(more)) continue;
            if (more < 0 && failure_ == 0) failure_ = errno;
            if (more <= 0) break;
            filled += static_cast<std::size_t>(more);
        }
        begin_ = offset;
        window_ = std::string_view(buffer_).substr(0, filled);
    }

    int file_ = -1;
    std::string buffer_;
    std::string_view window_;
    std::uint64_t begin_ = 0;
    std::uint64_t size_;
    int failure_ = 0;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
