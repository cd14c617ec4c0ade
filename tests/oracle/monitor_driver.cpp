// SPDX-License-Identifier: MIT
/// \file monitor_driver ROOT NVML: a run with system metrics, which MLflow's variables govern.
/// Prints its id, works, and ends with its input.
#include <mlscribe/mlscribe.hpp>
#include <mlscribe/monitor.hpp>

#include <iostream>
#include <string>

int main(int count, char** words) {
    if (count != 3) return 2;
    mlscribe::run_options options;
    options.tracking_uri = words[1];
    options.experiment = "monitored";
    options.flush_interval = std::chrono::milliseconds(20);
    options.errors = mlscribe::strictness::raise;
    mlscribe::run run = mlscribe::start_run(options);
    mlscribe::monitor_options chosen;
    chosen.nvml_library = words[2];
    const auto watch = mlscribe::monitor_system(run, chosen);
    std::cout << run.id() << std::endl;
    for (std::string line; std::getline(std::cin, line);) {
    }
}
