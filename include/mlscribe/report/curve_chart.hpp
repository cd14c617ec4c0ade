// SPDX-License-Identifier: MIT
/// \file The curves of one metric: a picture, and the numbers with which the page's script draws it
/// anew.
#ifndef MLSCRIBE_REPORT_CURVE_CHART_HPP
#define MLSCRIBE_REPORT_CURVE_CHART_HPP

#include <mlscribe/figure/figure.hpp>
#include <mlscribe/figure/value_range.hpp>
#include <mlscribe/layout/json_text.hpp>
#include <mlscribe/report/metric_table.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// JSON as it may stand in a `<script>` of data, which `</script` and `<!--` would end.
inline std::string script_json(std::string_view json) {
    std::string out;
    for (const char c : json) {
        if (c == '<') {
            out += "\\u003c";
        } else {
            out += c;
        }
    }
    return out;
}

/// How many digits tell values from each other that the eye tells apart in their curve.
inline int telling_digits(const std::vector<curve_point>& points) {
    value_range range;
    for (const curve_point& each : points) {
        if (is_drawn(each.value)) range.add(each.value);
    }
    const double size = (std::max)(std::fabs(range.low), std::fabs(range.high));
    const double length = range.high - range.low;
    if (!(length > 0)) return 7;
    return (std::min)(17, (std::max)(7, static_cast<int>(std::log10(size / length)) + 5));
}

/// The points of one run as the script reads them: `{"mark":"run
/// run0","name":"a","x":[…],"y":[…]}`.
inline void append_curve_json(std::string& out, std::size_t run, const std::string& name,
                              const std::vector<curve_point>& points) {
    std::string steps;
    std::string values;
    const int digits = telling_digits(points);
    for (const curve_point& each : points) {
        const char* const comma = steps.empty() ? "" : ",";
        steps += comma + std::to_string(each.step);
        values += comma;
        values += is_finite(each.value) ? fmt::format("{:.{}g}", each.value, digits) : "null";
    }
    out += out.empty() ? "{\"mark\":\"" : ",\n{\"mark\":\"";
    out += run_classes(run) + "\",\"name\":";
    append_json_string(out, name);
    out += ",\"x\":[" + steps + "],\"y\":[" + values + "]}";
}

/// A `<figure>` with the curves of all runs that have the metric; empty where there is no number.
inline std::string curve_chart(const reported_runs& runs, const std::string& key) {
    std::string json;
    std::string legend;
    std::uint64_t points = 0;
    std::uint64_t undrawn = 0;
    std::size_t drawn = 0;
    figure picture;
    picture.size(440, 270).x_label("step");
    for (std::size_t i = 0; i < runs.size(); ++i) {
        const metric_history* const history = find_metric(runs[i], key);
        if (history == nullptr || history->points == history->undrawn) {
            // It keeps its colour.
            picture.line(std::vector<double>(), std::vector<double>());
            continue;
        }
        const std::vector<curve_point> kept = history->way.points();
        std::vector<double> steps;
        std::vector<double> values;
        for (const curve_point& each : kept) {
            steps.push_back(static_cast<double>(each.step));
            values.push_back(each.value);
        }
        const std::string name(utf8::prefix(runs[i].name(), 60));
        picture.line(steps, values, runs.size() == 1 ? std::string_view() : name);
        append_curve_json(json, i, name, kept);
        if (runs.size() > 1) legend += "<li>" + marked_name(runs, i) + "</li>";
        points += history->points;
        undrawn += history->undrawn;
        drawn += kept.size();
    }
    if (json.empty()) return {};
    std::string note = count_text(points) + (points == 1 ? " point" : " points");
    if (undrawn != 0) note += ", " + count_text(undrawn) + " not finite";
    if (drawn < points) note += "; drawn from " + count_text(drawn) + ", peaks kept";
    const std::string shown_key = html_text(key);
    std::string out = "<figure class=\"metric\" data-key=\"" + shown_key + "\">\n<figcaption><b>";
    out += shown_key + "</b> <small>" + note + "</small></figcaption>\n";
    out +=
        "<div class=\"tools\" hidden><button type=\"button\" class=\"log\" "
        "aria-pressed=\"false\">log scale</button><button type=\"button\" class=\"reset\" "
        "disabled>whole range</button></div>\n";
    out += "<div class=\"plot\">" + picture.svg() + "</div>\n";
    if (!legend.empty()) out += "<ul class=\"legend\" hidden>" + legend + "</ul>\n";
    out += "<script type=\"application/json\" class=\"points\">[" + script_json(json);
    return out + "]</script>\n</figure>\n";
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
