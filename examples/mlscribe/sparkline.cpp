// SPDX-License-Identifier: MIT
#include "sparkline.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

namespace tool {
namespace {

constexpr double no_number = std::numeric_limits<double>::quiet_NaN();

/// The mean of the numbers among values[first, last).
double mean_of(const std::vector<double>& values, std::size_t first, std::size_t last) {
    double mean = 0;
    double count = 0;
    for (std::size_t i = first; i < last; ++i) {
        if (std::isfinite(values[i])) mean += (values[i] - mean) / ++count;
    }
    return count > 0 && std::isfinite(mean) ? mean : no_number;
}

}  // namespace

std::string sparkline(const std::vector<double>& values, std::size_t width, charset letters) {
    constexpr const char* blocks[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    constexpr const char* plain[] = {"_", ".", ":", "-", "=", "+", "*", "#"};
    constexpr double levels = 7;
    const std::size_t count = (std::min)(values.size(), width);
    std::vector<double> means;
    for (std::size_t i = 0; i < count; ++i) {
        means.push_back(
            mean_of(values, i * values.size() / count, (i + 1) * values.size() / count));
    }
    double lowest = std::numeric_limits<double>::infinity();
    double highest = -lowest;
    for (const double mean : means) {
        if (std::isnan(mean)) continue;
        lowest = (std::min)(lowest, mean);
        highest = (std::max)(highest, mean);
    }
    std::string line;
    for (const double mean : means) {
        if (std::isnan(mean)) {
            line += ' ';
            continue;
        }
        // Halves, so that the span of the largest numbers is one.
        const double span = highest / 2 - lowest / 2;
        const double share = span > 0 ? (mean / 2 - lowest / 2) / span : 0.5;
        const auto level = static_cast<std::size_t>(share * levels + 0.5);
        line += letters == charset::utf8 ? blocks[level] : plain[level];
    }
    return line;
}

}  // namespace tool
