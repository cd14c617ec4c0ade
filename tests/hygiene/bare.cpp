// SPDX-License-Identifier: MIT
/// \file A program without exceptions and RTTI: a run that records, and runs that a store refuses.
#include <mlscribe/mlscribe.hpp>

#include <cstdio>
#include <string>

#if defined(__cpp_exceptions) || defined(__cpp_rtti)
#    error "compile this with -fno-exceptions -fno-rtti"
#endif

namespace {

struct hyperparameters {
    double rate = 0.1;
    std::string solver = "sgd";
};
MLSCRIBE_DESCRIBE(hyperparameters, rate, solver)

/// What a training program does. \return whether the run recorded
bool train(mlscribe::run run) {
    const bool recorded = run.recording();
    run.log_params(hyperparameters{});
    run.set_tag("kind", "bare");
    auto loss = run.metric<mlscribe::mean>("loss");
    auto accuracy = run.metric("accuracy");
    for (auto epoch : run.epochs(20)) {
        for (int batch = 0; batch < 4; ++batch) loss.add(1.0 / (batch + 1));
        accuracy.log(0.5, epoch);
    }
    run.log_text("<svg/>", "figure.svg");
    run.flush();
    run.end();
    return recorded;
}

}  // namespace

int main() {
    int told = 0;
    mlscribe::run_options refused;
    refused.errors = mlscribe::strictness::raise;  // which is `report` here
    refused.on_error = [&told](const mlscribe::error&) { ++told; };
    for (const char* store : {"/proc/no/such/store", "s3://bucket/store", "/dev/null"}) {
        refused.tracking_uri = store;
        const int before = told;
        if (train(mlscribe::start_run(refused)) || told == before) {
            std::printf("%s is not refused\n", store);
            return 1;
        }
    }
    mlscribe::resume_options unknown;
    unknown.on_error = refused.on_error;
    if (train(mlscribe::resume_run("0123456789abcdef0123456789abcdef", unknown))) return 2;

    mlscribe::run_options options;
    options.errors = mlscribe::strictness::raise;
    options.on_error = refused.on_error;
    mlscribe::run run = mlscribe::start_run(options);
    const int before = told;
    run.metric("re:call?").log(1.0);
    run.log_metric("negative", 1.0, -1);
    run.log_param("rate", 1);
    run.log_param("rate", 2);
    run.log_artifact("no such file");
    if (told - before < 4) return 3;
    return train(std::move(run)) ? 0 : 4;
}
