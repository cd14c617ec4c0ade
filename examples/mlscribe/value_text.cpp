// SPDX-License-Identifier: MIT
#include "value_text.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <cstddef>
#include <ctime>

namespace tool {
namespace {

std::string unusual_number(double value) {
    return std::isnan(value) ? "NaN" : value < 0 ? "-Infinity" : "Infinity";
}

}  // namespace

std::string exact_number(double value) {
    return std::isfinite(value) ? fmt::format("{}", value) : unusual_number(value);
}

std::string short_number(double value) {
    return std::isfinite(value) ? fmt::format("{:.6g}", value) : unusual_number(value);
}

std::string time_text(std::int64_t milliseconds, bool joint) {
    const auto seconds =
        static_cast<std::time_t>(milliseconds / 1000 - (milliseconds % 1000 < 0 ? 1 : 0));
    std::tm parts{};
    std::array<char, 80> text{};
    if (::localtime_r(&seconds, &parts) == nullptr) return std::to_string(milliseconds);
    const std::size_t size = std::strftime(
        text.data(), text.size(), joint ? "%Y-%m-%dT%H:%M:%S" : "%Y-%m-%d %H:%M:%S", &parts);
    return size == 0 ? std::to_string(milliseconds) : std::string(text.data(), size);
}

std::string duration_text(std::int64_t milliseconds) {
    if (milliseconds < 0) return "-";
    if (milliseconds < 1000) return fmt::format("{}ms", milliseconds);
    if (milliseconds < 60000) {
        return fmt::format("{}.{}s", milliseconds / 1000, milliseconds % 1000 / 100);
    }
    const std::int64_t minutes = milliseconds / 60000;
    if (minutes < 60) return fmt::format("{}m {:02}s", minutes, milliseconds / 1000 % 60);
    const std::int64_t hours = minutes / 60;
    if (hours < 24) return fmt::format("{}h {:02}m", hours, minutes % 60);
    return fmt::format("{}d {:02}h", hours / 24, hours % 24);
}

std::string size_text(std::uint64_t bytes) {
    if (bytes < 1024) return fmt::format("{} B", bytes);
    auto amount = static_cast<double>(bytes);
    const char* unit = "";
    for (const char* each : {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"}) {
        amount /= 1024;
        unit = each;
        if (amount < 1023.95) break;
    }
    return fmt::format("{:.1f} {}", amount, unit);
}

std::string counted(std::uint64_t count, const std::string& what) {
    return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

}  // namespace tool
