// SPDX-License-Identifier: MIT
/// \file Goes over every byte of a metric file, whatever stands in it.
#ifndef MLSCRIBE_DOCTOR_METRIC_LINES_HPP
#define MLSCRIBE_DOCTOR_METRIC_LINES_HPP

#include <mlscribe/file/descriptor.hpp>
#include <mlscribe/layout/metric_reader.hpp>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// A piece of a metric file between two line ends.
struct seen_line {
    std::string_view text;     ///< without its line end; of a monstrous one the beginning
    std::uint64_t number = 0;  ///< from 1
    std::uint64_t offset = 0;
    std::uint64_t size = 0;  ///< bytes, its line end included
    bool ended = true;       ///< false for what stands behind the last line feed
    std::optional<metric_line> read;
};

/// Hands every line to `sink(const seen_line&)`. \cost 2 MiB of memory, whatever the lines are
class metric_lines {
  public:
    /// Of a longer line only the first bytes, so many, and the last ones are handed over.
    static constexpr std::size_t block = std::size_t{1} << 20;

    explicit metric_lines(const descriptor& file) noexcept : file_(file) {}

    /// \return 0 or errno
    template <class Sink>
    int for_each(Sink&& sink) {
        std::string buffer;
        interruptions signals;
        while (true) {
            const std::size_t kept = buffer.size();
            buffer.resize(kept + block);
            const ssize_t count = ::pread(file_.get(), &buffer[kept], block,
                                          static_cast<off_t>(offset_ + kept + skipped_));
            if (signals.repeats(count)) {
                buffer.resize(kept);
                continue;
            }
            if (count < 0) return errno;
            buffer.resize(kept + static_cast<std::size_t>(count));
            hand_over(buffer, sink);
            if (count == 0) break;
            // No row is so long; only its beginning is kept.
            if (buffer.size() > block) {
                skipped_ += buffer.size() - block;
                buffer.resize(block);
                skip_hole(offset_ + block + skipped_);
            }
        }
        if (!buffer.empty()) hand_over_tail(buffer, sink);
        return 0;
    }

  private:
    /// Where the file system has no bytes there is no line end: a hole may have terabytes.
    void skip_hole(std::uint64_t here) {
#if defined(SEEK_DATA)
        const off_t from = static_cast<off_t>(here);
        off_t next = ::lseek(file_.get(), from, SEEK_DATA);
        if (next < 0 && errno == ENXIO) next = ::lseek(file_.get(), 0, SEEK_END);
        if (next > from) skipped_ += static_cast<std::uint64_t>(next - from);
        ::lseek(file_.get(), 0, SEEK_SET);
#endif
    }

    /// Takes the whole lines off the buffer.
    template <class Sink>
    void hand_over(std::string& buffer, Sink&& sink) {
        const std::string_view text(buffer);
        std::size_t from = 0;
        while (from != text.size()) {
            const void* const found = std::memchr(text.data() + from, '\n', text.size() - from);
            if (found == nullptr) break;
            const auto feed =
                static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
            const std::uint64_t begin = offset_;
            const std::string_view whole = text.substr(from, feed + 1 - from);
            if (skipped_ != 0) {
                const seen_line line{whole, ++number_,   begin, whole.size() + skipped_,
                                     true,  std::nullopt};
                sink(line);
                offset_ += whole.size() + skipped_;
                skipped_ = 0;
            } else {
                // A line may hold other breaks that Python sees.
                std::uint64_t taken = begin;
                for_each_metric_line(whole, [&](const metric_file_line& part) {
                    const std::uint64_t end = part.offset + part.text.size();
                    const std::size_t at = static_cast<std::size_t>(end);
                    const std::size_t line_end =
                        at < whole.size() ? python_break_at(whole, at) : std::size_t{0};
                    seen_line line{part.text, ++number_,   taken, begin + end + line_end - taken,
                                   true,      std::nullopt};
                    if (part.what == metric_file_line::state::row) line.read = part.line;
                    taken += line.size;
                    sink(static_cast<const seen_line&>(line));
                });
                offset_ += whole.size();
            }
            from = feed + 1;
        }
        buffer.erase(0, from);
    }

    /// Behind the last line feed other breaks that Python sees may end lines.
    template <class Sink>
    void hand_over_tail(std::string_view text, Sink&& sink) {
        std::uint64_t from = 0;
        for (std::size_t at = 0; skipped_ == 0 && at < text.size();) {
            const std::size_t size = python_break_at(text, at);
            if (size != 0) {
                const std::string_view line = text.substr(from, at - from);
                sink(seen_line{line, ++number_, offset_ + from, at + size - from, true,
                               parse_metric_line(line)});
                from = at + size;
            }
            at += (std::max)(size, std::size_t{1});
        }
        if (from == text.size()) return;
        sink(seen_line{text.substr(from), ++number_, offset_ + from, text.size() - from + skipped_,
                       false, parse_metric_line(text.substr(from))});
    }

    const descriptor& file_;
    std::uint64_t offset_ = 0;   ///< of the buffer
    std::uint64_t skipped_ = 0;  ///< bytes of the line in the buffer that are not in it
    std::uint64_t number_ = 0;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
