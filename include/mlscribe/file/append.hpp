// SPDX-License-Identifier: MIT
/// \file Appends a block of whole lines, or nothing of it.
#ifndef MLSCRIBE_FILE_APPEND_HPP
#define MLSCRIBE_FILE_APPEND_HPP

#include <mlscribe/file/system_calls.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// \return 0 or errno
inline int file_length(const descriptor& file, std::uint64_t& length) noexcept {
    struct stat found {};
    if (uninterrupted::fstat(file.get(), &found) != 0) return errno;
    length = static_cast<std::uint64_t>(found.st_size);
    return 0;
}

inline int cut_file(const descriptor& file, std::uint64_t length) noexcept {
    return uninterrupted::ftruncate(file.get(), static_cast<off_t>(length)) == 0 ? 0 : errno;
}

/// Appends to a file that is `length` bytes long. What a refused write left behind is cut off
/// again, unless another writer has appended behind it.
/// \param left_behind  receives whether a part may stand there after a failure \return 0 or errno
inline int append_block(const descriptor& file, std::uint64_t length, std::string_view block,
                        bool& left_behind) noexcept {
    std::size_t written = 0;
    const int failed = write_all(file.get(), block, written);
    left_behind = failed != 0 && written != 0;
    std::uint64_t after = 0;
    if (left_behind && file_length(file, after) == 0 && after == length + written) {
        left_behind = cut_file(file, length) != 0;
    }
    return failed;
}

/// Writes the bytes of a file from `begin` to `end` once more, as they are. \return 0 or errno
inline int write_again(const descriptor& file, std::uint64_t begin, std::uint64_t end) {
    std::vector<char> bytes((std::min)(end - begin, std::uint64_t{65536}));
    blocked_signals no_signals;
    interruptions signals;
    while (begin < end) {
        const auto wanted =
            static_cast<std::size_t>((std::min)(end - begin, std::uint64_t{bytes.size()}));
        std::size_t filled = 0;
        if (const int failed = read_at(file.get(), bytes.data(), wanted, begin, filled)) {
            return failed;
        }
        if (filled == 0) return 0;  // somebody has cut the file
        const ssize_t count = ::pwrite(file.get(), bytes.data(), filled, static_cast<off_t>(begin));
        if (signals.repeats(count)) continue;
        if (count < 0) return no_signals.heed(errno);
        if (count == 0) return EIO;
        begin += static_cast<std::uint64_t>(count);
    }
    return 0;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
