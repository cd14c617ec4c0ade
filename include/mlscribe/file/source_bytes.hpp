// SPDX-License-Identifier: MIT
/// \file The bytes of a file that a user named, piece by piece.
#ifndef MLSCRIBE_FILE_SOURCE_BYTES_HPP
#define MLSCRIBE_FILE_SOURCE_BYTES_HPP

#include <mlscribe/file/copy.hpp>

#include <cstddef>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Hands the bytes to `sink(std::string_view)` as they are read, from where the file stands.
/// \return 0 or errno
template <class Sink>
int read_source(const descriptor& source, Sink&& sink) {
    std::string buffer(std::size_t{1} << 18, '\0');
    interruptions signals;
    while (true) {
        const ssize_t count = ::read(source.get(), &buffer[0], buffer.size());
        if (signals.repeats(count)) continue;
        if (count < 0) return errno;
        if (count == 0) return 0;
        sink(std::string_view(buffer.data(), static_cast<std::size_t>(count)));
    }
}

/// Reads the whole of a regular file; links are followed. \return 0 or errno
inline int read_whole_source(const std::string& path, std::string& bytes) {
    source_file source;
    if (const int failed = open_source(AT_FDCWD, path, source)) return failed;
    bytes.clear();
    bytes.reserve(static_cast<std::size_t>(source.status.st_size));
    return read_source(source.opened, [&bytes](std::string_view piece) { bytes += piece; });
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
