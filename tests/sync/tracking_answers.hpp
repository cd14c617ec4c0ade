// SPDX-License-Identifier: MIT
/// \file What MLflow's server answers to a push of one run, and a store of one run.
#ifndef MLSCRIBE_TESTS_SYNC_TRACKING_ANSWERS_HPP
#define MLSCRIBE_TESTS_SYNC_TRACKING_ANSWERS_HPP

#include <string>

#include "scratch_directory.hpp"
#include "stand_in_server.hpp"

namespace test {

/// Of a server that has the experiment and no run.
inline scripted_answer tracking_answer(const seen_request& request) {
    const auto asks = [&request](const char* method) {
        return request.target.find(method) != std::string::npos;
    };
    if (request.target == "/version") return {200, "2.22.5", ""};
    if (asks("experiments/get")) {
        return {200, R"({"experiment": {"experiment_id": "7", "name": "test",
            "lifecycle_stage": "active", "creation_time": "1"}})"};
    }
    if (asks("runs/create") || asks("runs/get")) {
        return {200, R"({"run": {"info": {"run_id": "remote", "experiment_id": "7",
            "lifecycle_stage": "active", "status": "RUNNING",
            "artifact_uri": "mlflow-artifacts:/7/remote/artifacts"}}})"};
    }
    return {};
}

/// Logs a run that has a little of everything.
inline void log_run(const scratch_directory& scratch, error_log& log) {
    mlscribe::run run = mlscribe::start_run(options(scratch, log));
    run.log_metric("loss", 0.5, 0);
    run.log_param("lr", 0.1);
    run.set_tag("team", "hpc");
    run.log_text("notes", "texts/notes.txt");
}

}  // namespace test

#endif
