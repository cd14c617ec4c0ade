// SPDX-License-Identifier: MIT
/// \file Tables of a report with a column for each run: facts, params, tags.
#ifndef MLSCRIBE_REPORT_RUN_COLUMNS_HPP
#define MLSCRIBE_REPORT_RUN_COLUMNS_HPP

#include <mlscribe/config/clock.hpp>
#include <mlscribe/report/page_section.hpp>
#include <mlscribe/report/page_style.hpp>
#include <mlscribe/report/reported_run.hpp>

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

using reported_runs = std::vector<reported_run>;

/// The mark of a run: the colour and dashes of its curves.
inline std::string run_mark(std::size_t run) {
    return "<svg class=\"mark\" viewBox=\"0 0 24 8\" aria-hidden=\"true\"><path class=\"" +
           run_classes(run) + "\" d=\"M0 4H24\"/></svg>";
}

inline std::string marked_name(const reported_runs& runs, std::size_t run) {
    return run_mark(run) + html_front(runs[run].name(), 60);
}

/// The cells above the values; none for a single run.
inline std::string run_heads(const reported_runs& runs) {
    if (runs.size() == 1) return {};
    std::string out = "<td></td>";
    for (std::size_t i = 0; i < runs.size(); ++i) {
        out += "<th scope=\"col\">" + marked_name(runs, i) + "</th>";
    }
    return out;
}

/// A row `what` of one cell a run; empty where no run has it. \param html_of  gives a cell's HTML
template <class HtmlOf>
std::string run_row(const reported_runs& runs, std::string_view what, HtmlOf&& html_of) {
    std::string cells;
    bool any = false;
    for (const reported_run& run : runs) {
        const std::string cell = html_of(run);
        any = any || !cell.empty();
        cells += "<td>" + cell + "</td>";
    }
    return any ? "<tr>" + row_head(what) + cells + "</tr>\n" : std::string();
}

inline std::string status_html(const reported_run& run) {
    const std::string status = to_string(run.info().status);
    const std::string doubt = run.doubt();
    std::string out = "<span class=\"status ";
    out += doubt.empty() ? status : "STALE";
    out += "\">" + status + "</span>";
    if (!doubt.empty()) out += " <small>" + doubt + "</small>";
    if (run.info().lifecycle_stage == lifecycle::deleted) {
        out += " <span class=\"status STALE\">deleted</span>";
    }
    return out;
}

inline std::string duration_html(const reported_run& run) {
    const run_info& info = run.info();
    const std::int64_t end = info.end_time.value_or(milliseconds_now());
    std::int64_t duration = 0;
    if (__builtin_sub_overflow(end, info.start_time, &duration)) return {};
    // Nobody knows for how long a run went that is not known to go on.
    if (!info.end_time && !run.doubt().empty()) return {};
    return duration_text(duration) + (info.end_time ? "" : " so far");
}

inline std::string commit_html(const reported_run& run) {
    std::string out = html_front(run.tag("mlflow.source.git.commit"), 40);
    if (out.empty()) return out;
    out = "<code>" + out + "</code>";
    const std::string branch = run.tag("mlflow.source.git.branch");
    if (!branch.empty()) out += " <small>" + html_front(branch, 60) + "</small>";
    if (run.tag("mlscribe.git.dirty") == "true") out += " <small>with changes</small>";
    return out;
}

inline std::string facts_table(const reported_runs& runs) {
    std::string rows;
    rows += run_row(runs, "status", status_html);
    rows += run_row(runs, "id", [](const reported_run& run) {
        return "<code>" + html_text(run.info().run_id) + "</code>";
    });
    rows += run_row(runs, "experiment",
                    [](const reported_run& run) { return html_front(run.experiment(), 200); });
    rows += run_row(runs, "start",
                    [](const reported_run& run) { return time_text(run.info().start_time); });
    rows += run_row(runs, "duration", duration_html);
    rows += run_row(runs, "user",
                    [](const reported_run& run) { return html_front(run.info().user_id, 200); });
    rows += run_row(runs, "source", [](const reported_run& run) {
        return html_front(run.tag("mlflow.source.name"), 300);
    });
    rows += run_row(runs, "commit", commit_html);
    rows += run_row(runs, "child of", [](const reported_run& run) {
        return html_front(run.tag("mlflow.parentRunId"), 32);
    });
    return "<div id=\"facts\">" + wide_table("facts", run_heads(runs), rows) + "</div>\n";
}

/// The text of each run, in the order of the runs; null where it has none.
using text_row = std::vector<const std::string*>;

inline bool differs(const text_row& row) {
    return std::any_of(row.begin(), row.end(), [&row](const std::string* each) {
        return (each == nullptr) != (row[0] == nullptr) || (each != nullptr && *each != *row[0]);
    });
}

/// \param values_of  gives a run's map \param wanted  which keys are shown
template <class ValuesOf, class Wanted>
std::map<std::string, text_row> text_rows(const reported_runs& runs, ValuesOf&& values_of,
                                          Wanted&& wanted) {
    std::map<std::string, text_row> rows;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        for (const auto& entry : values_of(runs[i])) {
            if (!wanted(entry.first)) continue;
            text_row& row = rows[entry.first];
            row.resize(runs.size());
            row[i] = &entry.second;
        }
    }
    return rows;
}

/// Those that differ come first. \param what  params, tags
inline std::string text_table(const reported_runs& runs,
                              const std::map<std::string, text_row>& rows, std::string_view what,
                              std::size_t most_bytes) {
    constexpr std::size_t most_shown = 1000;
    bounded_html html(most_bytes);
    for (const bool wanted : {true, false}) {
        for (const auto& [key, row] : rows) {
            if (differs(row) != wanted) continue;
            std::string cells = wanted ? "<tr class=\"differs\">" : "<tr>";
            cells += row_head(key);
            for (const std::string* each : row) {
                cells += each == nullptr ? "<td class=\"none\">\u2013</td>"
                                         : "<td>" + html_front(*each, most_shown) + "</td>";
            }
            html.add(cells + "</tr>\n");
        }
    }
    return wide_table(what, run_heads(runs), html.text()) + left_out_note(html.left_out(), what);
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
