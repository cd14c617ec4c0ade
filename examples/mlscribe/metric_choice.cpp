// SPDX-License-Identifier: MIT
#include "metric_choice.hpp"

#include <cstddef>

namespace tool {

std::string no_metric(const mlscribe::run_record& run, const std::string& key) {
    constexpr std::size_t most_keys = 20;
    std::string text = "run " + run.info.run_id + " has no metric \"" + key + '"';
    if (run.metrics.empty()) return text + ", nor any other";
    text += "; it has ";
    std::size_t count = 0;
    for (const auto& entry : run.metrics) {
        if (count == most_keys)
            return text + " and " + std::to_string(run.metrics.size() - count) + " more";
        text += (count++ == 0 ? "" : ", ") + entry.first;
    }
    return text;
}

}  // namespace tool
