// SPDX-License-Identifier: MIT
#include <map>
#include <memory>

#include "arguments.hpp"
#include "completion.hpp"
#include "delete_runs.hpp"
#include "disk_usage.hpp"
#include "examine_store.hpp"
#include "recover_runs.hpp"
#include "relocate_store.hpp"

namespace tool {
namespace {

void add_marking(CLI::App& app, request& wanted, const char* name, const char* description,
                 const char* examples, mlscribe::lifecycle to) {
    const auto runs = std::make_shared<std::vector<std::string>>();
    CLI::App* const command = add_command(app, wanted, name, description, examples);
    add_runs(*command, *runs, "By id, beginning of an id, or name");
    command->callback([runs, to, &wanted] {
        wanted.command = [runs, to](session& of) { return mark_runs(of, *runs, to); };
    });
}

void add_recover(CLI::App& app, request& wanted) {
    const auto force = std::make_shared<bool>(false);
    CLI::App* const command = add_command(
        app, wanted, "recover", "Writes what dead processes left, and ends their runs",
        "  mlscribe recover\n"
        "Exit status 1 where a run could not be recovered, or may be written elsewhere\n"
        "--json: one document");
    command->add_flag("--force", *force, "Also runs that a process of another host may write");
    command->callback([force, &wanted] {
        wanted.command = [force](session& of) { return recover_runs(of, *force); };
    });
}

void add_doctor(CLI::App& app, request& wanted) {
    const auto options = std::make_shared<doctor_options>();
    CLI::App* const command =
        add_command(app, wanted, "doctor", "Finds damage that MLflow stumbles over, and mends it",
                    "  mlscribe doctor\n"
                    "  mlscribe doctor --repair --dry-run\n"
                    "  mlscribe doctor --repair --only torn-line --only empty-metric\n"
                    "  mlscribe doctor --migration\n"
                    "Without --repair nothing is changed. Exit status 1 where damage is left\n"
                    "--json: one document\n"
                    "KIND: " +
                        damage_names());
    CLI::Option* const repair =
        command->add_flag("--repair", options->repair, "Mends what can be mended");
    CLI::Option* const dry_run =
        command->add_flag("--dry-run", options->dry_run, "Only tells what --repair would do");
    CLI::Option* const only =
        command->add_option("--only", options->only, "May be given several times")
            ->allow_extra_args(false)
            ->type_name("KIND");
    command
        ->add_option("--quarantine", options->quarantine,
                     "Where removed bytes are kept; else STORE-quarantine beside the store")
        ->type_name("DIR");
    command
        ->add_flag("--migration", options->migration,
                   "Only what `mlflow migrate-filestore` would trip over")
        ->excludes(repair)
        ->excludes(dry_run)
        ->excludes(only);
    command->callback([options, &wanted] {
        wanted.command = [options](session& of) { return examine_store(of, *options); };
    });
}

void add_relocate(CLI::App& app, request& wanted) {
    const auto from = std::make_shared<std::string>();
    const auto dry_run = std::make_shared<bool>(false);
    CLI::App* const command =
        add_command(app, wanted, "relocate", "Mends the artifact URIs of a store that was moved",
                    "  mlscribe relocate --dry-run\n"
                    "  mlscribe relocate -s /data/mlruns --from /home/me/mlruns\n"
                    "--json: one document");
    command->add_option("--from", *from, "Where the store was; else its runs tell")
        ->type_name("OLD");
    command->add_flag("--dry-run", *dry_run, "Only tells what would be changed");
    command->callback([from, dry_run, &wanted] {
        wanted.command = [from, dry_run](session& of) {
            return relocate_store(of, *from, *dry_run);
        };
    });
}

void add_disk_usage(CLI::App& app, request& wanted) {
    const auto options = std::make_shared<usage_options>();
    CLI::App* const command =
        add_command(app, wanted, "du", "Shows what lies where, the largest first",
                    "  mlscribe du\n"
                    "  mlscribe du --runs | head\n"
                    "In a pipe sizes are bytes\n"
                    "--json: one document");
    command->add_flag("--runs", options->by_run, "A line for each run");
    command->add_flag("--apparent-size", options->apparent,
                      "The bytes of files, not the blocks that they take");
    command->callback([options, &wanted] {
        wanted.command = [options](session& of) { return print_disk_usage(of, *options); };
    });
}

/// The tool as the completion script has to know it.
std::vector<completed_command> commands_of(const CLI::App& app) {
    std::vector<completed_command> commands;
    for (const CLI::App* each : app.get_subcommands([](const CLI::App*) { return true; })) {
        if (each->get_group().empty()) continue;
        completed_command command;
        command.name = each->get_name();
        for (const CLI::Option* option : each->get_options()) {
            for (const std::string& name : option->get_lnames()) {
                command.options.push_back("--" + name);
            }
            const std::string& positional = option->get_name(true, false);
            if (positional == "run" || positional == "runs") command.takes_runs = true;
        }
        commands.push_back(std::move(command));
    }
    return commands;
}

void add_completion(CLI::App& app, request& wanted) {
    CLI::App* const completion =
        app.add_subcommand("completion", "Prints a script that completes command lines");
    completion->footer("Example:\n  source <(mlscribe completion bash)");
    completion
        ->add_option_function<std::string>(
            "shell", [](const std::string&) {}, "bash")
        ->required()
        ->check(CLI::IsMember({"bash"}));
    completion->callback([&wanted] {
        wanted.text = [](const CLI::App& whole) { return bash_completion(commands_of(whole)); };
    });

    const auto begin = std::make_shared<std::string>();
    const auto view = std::make_shared<mlscribe::run_view>(mlscribe::run_view::all);
    CLI::App* const candidates = add_command(app, wanted, "candidates", "Runs that begin so", "");
    candidates->group("");
    candidates->add_option("--view", *view)->transform(CLI::CheckedTransformer(view_names()));
    candidates->add_option("begin", *begin);
    candidates->callback([begin, view, &wanted] {
        wanted.command = [begin, view](session& of) { return print_candidates(of, *begin, *view); };
    });
}

}  // namespace

void add_store_commands(CLI::App& app, request& wanted) {
    add_marking(app, wanted, "rm",
                "Deletes runs as MLflow does: hides them until they are restored",
                "  mlscribe rm 0f8f 'a failure'\n"
                "  mlscribe ls --view deleted\n"
                "Nothing is deleted where one of the words means no run. The files stay: "
                "`mlflow gc` removes them\n"
                "--json: one document",
                mlscribe::lifecycle::deleted);
    add_marking(app, wanted, "restore", "Restores deleted runs",
                "  mlscribe restore 0f8f\n"
                "--json: one document",
                mlscribe::lifecycle::active);
    add_recover(app, wanted);
    add_doctor(app, wanted);
    add_relocate(app, wanted);
    add_disk_usage(app, wanted);
    add_completion(app, wanted);
}

}  // namespace tool
