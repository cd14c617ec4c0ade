// SPDX-License-Identifier: MIT
/// \file Appends a block of whole lines, or nothing of it.
#ifndef MLSCRIBE_FILE_APPEND_HPP
#define MLSCRIBE_FILE_APPEND_HPP

#include <mlscribe/file/descriptor.hpp>

#include <sys/stat.h>

#include <cstddef>
#include <cstdint>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// \return 0 or errno
inline int file_length(const descriptor& file, std::uint64_t& length) noexcept {
    struct stat found {};
    if (::fstat(file.get(), &found) != 0) return errno;
    length = static_cast<std::uint64_t>(found.st_size);
    return 0;
}

inline int cut_file(const descriptor& file, std::uint64_t length) noexcept {
    return ::ftruncate(file.get(), static_cast<off_t>(length)) == 0 ? 0 : errno;
}

/// Appends to a file that is `length` bytes long. What a refused write left behind is cut off
/// again, unless another writer has appended behind it. \return 0 or errno
inline int append_block(const descriptor& file, std::uint64_t length,
                        std::string_view block) noexcept {
    std::size_t written = 0;
    const int failed = write_all(file.get(), block, written);
    std::uint64_t after = 0;
    if (failed != 0 && written != 0 && file_length(file, after) == 0 && after == length + written) {
        cut_file(file, length);
    }
    return failed;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
