// SPDX-License-Identifier: MIT
#include "show_run.hpp"

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "json.hpp"
#include "run_choice.hpp"
#include "run_json.hpp"
#include "sparkline.hpp"
#include "table.hpp"
#include "value_text.hpp"

namespace tool {
namespace {

/// All files, and the folders that have none.
std::vector<mlscribe::artifact_record> all_artifacts(const mlscribe::store& store,
                                                     const std::string& id) {
    std::vector<mlscribe::artifact_record> found;
    std::vector<std::string> folders{""};
    while (!folders.empty()) {
        const std::string folder = std::move(folders.back());
        folders.pop_back();
        for (auto& each : store.artifacts(id, folder)) {
            if (each.is_directory) {
                folders.push_back(each.path);
            } else {
                found.push_back(std::move(each));
            }
        }
    }
    std::sort(found.begin(), found.end(),
              [](const auto& a, const auto& b) { return a.path < b.path; });
    return found;
}

void print_title(output& out, const std::string& title) {
    out.write('\n' + out.painted(title, ink::bold) + '\n');
}

void print_texts(output& out, const std::string& title,
                 const std::map<std::string, std::string>& values) {
    if (values.empty()) return;
    print_title(out, title);
    table rows({{"key"}, {"value"}});
    for (const auto& [key, value] : values) rows.add({{key}, {value}});
    rows.print(out, table::header::hidden);
}

/// A row of `metrics`: the latest value, the lowest, the highest, how many, and the way there.
std::vector<table_cell> metric_row(const session& of, const std::string& id, const std::string& key,
                                   double latest, charset letters) {
    const std::size_t sparkline_width = of.out().columns() < 100 ? 16 : 24;
    std::vector<double> values;
    double lowest = std::numeric_limits<double>::infinity();
    double highest = -lowest;
    of.store().for_each_point(id, key, [&](const mlscribe::point& row) {
        values.push_back(row.value);
        if (!std::isfinite(row.value)) return;
        lowest = (std::min)(lowest, row.value);
        highest = (std::max)(highest, row.value);
    });
    const bool has_numbers = lowest <= highest;
    return {{key},
            {of.number(latest)},
            {has_numbers ? of.number(lowest) : ""},
            {has_numbers ? of.number(highest) : ""},
            {std::to_string(values.size())},
            {sparkline(values, sparkline_width, letters), ink::cyan}};
}

void print_info(session& of, const mlscribe::run_info& info) {
    table rows({{"what"}, {"value"}});
    const auto add = [&](const char* what, const std::string& text, ink colour = ink::plain) {
        if (!text.empty()) rows.add({{what, ink::bold}, {text, colour}});
    };
    const bool deleted = info.lifecycle_stage == mlscribe::lifecycle::deleted;
    add("run", info.run_name);
    add("id", info.run_id, ink::cyan);
    add("experiment", of.experiment_name(info.experiment_id) + " (" + info.experiment_id + ')');
    add("status", mlscribe::to_string(info.status), ink_of(info.status));
    if (deleted) add("stage", "deleted", ink::red);
    add("user", info.user_id);
    add("start", of.time(info.start_time));
    if (info.end_time) add("end", of.time(*info.end_time));
    add("duration", duration_text(duration_of(info)));
    rows.print(of.out(), table::header::hidden);
}

std::string artifacts_json(const std::vector<mlscribe::artifact_record>& artifacts) {
    json_members list;
    for (const auto& each : artifacts) {
        list.item(json_members()
                      .text("path", each.path)
                      .raw("file_size", std::to_string(each.bytes))
                      .object());
    }
    return list.list();
}

}  // namespace

exit_code show_run(session& of, const std::string& word) {
    const std::string id = chosen_run(of, word);
    const mlscribe::run_record run = of.store().get_run(id);
    const std::vector<mlscribe::artifact_record> artifacts = all_artifacts(of.store(), id);
    output& out = of.out();
    if (of.json()) {
        const std::string text = run_json(run, of.experiment_name(run.info.experiment_id));
        // The object of the run, with one more member.
        out.write(text.substr(0, text.size() - 1) +
                  ", \"artifacts\": " + artifacts_json(artifacts) + "}\n");
        return exit_code::done;
    }
    print_info(of, run.info);
    print_texts(out, "params", run.params);
    if (!run.metrics.empty()) {
        print_title(out, "metrics");
        table rows({{"key"},
                    {"latest", side::right},
                    {"min", side::right},
                    {"max", side::right},
                    {"points", side::right},
                    {"history"}});
        for (const auto& [key, latest] : run.metrics) {
            rows.add(metric_row(of, id, key, latest, out.letters()));
        }
        rows.print(out);
    }
    print_texts(out, "tags", run.tags);
    if (!artifacts.empty()) {
        print_title(out, "artifacts");
        table rows({{"size", side::right}, {"path"}});
        for (const auto& each : artifacts) rows.add({{size_text(each.bytes)}, {each.path}});
        rows.print(out, table::header::hidden);
    }
    return exit_code::done;
}

}  // namespace tool
