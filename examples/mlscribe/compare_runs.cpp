// SPDX-License-Identifier: MIT
#include "compare_runs.hpp"

#include <functional>
#include <utility>

#include "json.hpp"
#include "run_choice.hpp"
#include "run_json.hpp"
#include "table.hpp"
#include "value_text.hpp"

namespace tool {
namespace {

std::string comparison_json(session& of, const mlscribe::run_comparison& found) {
    json_members runs;
    json_members params;
    json_members metrics;
    for (const auto& run : found.runs) {
        runs.item(info_json(run.info, of.experiment_name(run.info.experiment_id)));
    }
    for (const auto& [key, values] : found.params) {
        json_members row;
        for (const auto& value : values) row.item(value ? json_string(*value) : "null");
        params.raw(key, row.list());
    }
    for (const auto& [key, values] : found.metrics) {
        json_members row;
        for (const auto& value : values) row.item(value ? json_number(*value) : "null");
        metrics.raw(key, row.list());
    }
    return json_members()
               .raw("runs", runs.list())
               .raw("params", params.object())
               .raw("metrics", metrics.object())
               .object() +
           '\n';
}

}  // namespace

exit_code compare_runs(session& of, const std::vector<std::string>& words) {
    const std::vector<std::string> ids = chosen_runs(of, words);
    if (ids.size() < 2) {
        throw failure(exit_code::usage, "a comparison needs two runs; these words mean one");
    }
    const mlscribe::run_comparison found = of.store().compare(ids);
    if (of.json()) {
        of.out().write(comparison_json(of, found));
        return exit_code::done;
    }
    std::vector<table_column> columns{{""}};
    for (const auto& run : found.runs) columns.push_back({of.short_id(run.info.run_id)});
    table rows(std::move(columns));
    using cell_maker = std::function<table_cell(const mlscribe::run_info&)>;
    const auto add_info = [&](const char* what, const cell_maker& make) {
        std::vector<table_cell> row{{what, ink::bold}};
        for (const auto& run : found.runs) row.push_back(make(run.info));
        rows.add(std::move(row));
    };
    add_info("name", [](const auto& run) { return table_cell{run.run_name}; });
    add_info("experiment",
             [&](const auto& run) { return table_cell{of.experiment_name(run.experiment_id)}; });
    add_info("status", [](const auto& run) {
        return table_cell{mlscribe::to_string(run.status), ink_of(run.status)};
    });
    add_info("start", [&](const auto& run) { return table_cell{of.time(run.start_time)}; });
    add_info("duration",
             [](const auto& run) { return table_cell{duration_text(duration_of(run))}; });
    for (const auto& [key, values] : found.params) {
        std::vector<table_cell> row{{"params." + key, ink::cyan}};
        for (const auto& value : values) row.push_back({value.value_or("")});
        rows.add(std::move(row));
    }
    for (const auto& [key, values] : found.metrics) {
        std::vector<table_cell> row{{"metrics." + key, ink::yellow}};
        for (const auto& value : values) row.push_back({value ? of.number(*value) : ""});
        rows.add(std::move(row));
    }
    rows.print(of.out());
    return exit_code::done;
}

}  // namespace tool
