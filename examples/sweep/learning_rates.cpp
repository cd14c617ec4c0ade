// SPDX-License-Identifier: MIT
/// \file A sweep: each combination of hyper-parameters is a child of one run. A query then finds
/// the best child, and the parent keeps its values.
///
/// Prints:
///
///     rate 0.01  momentum 0.0   val/loss 1.4911
///     rate 0.01  momentum 0.5   val/loss 0.5260
///     rate 0.1   momentum 0.0   val/loss 0.0011
///     rate 0.1   momentum 0.5   val/loss 0.0009
///     rate 1     momentum 0.0   val/loss 0.4002
///     rate 1     momentum 0.5   val/loss 0.0037
///     best: rate 0.1   momentum 0.5
#include <mlscribe/mlscribe.hpp>
#include <mlscribe/query.hpp>

#include <cstdio>
#include <string>

#include "../loops/linear_model.hpp"

struct hyperparameters {
    double rate = 0.1;
    double momentum = 0;
};
MLSCRIBE_DESCRIBE(hyperparameters, rate, momentum)

// Trains one model, and logs it to its own run. Returns the loss on what it has not seen.
double train(mlscribe::run run, const hyperparameters& chosen) {
    static const std::vector<batch> batches = make_batches(10, 8, 3);
    static const batch unseen = make_batches(1, 40, 4).front();
    run.log_params(chosen);
    auto loss = run.metric<mlscribe::mean>("train/loss");
    auto validation_loss = run.metric("val/loss");

    linear_model model;
    gradient velocity;
    velocity.samples = 1;
    double reached = 0;
    for ([[maybe_unused]] auto epoch : run.epochs(10)) {
        for (const batch& each : batches) {
            gradient sum;
            loss.add(model.loss(each, &sum));
            const auto samples = static_cast<double>(sum.samples);
            velocity.slope = chosen.momentum * velocity.slope + sum.slope / samples;
            velocity.offset = chosen.momentum * velocity.offset + sum.offset / samples;
            model.descend(velocity, chosen.rate);
        }
        validation_loss.log(reached = model.loss(unseen));
    }
    return reached;
}  // the child is FINISHED

int main() {
    auto sweep = mlscribe::start_run("sweeps", "learning rates");
    for (const double rate : {0.01, 0.1, 1.0}) {
        for (const double momentum : {0.0, 0.5}) {
            char name[40];
            std::snprintf(name, sizeof name, "rate %-4g  momentum %.1f", rate, momentum);
            const double reached = train(sweep.start_child(name), {rate, momentum});
            std::printf("%s   val/loss %.4f\n", name, reached);
        }
    }

    if (!sweep.recording()) return 0;  // switched off, so there is nothing to search

    // What MLflow's own search takes, too.
    const std::string parent(sweep.id());
    mlscribe::search_query query;
    query.filter = "tags.mlflow.parentRunId = '" + parent + "' AND attributes.status = 'FINISHED'";
    query.order_by = {"metrics.`val/loss`"};
    query.max_results = 1;
    const mlscribe::store store;
    for (const auto& best : store.search_runs(query)) {
        sweep.log_params(store.read<hyperparameters>(best.info.run_id), "best");
        sweep.log_metric("val/loss", best.metrics.at("val/loss"));
        sweep.set_tag("best_run", best.info.run_id);
        std::printf("best: %s\n", best.info.run_name.c_str());
    }
}
