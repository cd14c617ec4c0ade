// SPDX-License-Identifier: MIT
/// \file `mlscribe`: looks into a store of runs, and keeps it in order, on a terminal.
#include <mlscribe/version.hpp>

#include <fmt/format.h>

#include <cmath>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <map>
#include <sstream>

#include "arguments.hpp"

namespace tool {

CLI::App* add_command(CLI::App& app, request& wanted, const std::string& name,
                      const std::string& description, const std::string& examples) {
    const std::map<std::string, colour_choice> colours{{"auto", colour_choice::automatic},
                                                       {"always", colour_choice::always},
                                                       {"never", colour_choice::never}};
    CLI::App* const command = app.add_subcommand(name, description);
    command->footer("Examples:\n" + examples);
    command
        ->add_option("-s,--store", wanted.general.store,
                     "A folder or file: URI; else MLFLOW_TRACKING_URI, else ./mlruns")
        ->type_name("STORE");
    command->add_flag("--json", wanted.general.json, "For programs");
    command->add_option("--color", wanted.general.colours, "auto, always or never")
        ->transform(CLI::CheckedTransformer(colours).description(""))
        ->type_name("WHEN");
    return command;
}

CLI::Option* add_runs(CLI::App& command, std::vector<std::string>& runs, const char* description) {
    return command.add_option("runs", runs, description)->required()->type_name("RUN");
}

CLI::Option* add_interval(CLI::App& command, std::chrono::milliseconds& interval,
                          const char* description) {
    const auto take = [&interval](const double& seconds) {
        interval = std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
    };
    const double usual = static_cast<double>(interval.count()) / 1000;
    return command.add_option_function<double>("--interval", take, description)
        ->check(CLI::Range(0.01, 86400.0).description(""))
        // The range lets a NaN pass.
        ->check([](const std::string& text) {
            return std::isnan(std::strtod(text.c_str(), nullptr)) ? text + " is no number"
                                                                  : std::string();
        })
        ->type_name("SECONDS")
        ->default_str(CLI::detail::to_string(usual));
}

const std::map<std::string, mlscribe::run_view>& view_names() {
    static const std::map<std::string, mlscribe::run_view> names{
        {"active", mlscribe::run_view::active},
        {"deleted", mlscribe::run_view::deleted},
        {"all", mlscribe::run_view::all}};
    return names;
}

namespace {

exit_code code_of(const mlscribe::error& failed) {
    switch (failed.code) {
        case mlscribe::error_code::not_found:
            return exit_code::nothing;
        case mlscribe::error_code::damaged:
            return exit_code::damaged;
        case mlscribe::error_code::invalid_value:
        case mlscribe::error_code::invalid_key:
            return exit_code::usage;
        default:
            return exit_code::unreadable;
    }
}

exit_code fulfil(const CLI::App& app, const request& wanted) {
    if (wanted.text) {
        output out(colour_choice::never);
        out.write(wanted.text(app));
        out.flush();
        return exit_code::done;
    }
    session of(wanted.general);
    exit_code code = exit_code::done;
    try {
        code = wanted.command(of);
    } catch (...) {
        of.finish();
        throw;
    }
    of.finish();
    return code;
}

exit_code run(int argc, char** argv) {
    CLI::App app("Looks into stores of MLflow runs, and keeps them in order.", "mlscribe");
    request wanted;
    app.require_subcommand(1);
    app.set_version_flag("-V,--version",
                         fmt::format("mlscribe {}.{}.{}", MLSCRIBE_VERSION_MAJOR,
                                     MLSCRIBE_VERSION_MINOR, MLSCRIBE_VERSION_PATCH));
    app.add_option("-s,--store", wanted.general.store,
                   "A folder or file: URI; else MLFLOW_TRACKING_URI, else ./mlruns")
        ->type_name("STORE");
    app.footer(
        "A run is named by its id, by at least four characters that only its id begins with, or by "
        "its name.\n"
        "--json has numbers that JSON lacks as the texts \"NaN\", \"Infinity\", \"-Infinity\".\n"
        "Exit status: 0 done; 1 nothing was found, or something is left to do; 2 wrong usage, or "
        "no "
        "server;\n"
        "3 the store cannot be read or written; 4 what was asked for is damaged.\n"
        "Colours: only on a terminal, unless NO_COLOR is set or TERM is dumb.\n"
        "mlscribe SUBCOMMAND --help has examples.");
    add_reading_commands(app, wanted);
    add_store_commands(app, wanted);
#ifdef MLSCRIBE_TOOL_SYNC
    add_server_commands(app, wanted);
#endif
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& stopped) {
        std::ostringstream out;
        std::ostringstream complaint;
        const bool failed = app.exit(stopped, out, complaint) != 0;
        std::cout << out.str() << std::flush;
        const std::vector<std::string> others = app.remaining();
        if (failed && app.get_subcommands().empty() && !others.empty()) {
            tell("there is no subcommand \"" + others.front() + "\"; see mlscribe --help");
        } else if (failed) {
            tell(complaint.str());
        }
        return failed ? exit_code::usage : exit_code::done;
    }
    return fulfil(app, wanted);
}

exit_code run_and_tell(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const failure& failed) {
        tell(failed.what());
        return failed.code();
    } catch (const mlscribe::query_error& failed) {
        tell(failed.what());
        return exit_code::usage;
    } catch (const mlscribe::logging_error& failed) {
        tell(failed.what());
        return code_of(failed.reason());
    } catch (const std::exception& failed) {
        tell(failed.what());
        return exit_code::unreadable;
    }
}

}  // namespace
}  // namespace tool

int main(int argc, char** argv) {
    // `| head` ends the tool without a word, also where it was started with the signal ignored.
    std::signal(SIGPIPE, SIG_DFL);
    // That switch is for programs that log; who calls this one wants it to work.
    ::unsetenv("MLSCRIBE_MODE");
    return static_cast<int>(tool::run_and_tell(argc, argv));
}
