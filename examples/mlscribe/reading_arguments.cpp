// SPDX-License-Identifier: MIT
#include <map>
#include <memory>

#include "arguments.hpp"
#include "compare_runs.hpp"
#include "export_runs.hpp"
#include "list_runs.hpp"
#include "plot_runs.hpp"
#include "print_history.hpp"
#include "report_runs.hpp"
#include "show_run.hpp"
#include "tail_run.hpp"

namespace tool {
namespace {

void add_selection(CLI::App& command, run_selection& runs) {
    command.add_option("-f,--filter", runs.filter,
                       "In MLflow's language: \"metrics.loss < 1 AND params.opt = 'adam'\"");
    command
        .add_option("--order-by", runs.order_by,
                    "\"metrics.loss\", \"start_time DESC\"; may be given several times")
        ->allow_extra_args(false);
    command
        .add_option("-e,--experiment", runs.experiments, "Name or id; may be given several times")
        ->allow_extra_args(false);
    command.add_option("--max", runs.most, "The most runs; 0: all")
        ->check(CLI::NonNegativeNumber.description(""))
        ->capture_default_str();
    command.add_option("--view", runs.view, "active, deleted or all")
        ->transform(CLI::CheckedTransformer(view_names()).description(""))
        ->type_name("VIEW");
}

CLI::Option* add_metrics(CLI::App& command, std::vector<std::string>& metrics,
                         const char* description) {
    return command.add_option("-m,--metric", metrics, description)
        ->allow_extra_args(false)
        ->type_name("KEY");
}

CLI::Option* add_result_file(CLI::App& command, result_file& to, const char* description) {
    command.add_flag("--force", to.force, "Replaces the file");
    return command.add_option("-o,--output", to.path, description)->type_name("FILE");
}

void add_list(CLI::App& app, request& wanted) {
    const auto options = std::make_shared<list_options>();
    CLI::App* const command = add_command(
        app, wanted, "ls", "Lists runs",
        "  mlscribe ls\n"
        "  mlscribe ls -f \"metrics.loss < 0.1\" --order-by metrics.loss --max 10\n"
        "  mlscribe ls -e iris --columns id,name,params.lr,metrics.*\n"
        "  mlscribe ls --columns id --no-header | xargs mlscribe compare\n"
        "In a pipe ids are whole, nothing is cut, and columns are two blanks or more apart: "
        "awk -F '  +'\n"
        "--json: one document, {\"runs\": [...], \"damaged\": [...]}");
    add_selection(*command, options->runs);
    command
        ->add_option("-c,--columns", options->columns,
                     "id,name,experiment,status,start,duration,end,user,stage,"
                     "metrics.KEY,params.KEY,tags.KEY; metrics.* is all metrics")
        ->delimiter(',')
        ->allow_extra_args(false)
        ->type_name("NAME,...");
    command->add_flag_callback(
        "--no-header", [options] { options->header = false; }, "Only the runs");
    command->callback([options, &wanted] {
        wanted.command = [options](session& of) { return list_runs(of, *options); };
    });
}

void add_show(CLI::App& app, request& wanted) {
    const auto run = std::make_shared<std::string>();
    CLI::App* const command =
        add_command(app, wanted, "show", "Shows all of a run",
                    "  mlscribe show 0f8fad5b\n"
                    "  mlscribe show 'Iris Logistic Regression' --json\n"
                    "--json: one document, the run as MLflow's REST interface has it, and its "
                    "artifacts");
    command->add_option("run", *run, "Id, beginning of an id, or name")->required();
    command->callback(
        [run, &wanted] { wanted.command = [run](session& of) { return show_run(of, *run); }; });
}

void add_compare(CLI::App& app, request& wanted) {
    const auto runs = std::make_shared<std::vector<std::string>>();
    CLI::App* const command =
        add_command(app, wanted, "compare", "Shows runs side by side: params that differ, metrics",
                    "  mlscribe compare 0f8f 77a1 'third try'\n"
                    "--json: one document; null where a run has no such key");
    add_runs(*command, *runs, "Two runs or more")->expected(2, -1);
    command->callback([runs, &wanted] {
        wanted.command = [runs](session& of) { return compare_runs(of, *runs); };
    });
}

void add_plot(CLI::App& app, request& wanted) {
    const auto options = std::make_shared<plot_options>();
    CLI::App* const command = add_command(app, wanted, "plot", "Draws metrics as curves",
                                          "  mlscribe plot 0f8f -m train/loss\n"
                                          "  mlscribe plot 0f8f 77a1 -m loss --log --time\n"
                                          "  mlscribe plot 0f8f -m loss -o loss.svg\n"
                                          "--json: one document, the points of each curve");
    add_runs(*command, options->runs, "Whose metrics");
    add_metrics(*command, options->metrics, "May be given several times")->required();
    CLI::Option* const ascii = command->add_flag(
        "--ascii", options->ascii, "No braille; so it is where the locale is not UTF-8");
    command->add_flag("--log", options->logarithmic, "A logarithmic axis");
    command->add_flag("--time", options->by_time, "Over the seconds since the run began");
    CLI::Option* const width =
        command->add_option("--width", options->columns, "In columns; else that of the terminal")
            ->check(CLI::Range(std::size_t{20}, std::size_t{1000}));
    CLI::Option* const height = command->add_option("--height", options->rows, "In lines")
                                    ->check(CLI::Range(std::size_t{3}, std::size_t{200}));
    add_result_file(*command, options->to, "A picture (SVG); -: standard output")
        ->excludes(ascii)
        ->excludes(width)
        ->excludes(height);
    command->callback([options, &wanted] {
        wanted.command = [options](session& of) { return plot_runs(of, *options); };
    });
}

void add_report(CLI::App& app, request& wanted) {
    const auto choices = std::make_shared<report_choices>();
    CLI::App* const command =
        add_command(app, wanted, "report", "Writes runs as one HTML file that needs nothing else",
                    "  mlscribe report 0f8f\n"
                    "  mlscribe report 0f8f 77a1 'third try' -o comparison.html\n"
                    "  mlscribe report 0f8f -m loss -o - | mail -a 'Content-Type: text/html' me\n"
                    "Files that do not fit are listed. Exit status 4 where a part cannot be read\n"
                    "--json: one document, the file and its size");
    add_runs(*command, choices->runs, "Side by side, where there are several");
    add_result_file(*command, choices->to, "-: standard output")->capture_default_str();
    add_metrics(*command, choices->page.metrics, "Only this one; may be given several times");
    command->add_option("--title", choices->page.title, "Else the names of the runs");
    command->add_option("--max-bytes", choices->page.most_bytes, "The most that the file may have")
        ->check(CLI::Range(std::size_t{65536}, std::size_t{1} << 32))
        ->capture_default_str();
    command->add_flag_callback(
        "--no-artifacts", [choices] { choices->page.artifacts = false; },
        "Neither shown nor listed");
    command->callback([choices, &wanted] {
        wanted.command = [choices](session& of) { return report_runs(of, *choices); };
    });
}

void add_tail(CLI::App& app, request& wanted) {
    const auto options = std::make_shared<tail_options>();
    CLI::App* const command =
        add_command(app, wanted, "tail", "Prints points as they come, until the run ends",
                    "  mlscribe tail 0f8f\n"
                    "  mlscribe tail 0f8f -m train/loss -n 50\n"
                    "--json: a line for each point");
    command->add_option("run", options->run, "Id, beginning of an id, or name")->required();
    add_metrics(*command, options->metrics, "Only this one; may be given several times");
    command->add_option("-n,--lines", options->lines, "Points that are there already")
        ->check(CLI::NonNegativeNumber.description(""))
        ->capture_default_str();
    command->add_flag("--once", options->once, "Do not wait for more");
    add_interval(*command, options->interval, "Seconds between two looks");
    command->callback([options, &wanted] {
        wanted.command = [options](session& of) { return tail_run(of, *options); };
    });
}

void add_history(CLI::App& app, request& wanted) {
    const auto run = std::make_shared<std::string>();
    const auto key = std::make_shared<std::string>();
    CLI::App* const command = add_command(app, wanted, "history", "Prints all points of a metric",
                                          "  mlscribe history 0f8f train/loss\n"
                                          "--json: a line for each point");
    command->add_option("run", *run, "Id, beginning of an id, or name")->required();
    command->add_option("key", *key, "Of the metric")->required();
    command->callback([run, key, &wanted] {
        wanted.command = [run, key](session& of) { return print_history(of, *run, *key); };
    });
}

void add_export(CLI::App& app, request& wanted) {
    const std::map<std::string, export_format> formats{{"csv", export_format::csv},
                                                       {"jsonl", export_format::json_lines}};
    const auto options = std::make_shared<export_options>();
    options->runs.most = 0;
    CLI::App* const command =
        add_command(app, wanted, "export", "Writes runs, or all their points, for other programs",
                    "  mlscribe export > runs.csv\n"
                    "  mlscribe export -e iris --histories --format jsonl > points.jsonl\n"
                    "csv has the columns of MLflow's search_runs(), times in milliseconds\n"
                    "--json: as --format jsonl, a line for each run or point");
    add_selection(*command, options->runs);
    command->add_option("--format", options->format, "csv or jsonl")
        ->transform(CLI::CheckedTransformer(formats).description(""))
        ->type_name("FORMAT");
    command->add_flag("--histories", options->histories, "The points of the metrics");
    add_metrics(*command, options->metrics, "Only these histories; may be given several times");
    command->callback([options, &wanted] {
        wanted.command = [options](session& of) { return export_runs(of, *options); };
    });
}

}  // namespace

void add_reading_commands(CLI::App& app, request& wanted) {
    add_list(app, wanted);
    add_show(app, wanted);
    add_compare(app, wanted);
    add_plot(app, wanted);
    add_report(app, wanted);
    add_tail(app, wanted);
    add_history(app, wanted);
    add_export(app, wanted);
}

}  // namespace tool
