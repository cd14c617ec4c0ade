// SPDX-License-Identifier: MIT
#include "plot_runs.hpp"

#include <mlscribe/figure.hpp>

#include <algorithm>
#include <cmath>
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

std::string name_of(const plotted& each) {
    return each.run.run_name.empty() ? each.run.run_id.substr(0, 8) : each.run.run_name;
}

double place_of(const plotted& each, const mlscribe::point& row, const plot_options& options) {
    const double seconds =
        (static_cast<double>(row.timestamp) - static_cast<double>(each.run.start_time)) / 1e3;
    return options.by_time ? seconds : static_cast<double>(row.step);
}

chart_series curve_of(const plotted& each, const plot_options& options) {
    chart_series curve;
    curve.label = each.key + "  " + name_of(each);
    for (const mlscribe::point& row : each.points) {
        curve.points.push_back({place_of(each, row, options), row.value});
    }
    return curve;
}

bool can_be_drawn(const std::vector<plotted>& all, const plot_options& options) {
    return std::any_of(all.begin(), all.end(), [&](const plotted& each) {
        return std::any_of(each.points.begin(), each.points.end(), [&](const auto& row) {
            return std::isfinite(row.value) && (!options.logarithmic || row.value > 0);
        });
    });
}

/// What all curves share is the title, what differs stands in the legend.
std::string plot_svg(const std::vector<plotted>& all, const plot_options& options) {
    const bool one_key = std::all_of(all.begin(), all.end(),
                                     [&](const auto& each) { return each.key == all[0].key; });
    const bool one_run = std::all_of(all.begin(), all.end(), [&](const auto& each) {
        return each.run.run_id == all[0].run.run_id;
    });
    mlscribe::figure picture(one_key ? all[0].key : one_run ? name_of(all[0]) : std::string());
    if (one_key && one_run) picture.subtitle(name_of(all[0]));
    picture.x_label(options.by_time ? "seconds" : "step");
    if (options.logarithmic) picture.log_y();
    for (const plotted& each : all) {
        std::vector<double> places;
        std::vector<double> values;
        for (const mlscribe::point& row : each.points) {
            places.push_back(place_of(each, row, options));
            values.push_back(row.value);
        }
        const std::string name = one_key && one_run ? std::string()
                                 : one_key          ? name_of(each)
                                 : one_run          ? each.key
                                                    : each.key + "  " + name_of(each);
        picture.line(places, values, name);
    }
    return picture.svg();
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
    const bool to_file = !options.to.path.empty();
    if (to_file) options.to.check();
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
    if (of.json() && !to_file) {
        of.out().write(plot_json(all));
        return exit_code::done;
    }
    const std::string undrawable = "none of the points can be drawn: they are NaN or infinite" +
                                   std::string(options.logarithmic ? ", or have no logarithm" : "");
    if (to_file) {
        if (!can_be_drawn(all, options)) throw failure(exit_code::nothing, undrawable);
        options.to.write(of, plot_svg(all, options));
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
    throw failure(exit_code::nothing, undrawable);
}

}  // namespace tool
