// SPDX-License-Identifier: MIT
#include "list_runs.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "json.hpp"
#include "run_columns.hpp"
#include "run_json.hpp"

namespace tool {
namespace {

void print_runs_as_json(session& of, const mlscribe::found_runs& found) {
    json_members runs;
    for (const auto& run : found) {
        runs.item(run_json(run, of.experiment_name(run.info.experiment_id)));
    }
    of.out().write(json_members()
                       .raw("runs", runs.list())
                       .raw("damaged", damage_json(found.damaged))
                       .object() +
                   '\n');
}

/// Leaves out what has no room at a width that can be read: the experiment where all runs are of
/// one, then the last columns. What tells runs apart stays.
void leave_out_what_has_no_room(session& of, std::vector<run_column>& columns,
                                const mlscribe::found_runs& found) {
    constexpr std::size_t readable = 16;
    constexpr std::size_t gap = 2;
    const std::size_t available = of.out().columns();
    std::vector<std::size_t> widths;
    std::size_t total = 0;
    for (const run_column& column : columns) {
        std::size_t width = display_width(of.out().shown(column.shape(false).header));
        for (const auto& run : found) {
            if (width >= readable) break;
            width = (std::max)(width, display_width(of.out().shown(cell_of(of, column, run).text)));
        }
        widths.push_back((std::min)(width, readable));
        total += widths.back() + gap;
    }
    const auto leave_out = [&](std::size_t which) {
        total -= widths[which] + gap;
        widths.erase(widths.begin() + static_cast<std::ptrdiff_t>(which));
        columns.erase(columns.begin() + static_cast<std::ptrdiff_t>(which));
    };
    const auto experiment = std::find_if(
        columns.begin(), columns.end(), [](const auto& each) { return each.name == "experiment"; });
    const auto is_of_first = [&](const auto& run) {
        return run.info.experiment_id == found[0].info.experiment_id;
    };
    if (total > available + gap && experiment != columns.end() &&
        std::all_of(found.begin(), found.end(), is_of_first)) {
        leave_out(static_cast<std::size_t>(experiment - columns.begin()));
    }
    constexpr std::size_t least = 4;
    while (total > available + gap && columns.size() > least) leave_out(columns.size() - 1);
}

}  // namespace

exit_code list_runs(session& of, const list_options& options) {
    const mlscribe::found_runs found = selected_runs(of, options.runs);
    std::vector<run_column> columns =
        options.columns.empty() ? usual_columns(found) : columns_of(options.columns, found);
    if (of.json()) {
        print_runs_as_json(of, found);
        return found.empty() ? exit_code::nothing : exit_code::done;
    }
    if (found.empty()) {
        tell("no runs");
        return exit_code::nothing;
    }
    if (options.columns.empty() && of.out().is_terminal()) {
        leave_out_what_has_no_room(of, columns, found);
    }
    std::vector<table_column> shapes;
    for (const run_column& column : columns)
        shapes.push_back(column.shape(!of.out().is_terminal()));
    table rows(std::move(shapes));
    for (const auto& run : found) {
        std::vector<table_cell> cells;
        for (const run_column& column : columns) cells.push_back(cell_of(of, column, run));
        rows.add(std::move(cells));
    }
    rows.print(of.out(), options.header ? table::header::shown : table::header::hidden);
    return exit_code::done;
}

}  // namespace tool
