// SPDX-License-Identifier: MIT
/// \file Streams a file in blocks of whole lines, so that a history of any length fits in memory.
#ifndef MLSCRIBE_FILE_WHOLE_LINES_HPP
#define MLSCRIBE_FILE_WHOLE_LINES_HPP

#include <mlscribe/file/system_calls.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Reads `file` from its start and hands blocks that end in '\n' to `sink(std::string_view)`.
/// \param rest    what follows the last '\n', at most `max_line` bytes of it
/// \param length  the bytes up to and with the last '\n'
/// \return 0 or errno \cost memory as the file, at most 1 MiB and the longest line
template <class Sink>
int read_whole_lines(int file, Sink&& sink, std::string& rest, std::uint64_t& length) {
    constexpr std::size_t most = std::size_t{1} << 20;
    struct stat found {};
    if (uninterrupted::fstat(file, &found) != 0) return errno;
    // All of a usual file, with some room for what is appended meanwhile.
    const std::size_t block = found.st_size < static_cast<off_t>(most)
                                  ? static_cast<std::size_t>(found.st_size) + 4096
                                  : most;
    std::string buffer;
    length = 0;
    rest.clear();
    std::uint64_t offset = 0;
    interruptions signals;
    while (true) {
        buffer = rest;
        const std::size_t kept = buffer.size();
        buffer.resize(kept + block);
        const ssize_t count = ::pread(file, &buffer[kept], block, static_cast<off_t>(offset));
        if (signals.repeats(count)) continue;
        if (count < 0) return errno;
        if (count == 0) return 0;
        offset += static_cast<std::uint64_t>(count);
        buffer.resize(kept + static_cast<std::size_t>(count));
        const std::size_t end = buffer.rfind('\n');
        if (end == std::string::npos) {
            if (buffer.size() > 4 * most) return EFBIG;
            rest.swap(buffer);
            continue;
        }
        sink(std::string_view(buffer).substr(0, end + 1));
        rest = buffer.substr(end + 1);
        length = offset - rest.size();
    }
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
