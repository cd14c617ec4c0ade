// SPDX-License-Identifier: MIT
/// \file A figure in words, for who does not see it.
#ifndef MLSCRIBE_FIGURE_FIGURE_SUMMARY_HPP
#define MLSCRIBE_FIGURE_FIGURE_SUMMARY_HPP

#include <mlscribe/figure/figure_content.hpp>
#include <mlscribe/figure/tick_text.hpp>
#include <mlscribe/figure/value_range.hpp>

#include <cstddef>
#include <string>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

inline std::string series_summary(const figure_series& series) {
    constexpr const char* kinds[] = {"line", "points", "histogram", "bars"};
    std::string text = kinds[static_cast<std::size_t>(series.kind)];
    if (!series.name.empty()) text += " \"" + series.name + "\"";
    const auto& values = series.kind == mark::histogram ? series.x : series.y;
    value_range range;
    for (const double value : values) {
        if (is_drawn(value)) range.add(value);
    }
    text += ", " + std::to_string(values.size()) + (values.size() == 1 ? " value" : " values");
    if (range.empty) return text;
    return text + " from " + short_number(range.low, 4) + " to " + short_number(range.high, 4);
}

inline std::string figure_summary(const figure_content& content) {
    constexpr std::size_t most = 20;
    if (content.frame == figure_frame::cells) {
        const auto& cells = content.cells;
        return std::string(cells.counts ? "Confusion matrix" : "Heat map") + " of " +
               std::to_string(cells.row_labels.size()) + " rows and " +
               std::to_string(cells.column_labels.size()) + " columns";
    }
    std::string text;
    for (std::size_t i = 0; i < content.series.size() && i < most; ++i) {
        text += (i == 0 ? "" : "; ") + series_summary(content.series[i]);
    }
    if (content.series.size() > most) {
        text += "; " + std::to_string(content.series.size() - most) + " more";
    }
    return text.empty() ? "Without data" : text;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
