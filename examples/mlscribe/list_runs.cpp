// SPDX-License-Identifier: MIT
#include "list_runs.hpp"

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

/// As many of the columns, from the first on, as have room at a width that can be read.
void leave_out_what_has_no_room(std::vector<run_column>& columns, std::size_t available) {
    constexpr std::size_t of_one = 12;
    constexpr std::size_t least = 5;
    columns.resize((std::min)(columns.size(), (std::max)(least, available / of_one)));
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
        leave_out_what_has_no_room(columns, of.out().columns());
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
