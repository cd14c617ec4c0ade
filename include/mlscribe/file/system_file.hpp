// SPDX-License-Identifier: MIT
/// \file Reads the files by which the kernel tells what is going on.
#ifndef MLSCRIBE_FILE_SYSTEM_FILE_HPP
#define MLSCRIBE_FILE_SYSTEM_FILE_HPP

#include <mlscribe/file/system_calls.hpp>

#include <fcntl.h>

#include <algorithm>
#include <cstddef>
#include <string>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Reads a file whose size nobody knows, through links. It comes in pieces: what is behind `most`
/// bytes is left unread. \return 0 or errno; `bytes`, whose memory is used again, has what was read
inline int read_system_file(const std::string& path, std::string& bytes, std::size_t most) {
    bytes.clear();
    const descriptor file(uninterrupted::openat(AT_FDCWD, path.c_str(),
                                                O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (!file) return errno;
    int failed = 0;
    std::size_t filled = 0;
    interruptions signals;
    while (filled < most) {
        const std::size_t piece = (std::min)(most - filled, std::size_t{4096});
        bytes.resize(filled + piece);
        const ssize_t count = ::read(file.get(), &bytes[filled], piece);
        if (signals.repeats(count)) continue;
        if (count < 0) failed = errno;
        if (count <= 0) break;
        filled += static_cast<std::size_t>(count);
    }
    bytes.resize(filled);
    return failed;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
