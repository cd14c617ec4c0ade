// Examines and repairs stores that a test damages: a command a line on stdin, answered by lines of
// JSON and a line with a dot.
#include <mlscribe/doctor.hpp>
#include <mlscribe/layout/json_text.hpp>
#include <mlscribe/mlscribe.hpp>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <sstream>
#include <string>
#include <string_view>

namespace {

std::string quoted(std::string_view text) {
    std::string out;
    mlscribe::detail::append_json_string(out, text);
    return out;
}

void tell(const char* kind, const mlscribe::finding& found, std::string_view kept = {}) {
    std::cout << "{\"kind\": \"" << kind << "\", \"what\": " << quoted(to_string(found.what))
              << ", \"does\": " << quoted(to_string(found.does))
              << ", \"run\": " << quoted(found.run_id)
              << ", \"experiment\": " << quoted(found.experiment_id)
              << ", \"path\": " << quoted(found.path) << ", \"line\": " << found.line
              << ", \"count\": " << found.count << ", \"message\": " << quoted(found.message)
              << ", \"remedy\": " << quoted(found.remedy) << ", \"kept\": " << quoted(kept)
              << "}\n";
}

/// A process that is killed while it logs.
void log_and_die(const std::string& root) {
    const pid_t child = ::fork();
    if (child == 0) {
        mlscribe::run_options options;
        options.tracking_uri = root;
        options.experiment = "killed";
        mlscribe::run run = mlscribe::start_run(options);
        for (int step = 0; step != 50; ++step) run.log_metric("loss", step, step);
        ::kill(::getpid(), SIGKILL);
    }
    ::waitpid(child, nullptr, 0);
}

void answer(const std::string& line) {
    std::istringstream words(line);
    std::string command;
    std::string root;
    std::string word;
    words >> command >> root;
    if (command == "examine") {
        for (const auto& each : mlscribe::examine(root).findings) tell("found", each);
    } else if (command == "repair" || command == "dry") {
        mlscribe::repair_options options;
        options.dry_run = command == "dry";
        while (words >> word) options.only.push_back(mlscribe::find_damage(word).value());
        const auto report = mlscribe::repair(root, options);
        for (const auto& each : report.changes) tell("changed", each.what, each.kept);
        for (const auto& each : report.left) tell("left", each);
    } else if (command == "killed") {
        log_and_die(root);
    } else if (command == "relocate") {
        for (const auto& each : mlscribe::relocate(root).changes) {
            std::cout << "{\"path\": " << quoted(each.path) << ", \"old\": " << quoted(each.old_uri)
                      << ", \"new\": " << quoted(each.new_uri) << "}\n";
        }
    } else if (command == "migration") {
        const auto report = mlscribe::migration_check(root);
        for (const auto& each : report.aborts) tell("aborts", each);
        for (const auto& each : report.skips) tell("skips", each);
    }
}

}  // namespace

int main() {
    for (std::string line; std::getline(std::cin, line);) {
        try {
            answer(line);
        } catch (const std::exception& failure) {
            std::cout << "{\"kind\": \"failed\", \"message\": " << quoted(failure.what()) << "}\n";
        }
        std::cout << '.' << std::endl;
    }
}
