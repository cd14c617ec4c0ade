// SPDX-License-Identifier: MIT
/// \file Streams the rows of a metric file through one buffer, whatever its length.
#ifndef MLSCRIBE_QUERY_METRIC_TEXT_FILE_HPP
#define MLSCRIBE_QUERY_METRIC_TEXT_FILE_HPP

#include <mlscribe/file/descriptor.hpp>
#include <mlscribe/query/metric_text.hpp>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// What stands behind the last line feed of a file.
enum class torn_end {
    skip,  ///< somebody is writing it
    read,  ///< as MLflow reads it
};

/// Reads files one after the other into the same memory. \threadsafety one thread at a time
class metric_text_file {
  public:
    /// Hands each row of the first `length` bytes to `sink`, as for_each_read_row() does, from
    /// where `place` is on, which is the beginning of a line.
    /// \return 0 or errno; EFBIG for a line of more than 4 MiB
    /// \param settle  called before the text of the rows so far goes
    template <class Sink, class Settle>
    int for_each_row(const descriptor& file, std::uint64_t length, torn_end end,
                     metric_text_place& place, Sink&& sink, Settle&& settle) {
        if (!bytes_) reserve(usual);
        std::size_t kept = 0;
        std::uint64_t read = place.offset;
        interruptions signals;
        while (read != length) {
            const std::uint64_t wanted = (std::min)(std::uint64_t{size_ - kept}, length - read);
            const ssize_t count =
                ::pread(file.get(), bytes_.get() + kept, static_cast<std::size_t>(wanted),
                        static_cast<off_t>(read));
            if (signals.repeats(count)) continue;
            if (count < 0) return errno;
            if (count == 0) break;  // it was cut
            read += static_cast<std::uint64_t>(count);
            const std::string_view text(bytes_.get(), kept + static_cast<std::size_t>(count));
            const std::size_t lines = text.rfind('\n') + 1;
            if (lines != 0) {
                for_each_read_row(text.substr(0, lines), place, sink);
                settle();
            }
            kept = text.size() - lines;
            if (lines == 0 && kept == size_) {
                if (size_ >= most) return EFBIG;
                reserve(2 * size_);
            } else {
                std::memmove(bytes_.get(), bytes_.get() + lines, kept);
            }
        }
        if (kept == 0 || end == torn_end::skip) return 0;
        // Another of Python's line ends is one, and no blank line stands behind it.
        const std::string_view text(bytes_.get(), kept);
        for (std::size_t size = 1; size <= (std::min)(text.size(), std::size_t{3}); ++size) {
            if (python_break_at(text, text.size() - size) == size) kept = text.size() - size;
        }
        bytes_[kept] = '\n';
        for_each_read_row({bytes_.get(), kept + 1}, place, sink);
        settle();
        return 0;
    }

  private:
    static constexpr std::size_t usual = std::size_t{128} << 10;
    static constexpr std::size_t most = std::size_t{4} << 20;

    void reserve(std::size_t size) {
        std::unique_ptr<char[]> larger(new char[size + 1]);
        if (bytes_) std::memcpy(larger.get(), bytes_.get(), size_);
        bytes_ = std::move(larger);
        size_ = size;
    }

    std::unique_ptr<char[]> bytes_;
    std::size_t size_ = 0;  // one byte less than there is
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
