// SPDX-License-Identifier: MIT
#include <memory>
#include <string>

#include "arguments.hpp"
#include "sync_store.hpp"

namespace tool {
namespace {

/// Shows that the server comes last.
class usage_with_server : public CLI::Formatter {
    std::string make_usage(const CLI::App*, std::string name) const override {
        return "Usage: " + name + " [OPTIONS] [STORE|RUN...] URI\n";
    }
};

}  // namespace

void add_server_commands(CLI::App& app, request& wanted) {
    const auto choices = std::make_shared<sync_choices>();
    CLI::App* const command = add_command(
        app, wanted, "sync", "Pushes runs to a tracking server: what is new, each once",
        "  mlscribe sync mlruns https://mlflow.example.org\n"
        "  mlscribe sync 0f8f 'third try' http://127.0.0.1:5000 --dry-run\n"
        "  mlscribe sync mlruns http://127.0.0.1:5000 --follow --every 10\n"
        "Who asks is told by MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and _PASSWORD; "
        "MLFLOW_TRACKING_SERVER_CERT_PATH has a CA\n"
        "Deleted runs are deleted there, too\n"
        "Exit status 1 where something is not on the server, 2 where it does not answer or lets "
        "nobody in\n"
        "--json: one document");
    command->formatter(std::make_shared<usage_with_server>());
    command->add_option("runs", choices->words, "A store, or runs of it; else all runs; the server")
        ->required()
        ->type_name("[STORE|RUN...] URI");
    command
        ->add_option("-e,--experiment", choices->experiments,
                     "Name or id; may be given several times")
        ->allow_extra_args(false);
    command->add_flag("--follow", choices->follow,
                      "Goes on until all runs have ended, or were silent for ten minutes");
    command->add_flag("--dry-run", choices->dry_run, "Only tells what would be sent");
    command->add_option("-j,--jobs", choices->jobs, "How many runs at once")
        ->check(CLI::Range(1u, 64u).description(""))
        ->type_name("N")
        ->capture_default_str();
    command
        ->add_option("--every", choices->every, "Of a metric's points only each N-th, and the last")
        ->check(CLI::PositiveNumber.description(""))
        ->type_name("N");
    add_interval(*command, choices->interval, "Between two looks of --follow");
    command->callback([choices, &wanted] {
        wanted.command = [choices](session& of) { return sync_store(of, *choices); };
        settle_words(*choices, wanted.general.store);
    });
}

}  // namespace tool
