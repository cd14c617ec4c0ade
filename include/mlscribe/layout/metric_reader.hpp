// SPDX-License-Identifier: MIT
/// \file Reads the lines of a metric file, as MLflow's own reader takes them.
#ifndef MLSCRIBE_LAYOUT_METRIC_READER_HPP
#define MLSCRIBE_LAYOUT_METRIC_READER_HPP

#include <mlscribe/layout/point.hpp>
#include <mlscribe/layout/python_number.hpp>
#include <mlscribe/layout/read_float.hpp>
#include <mlscribe/layout/utf8.hpp>

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>
#include <system_error>

MLSCRIBE_NAMESPACE_BEGIN

/// A metric line that MLflow reads. `fields` is 2 (no step: it is 0), 3, or 5 (with a dataset's
/// name and digest, from MLflow 3 alone; its reader then takes 0 for the step, and so do we).
struct metric_line {
    point row;
    std::size_t fields;
};

namespace detail {

/// `digits digits.digits digits`, as every writer spells a line.
inline std::optional<metric_line> parse_usual_metric_line(std::string_view line) noexcept {
    metric_line read{{0, 0.0, 0}, 3};
    const char* at = line.data();
    const char* const end = at + line.size();
    const auto ends_field = [&at, end](std::from_chars_result result) {
        if (result.ec != std::errc() || result.ptr == end || *result.ptr != ' ') return false;
        at = result.ptr + 1;
        return true;
    };
    if (!ends_field(std::from_chars(at, end, read.row.timestamp))) return std::nullopt;
    // from_chars knows spellings of NaN and infinity that Python does not.
    const char* const lead = at != end && *at == '-' ? at + 1 : at;
    if (lead == end || !is_decimal_digit(*lead)) return std::nullopt;
    if (!ends_field(detail::from_chars(at, end, read.row.value))) return std::nullopt;
    const auto step = std::from_chars(at, end, read.row.step);
    if (step.ec != std::errc()) return std::nullopt;
    for (at = step.ptr; at != end; ++at) {
        if (*at != ' ') return std::nullopt;
    }
    return read;
}

/// Bytes of the break that Python's str.splitlines() sees at `at`, else 0.
inline std::size_t python_break_at(std::string_view text, std::size_t at) noexcept {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte == '\r') return at + 1 < text.size() && text[at + 1] == '\n' ? 2 : 1;
    if ((byte >= 0x0A && byte <= 0x0C) || (byte >= 0x1C && byte <= 0x1E)) return 1;
    if (byte == 0xC2) return text.compare(at, 2, "\xC2\x85") == 0 ? 2 : 0;
    if (byte != 0xE2) return 0;
    const std::string_view three = text.substr(at, 3);
    return three == "\xE2\x80\xA8" || three == "\xE2\x80\xA9" ? 3 : 0;
}

}  // namespace detail

/// Reads one line of a metric file, without its line end: whatever MLflow reads, in any spelling of
/// Python's int() and float(), blanks around the line stripped.
///
/// \onfailure nullopt where MLflow's search of the whole experiment would break on the line, and
///            for time stamps and steps beyond 64 bits
/// \cost      no allocation for a line as writers spell it
inline std::optional<metric_line> parse_metric_line(std::string_view line) {
    if (const auto usual = detail::parse_usual_metric_line(line)) return usual;
    if (!utf8::is_valid(line)) return std::nullopt;
    std::string_view rest = detail::python_stripped(line);
    constexpr std::size_t most = 5;
    std::string_view fields[most];
    std::size_t count = 0;
    for (bool more = true; more; ++count) {
        if (count == most) return std::nullopt;
        const std::size_t blank = rest.find(' ');
        more = blank != std::string_view::npos;
        fields[count] = rest.substr(0, blank);
        if (more) rest.remove_prefix(blank + 1);
    }
    if (count != 2 && count != 3 && count != most) return std::nullopt;
    const auto timestamp = parse_python_int(fields[0]);
    const auto value = parse_python_float(fields[1]);
    const auto step = count == 3 ? parse_python_int(fields[2]) : std::optional<std::int64_t>(0);
    if (!timestamp || !value || !step) return std::nullopt;
    return metric_line{{*timestamp, *value, *step}, count};
}

/// One line of a metric file, with its place in it.
struct metric_file_line {
    enum class state {
        row,      ///< MLflow reads it; `line` has what it says
        damaged,  ///< MLflow refuses it, and with it every search of the experiment
        torn      ///< the end of the file without a line end: a write that was cut short
    };

    state what;
    std::string_view text;  ///< without its line end
    std::uint64_t number;   ///< from 1
    std::uint64_t offset;   ///< of its first byte
    metric_line line;       ///< all zero unless `what` is row
};

/// What for_each_metric_line() went over.
struct metric_file_summary {
    std::uint64_t rows = 0;
    std::uint64_t damaged = 0;
    std::uint64_t whole_bytes = 0;  ///< up to and with the last line feed
    std::uint64_t torn_bytes = 0;   ///< behind it; 0 in a file that is whole
};

/// Goes over the lines of a metric file in order and hands each to `sink`, a callable that takes
/// `const metric_file_line&`. Lines end where MLflow's reader ends them (also at CR, FF, NEL …).
///
/// What stands behind the last line feed is handed over once, as torn, and never as a row, even if
/// MLflow would read it: `2 2.` may have been the beginning of `2 2.75 7`. The NUL bytes that a
/// file system may leave after a crash are torn too. \cost one pass; allocates only for lines in
/// unusual spelling
template <class Sink>
metric_file_summary for_each_metric_line(std::string_view text, Sink&& sink) {
    metric_file_summary summary;
    std::uint64_t number = 0;
    const auto hand_over = [&](std::size_t from, std::size_t size,
                               const std::optional<metric_line>& read) {
        ++(read ? summary.rows : summary.damaged);
        const metric_file_line line{
            read ? metric_file_line::state::row : metric_file_line::state::damaged,
            text.substr(from, size), ++number, from, read ? *read : metric_line{{0, 0.0, 0}, 0}};
        sink(line);
    };
    // Slow, for what is no usual line: there may be other line breaks in it.
    const auto hand_over_parts = [&](std::size_t from, std::size_t feed) {
        for (std::size_t at = from; at < feed;) {
            const std::size_t size = detail::python_break_at(text, at);
            if (size == 0) {
                ++at;
                continue;
            }
            hand_over(from, at - from, parse_metric_line(text.substr(from, at - from)));
            at += size;
            if (at > feed) return;  // CRLF, already the end
            from = at;
        }
        hand_over(from, feed - from, parse_metric_line(text.substr(from, feed - from)));
    };
    std::size_t from = 0;
    while (from != text.size()) {
        const void* const found = std::memchr(text.data() + from, '\n', text.size() - from);
        if (found == nullptr) break;
        const auto feed = static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
        if (const auto usual = detail::parse_usual_metric_line(text.substr(from, feed - from))) {
            hand_over(from, feed - from, usual);
        } else {
            hand_over_parts(from, feed);
        }
        from = feed + 1;
    }
    summary.whole_bytes = from;
    summary.torn_bytes = text.size() - from;
    if (from != text.size()) {
        const metric_file_line line{metric_file_line::state::torn, text.substr(from), number + 1,
                                    from, metric_line{{0, 0.0, 0}, 0}};
        sink(line);
    }
    return summary;
}

MLSCRIBE_NAMESPACE_END

#endif
