// SPDX-License-Identifier: MIT
/// \file Validates after every 25th step, at that step, and keeps the best value.
#include <mlscribe/mlscribe.hpp>

#include "linear_model.hpp"

int main() {
    const std::vector<batch> batches = make_batches(10, 8, 3);
    const std::vector<batch> unseen = make_batches(5, 8, 4);
    auto run = mlscribe::start_run("loops", "validation");
    auto loss = run.metric("train/loss", {}, mlscribe::every_nth<mlscribe::mean>(10));
    mlscribe::metric_options lowest;
    lowest.best = mlscribe::best::min;
    auto validation_loss = run.metric<mlscribe::mean>("val/loss", lowest);
    auto spread = run.metric<mlscribe::quantiles<50, 90>>("val/loss");

    linear_model model;
    for (auto step : run.steps(100)) {
        gradient sum;
        loss.add(model.loss(batches[static_cast<std::size_t>(step) % batches.size()], &sum));
        model.descend(sum, 0.1);
        if ((step + 1) % 25 != 0) continue;
        for (const batch& each : unseen) {
            validation_loss.add(model.loss(each));
            spread.add(model.loss(each));
        }
    }
}
