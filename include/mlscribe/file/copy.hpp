// SPDX-License-Identifier: MIT
/// \file Copies a regular file into a directory tree; it appears whole.
#ifndef MLSCRIBE_FILE_COPY_HPP
#define MLSCRIBE_FILE_COPY_HPP

#include <mlscribe/file/staged_file.hpp>

#include <memory>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Opens what a user named for reading; a FIFO is not waited for.
inline int open_source(const std::string& path, descriptor& source) noexcept {
    source = descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    return source ? 0 : errno;
}

/// Copies the bytes of `source` to `relative`, replacing what stands there. A source that already
/// is its destination stays. \return 0 or errno: EISDIR for a directory, EINVAL for a device or
/// FIFO
inline int copy_file(const descriptor& source, const directory& root, const std::string& relative) {
    struct stat from {};
    struct stat to {};
    if (::fstat(source.get(), &from) != 0) return errno;
    if (S_ISDIR(from.st_mode)) return EISDIR;
    if (!S_ISREG(from.st_mode)) return EINVAL;
    if (root.status(relative, to) == 0 && to.st_dev == from.st_dev && to.st_ino == from.st_ino) {
        return 0;
    }
    staged_file staged(root);
    if (const int failed = staged.open()) return failed;
    constexpr std::size_t block_size = 65536;
    const std::unique_ptr<char[]> block(new char[block_size]);
    while (true) {
        const ssize_t count = ::read(source.get(), block.get(), block_size);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return errno;
        if (count == 0) return staged.rename_to(relative);
        std::size_t written = 0;
        const std::string_view bytes(block.get(), static_cast<std::size_t>(count));
        if (const int failed = write_all(staged.get(), bytes, written)) return failed;
    }
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
