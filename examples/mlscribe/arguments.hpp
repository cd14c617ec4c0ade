// SPDX-License-Identifier: MIT
/// \file The command line: which subcommands and options there are.
#ifndef MLSCRIBE_TOOL_ARGUMENTS_HPP
#define MLSCRIBE_TOOL_ARGUMENTS_HPP

#include <CLI/CLI.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "session.hpp"

namespace tool {

/// What the command line asks for.
struct request {
    general_options general;
    std::function<exit_code(session&)> command;        ///< works on a store
    std::function<std::string(const CLI::App&)> text;  ///< or only prints; given the whole tool
};

/// A subcommand with the options that all have. \param examples  lines of its help
CLI::App* add_command(CLI::App& app, request& wanted, const std::string& name,
                      const std::string& description, const std::string& examples);

/// `RUN…` of a subcommand.
CLI::Option* add_runs(CLI::App& command, std::vector<std::string>& runs, const char* description);

/// `--interval SECONDS`. \param interval  outlives the command; its value is the default
CLI::Option* add_interval(CLI::App& command, std::chrono::milliseconds& interval,
                          const char* description);

/// active, deleted, all.
const std::map<std::string, mlscribe::run_view>& view_names();

/// ls, show, compare, plot, report, tail, history, export.
void add_reading_commands(CLI::App& app, request& wanted);
/// rm, restore, recover, doctor, relocate, du, completion.
void add_store_commands(CLI::App& app, request& wanted);
/// sync.
void add_server_commands(CLI::App& app, request& wanted);

}  // namespace tool

#endif
