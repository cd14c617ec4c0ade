// SPDX-License-Identifier: MIT
#include "plot_runs.hpp"

#include <algorithm>
#include <utility>

#include "chart.hpp"
#include "json.hpp"
#include "metric_choice.hpp"
#include "run_choice.hpp"
#include "run_json.hpp"

namespace tool {
namespace {

/// One curve: its points in the order of the axis.
struct plotted {
    mlscribe::run_info run;
    std::string key;
    std::vector<mlscribe::point> points;
};

chart_series curve_of(const plotted& each, const plot_options& options) {
    chart_series curve;
    const std::string name =
        each.run.run_name.empty() ? each.run.run_id.substr(0, 8) : each.run.run_name;
    curve.label = each.key + "  " + name;
    for (const mlscribe::point& row : each.points) {
        const double seconds =
            (static_cast<double>(row.timestamp) - static_cast<double>(each.run.start_time)) / 1e3;
        curve.points.push_back(
            {options.by_time ? seconds : static_cast<double>(row.step), row.value});
    }
    return curve;
}

std::string plot_json(const std::vector<plotted>& all) {
    json_members series;
    for (const plotted& each : all) {
        json_members points;
        for (const mlscribe::point& row : each.points) points.item(point_json(row));
        series.item(json_members()
                        .text("run_id", each.run.run_id)
                        .text("run_name", each.run.run_name)
                        .text("key", each.key)
                        .raw("points", points.list())
                        .object());
    }
    return json_members().raw("series", series.list()).object() + '\n';
}

}  // namespace

exit_code plot_runs(session& of, const plot_options& options) {
    std::vector<plotted> all;
    for (const std::string& id : chosen_runs(of, options.runs)) {
        const mlscribe::run_record run = of.store().get_run(id);
        for (const std::string& key : options.metrics) {
            if (run.metrics.count(key) == 0) {
                tell(no_metric(run, key));
                continue;
            }
            plotted each{run.info, key, of.store().metric_history(id, key)};
            const auto before = [&](const auto& a, const auto& b) {
                return options.by_time ? a.timestamp < b.timestamp : a.step < b.step;
            };
            std::stable_sort(each.points.begin(), each.points.end(), before);
            all.push_back(std::move(each));
        }
    }
    if (all.empty()) return exit_code::nothing;
    if (of.json()) {
        of.out().write(plot_json(all));
        return exit_code::done;
    }
    constexpr std::size_t usual_rows = 16;
    constexpr std::size_t rows_around = 4;  // the axis, its labels, a legend and the prompt
    const output& out = of.out();
    chart_options chart;
    chart.columns = options.columns != 0 ? options.columns : out.drawing_columns();
    chart.rows = options.rows != 0          ? options.rows
                 : out.rows() > rows_around ? (std::min)(usual_rows, out.rows() - rows_around)
                                            : 1;
    chart.ascii = options.ascii || !out.locale_is_utf8();
    chart.logarithmic = options.logarithmic;
    chart.x_title = options.by_time ? "seconds" : "step";
    std::vector<chart_series> curves;
    for (const plotted& each : all) curves.push_back(curve_of(each, options));
    if (print_chart(of.out(), curves, chart)) return exit_code::done;
    tell("none of the points can be drawn: they are NaN or infinite" +
         std::string(options.logarithmic ? ", or have no logarithm" : ""));
    return exit_code::nothing;
}

}  // namespace tool
