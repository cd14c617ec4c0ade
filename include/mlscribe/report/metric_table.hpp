// SPDX-License-Identifier: MIT
/// \file The table of metrics: last, lowest, highest and best values, and the steps they have.
#ifndef MLSCRIBE_REPORT_METRIC_TABLE_HPP
#define MLSCRIBE_REPORT_METRIC_TABLE_HPP

#include <mlscribe/layout/float_text.hpp>
#include <mlscribe/layout/system_keys.hpp>
#include <mlscribe/report/run_columns.hpp>

#include <cstddef>
#include <set>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

inline const metric_history* find_metric(const reported_run& run, const std::string& key) {
    const auto found = run.metrics().find(key);
    return found == run.metrics().end() ? nullptr : &found->second;
}

inline bool ends_with(std::string_view text, std::string_view end) {
    return text.size() > end.size() && text.substr(text.size() - end.size()) == end;
}

/// Whether a metric only tells the best value of another, in whose row it stands.
inline bool tells_best(const reported_run& run, const std::string& key) {
    for (const std::string_view end : {".best", ".best_step"}) {
        if (ends_with(key, end) && find_metric(run, key.substr(0, key.size() - end.size()))) {
            return true;
        }
    }
    return false;
}

/// What tells of time and the machine, not of a model.
inline bool is_system_metric(std::string_view key) {
    return is_system_key(key) || key == "epoch_seconds" || key == "step_seconds";
}

/// All keys but those that stand in another's row.
inline std::set<std::string> metric_keys(const reported_runs& runs) {
    std::set<std::string> keys;
    for (const reported_run& run : runs) {
        for (const auto& entry : run.metrics()) {
            if (!tells_best(run, entry.first)) keys.insert(entry.first);
        }
    }
    return keys;
}

/// \param element  that the number stands in
inline std::string point_html(const point& row, const std::string& element = "span") {
    return '<' + element + " title=\"" + float_text(row.value) + "\">" + number_text(row.value) +
           "</" + element + "> <small>step\u00A0" + std::to_string(row.step) + "</small>";
}

/// What `metric_options::best` kept; empty where it was not asked for.
inline std::string best_html(const reported_run& run, const std::string& key) {
    const metric_history* const best = find_metric(run, key + ".best");
    return best == nullptr ? std::string() : point_html(best->latest.value());
}

inline std::string metric_cells(const reported_run& run, const std::string& key, bool has_best) {
    const metric_history& history = *find_metric(run, key);
    const value_extremes& found = history.extremes;
    std::string out = "<td>" + point_html(history.latest.value(), "b") + "</td>";
    out += "<td>" + (found.any ? point_html(found.lowest) : std::string()) + "</td>";
    out += "<td>" + (found.any ? point_html(found.highest) : std::string()) + "</td>";
    if (has_best) out += "<td>" + best_html(run, key) + "</td>";
    out += "<td>" + count_text(history.points);
    if (history.undrawn != 0) {
        out += " <small>" + count_text(history.undrawn) + " not finite</small>";
    }
    return out + "</td>";
}

/// The same in one cell, beside other runs.
inline std::string metric_cell(const reported_run& run, const std::string& key) {
    const metric_history* const history = find_metric(run, key);
    if (history == nullptr) return {};
    std::string out = point_html(history->latest.value(), "b");
    const auto add = [&out](const char* what, const std::string& html) {
        out += "<br><small>" + std::string(what) + "</small> " + html;
    };
    if (history->points > 1 && history->extremes.any) {
        add("min", point_html(history->extremes.lowest));
        add("max", point_html(history->extremes.highest));
    }
    if (const std::string best = best_html(run, key); !best.empty()) add("best", best);
    return out;
}

/// \param system  whether of what the machine did, or of all else
inline std::string metric_table(const reported_runs& runs, bool system, std::size_t most_bytes) {
    const bool single = runs.size() == 1;
    bool has_best = false;
    for (const auto& entry : runs[0].metrics()) {
        has_best = has_best || find_metric(runs[0], entry.first + ".best") != nullptr;
    }
    bounded_html rows(most_bytes);
    for (const std::string& key : metric_keys(runs)) {
        if (is_system_metric(key) != system) continue;
        rows.add(single ? "<tr>" + row_head(key) + metric_cells(runs[0], key, has_best) + "</tr>\n"
                        : run_row(runs, key, [&key](const reported_run& run) {
                              return metric_cell(run, key);
                          }));
    }
    std::string head = run_heads(runs);
    if (single) {
        head = "<td></td>";
        for (const char* each : {"last", "min", "max", "best", "points"}) {
            if (each == std::string_view("best") && !has_best) continue;
            head += "<th scope=\"col\">" + std::string(each) + "</th>";
        }
    }
    return wide_table("metrics", head, rows.text()) + left_out_note(rows.left_out(), "metrics");
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
