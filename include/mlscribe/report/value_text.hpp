// SPDX-License-Identifier: MIT
/// \file Numbers, times and sizes as people read them.
#ifndef MLSCRIBE_REPORT_VALUE_TEXT_HPP
#define MLSCRIBE_REPORT_VALUE_TEXT_HPP

#include <mlscribe/layout/fmt.hpp>
#include <mlscribe/layout/value_extremes.hpp>

#include <time.h>

#include <cstddef>
#include <cstdint>
#include <string>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Six digits; as MLflow's REST interface spells what is no number.
inline std::string number_text(double value) {
    if (is_finite(value)) return fmt::format("{:.6g}", value);
    return is_nan(value) ? "NaN" : value < 0 ? "-Infinity" : "Infinity";
}

/// Digits in groups of three, which a line may not break.
inline std::string count_text(std::uint64_t count) {
    std::string digits = std::to_string(count);
    for (std::size_t at = digits.size(); digits.size() > 4 && at > 3;) {
        digits.insert(at -= 3, "\u202F");
    }
    return digits;
}

/// In UTC: the report is read elsewhere.
inline std::string time_text(std::int64_t milliseconds) {
    const std::int64_t seconds = milliseconds / 1000 - (milliseconds % 1000 < 0 ? 1 : 0);
    const auto given = static_cast<time_t>(seconds);
    tm parts{};
    constexpr std::int64_t most = 253402300799;  // the year 9999
    if (seconds < -most || seconds > most || ::gmtime_r(&given, &parts) == nullptr) {
        return std::to_string(milliseconds) + " ms";
    }
    return fmt::format("{}-{:02}-{:02} {:02}:{:02}:{:02} UTC", parts.tm_year + 1900,
                       parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec);
}

inline std::string duration_text(std::int64_t milliseconds) {
    if (milliseconds < 0) return "";
    if (milliseconds < 1000) return fmt::format("{} ms", milliseconds);
    const std::int64_t seconds = milliseconds / 1000;
    if (seconds < 60) return fmt::format("{}.{} s", seconds, milliseconds % 1000 / 100);
    if (seconds < 3600) return fmt::format("{} min {} s", seconds / 60, seconds % 60);
    if (seconds < 86400) return fmt::format("{} h {} min", seconds / 3600, seconds / 60 % 60);
    return fmt::format("{} d {} h", seconds / 86400, seconds / 3600 % 24);
}

inline std::string size_text(std::uint64_t bytes) {
    if (bytes < 1000) return fmt::format("{} B", bytes);
    auto amount = static_cast<double>(bytes);
    const char* unit = "";
    for (const char* each : {"kB", "MB", "GB", "TB", "PB", "EB"}) {
        amount /= 1000;
        unit = each;
        if (amount < 999.5) break;
    }
    return fmt::format("{:.3g} {}", amount, unit);
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
