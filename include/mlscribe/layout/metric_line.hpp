// SPDX-License-Identifier: MIT
/// \file Writes the lines of a metric file: `<ms> <value> <step>`, values as Python spells them.
#ifndef MLSCRIBE_LAYOUT_METRIC_LINE_HPP
#define MLSCRIBE_LAYOUT_METRIC_LINE_HPP

#include <mlscribe/layout/fmt.hpp>
#include <mlscribe/layout/point.hpp>

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

/// Bytes of the longest metric line, its line end included: two 64-bit numbers of 20 characters, a
/// double of 24, two blanks.
constexpr std::size_t metric_line_capacity = 20 + 1 + 24 + 1 + 20 + 1;

namespace detail {

inline char* write_integer(char* out, std::int64_t number) noexcept {
    return std::to_chars(out, out + 20, number).ptr;
}

/// Writes repr(value) of Python: `1.0`, `1e-05`, `1e+16`, `nan`. At most 24 bytes.
inline char* write_python_repr(char* out, double value) noexcept {
    constexpr std::uint64_t infinity = 0x7FF0000000000000u;
    std::uint64_t bits = 0;
    std::memcpy(&bits, &value, sizeof bits);
    const std::uint64_t magnitude = bits << 1 >> 1;
    const auto put = [&out](const char* text, std::size_t size) {
        std::memcpy(out, text, size);
        out += size;
    };
    // On the bits, so that it stays right under -ffast-math.
    if (magnitude > infinity) {
        put("nan", 3);
        return out;
    }
    if (bits != magnitude) {
        *out++ = '-';
        value = -value;
    }
    if (magnitude == infinity) {
        put("inf", 3);
        return out;
    }
    if (magnitude == 0) {
        put("0.0", 3);
        return out;
    }
    // Not below 1: a processor that flushes denormal numbers would take them for a whole 0.
    if (value >= 1.0 && value < 1e16) {
        const auto whole = static_cast<std::int64_t>(value);
        if (static_cast<double>(whole) == value) {  // fmt would write no `.0`
            out = write_integer(out, whole);
            put(".0", 2);
            return out;
        }
    }
    return fmt::format_to(out, FMT_COMPILE("{}"), value);
}

}  // namespace detail

/// Writes one line with its line end. \param out  room for metric_line_capacity bytes
/// \return behind the line \cost about 50 ns, most of it for the shortest digits of the value
inline char* write_metric_line(char* out, const point& row) noexcept {
    out = detail::write_integer(out, row.timestamp);
    *out++ = ' ';
    out = detail::write_python_repr(out, row.value);
    *out++ = ' ';
    out = detail::write_integer(out, row.step);
    *out++ = '\n';
    return out;
}

/// Renders points into a block of whole lines that may be appended to a metric file by one write.
///
/// No line crosses a 4096-byte border of the *file*: when the room behind a line is too small for
/// the longest line, that line is padded with blanks up to the border (MLflow's reader strips
/// them). So whoever reads while the block is written sees whole lines only.
///
/// A file of another writer may end so close below a border that the first line does not fit. Then
/// that one line crosses it: there is nothing to pad, as MLflow refuses a blank line. The block
/// ends on a border, at most 64 KiB behind the border before `file_length`, or with the last point.
/// The object holds its 64 KiB itself: keep it on the heap. \threadsafety one thread at a time
class metric_block {
  public:
    static constexpr std::size_t border = 4096;
    static constexpr std::size_t capacity = 16 * border;

    metric_block() = default;

    /// Fills the block anew; the same arguments give the same bytes.
    /// \param file_length  of the file that the block will be appended to
    /// \return how many points the block holds; at least 1 where count is
    std::size_t render(const point* points, std::size_t count, std::uint64_t file_length) noexcept {
        // Offsets in the buffer are those in the file, counted from a border.
        const auto skipped = static_cast<std::size_t>(file_length % border);
        char* const first = buffer_ + skipped;
        char* out = first;
        char* next_border = buffer_ + border;
        std::size_t done = 0;
        for (; done != count; ++done) {
            if (out == buffer_ + capacity) break;
            out = write(out, points[done]);
            if (out > next_border) next_border += border;  // the foreign file of above
            const auto room = static_cast<std::size_t>(next_border - out);
            if (room < metric_line_capacity) {
                if (room != 0) {
                    std::memset(out - 1, ' ', room);
                    out = next_border;
                    out[-1] = '\n';
                }
                next_border += border;
            }
        }
        bytes_ = std::string_view(first, static_cast<std::size_t>(out - first));
        return done;
    }

    /// What render() made; valid until the next call.
    std::string_view bytes() const noexcept { return bytes_; }

    metric_block(const metric_block&) = delete;
    metric_block& operator=(const metric_block&) = delete;

  private:
    static constexpr std::size_t stamp_capacity = 24;

    // The time stamp rarely changes between two lines, its digits are kept.
    char* write(char* out, const point& row) noexcept {
        if (row.timestamp != stamped_ || stamp_size_ == 0) {
            stamped_ = row.timestamp;
            char* const end = detail::write_integer(stamp_, stamped_);
            *end = ' ';
            stamp_size_ = static_cast<std::size_t>(end - stamp_) + 1;
        }
        std::memcpy(out, stamp_, stamp_capacity);
        out = detail::write_python_repr(out + stamp_size_, row.value);
        *out++ = ' ';
        out = detail::write_integer(out, row.step);
        *out++ = '\n';
        return out;
    }

    std::string_view bytes_;
    std::int64_t stamped_ = 0;
    std::size_t stamp_size_ = 0;
    char stamp_[stamp_capacity] = {};
    char buffer_[capacity + metric_line_capacity];
};

MLSCRIBE_NAMESPACE_END

#endif
