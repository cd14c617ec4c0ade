// SPDX-License-Identifier: MIT
/// \file Numbers, times and sizes as people read them.
#ifndef MLSCRIBE_TOOL_VALUE_TEXT_HPP
#define MLSCRIBE_TOOL_VALUE_TEXT_HPP

#include <cstdint>
#include <optional>
#include <string>

namespace tool {

/// The shortest digits that read back as the same double; NaN, Infinity, -Infinity.
std::string exact_number(double value);
/// At most six digits.
std::string short_number(double value);

/// Local time: `2026-11-29 19:10:39`, with `T` in place of the blank where `joint` asks for it.
/// \param milliseconds  since 1970
std::string time_text(std::int64_t milliseconds, bool joint);
/// `350ms`, `12.3s`, `5m 03s`, `2h 05m`, `3d 04h`.
std::string duration_text(std::int64_t milliseconds);
/// `0 B`, `812 B`, `4.0 KiB`, `1.2 GiB`.
std::string size_text(std::uint64_t bytes);

/// `1 run`, `3 runs`.
std::string counted(std::uint64_t count, const std::string& what);

}  // namespace tool

#endif
