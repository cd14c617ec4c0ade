// SPDX-License-Identifier: MIT
/// \file Epochs of batches: a point a batch of the loss, and its mean, lowest and highest an epoch.
#include <mlscribe/mlscribe.hpp>

#include "linear_model.hpp"

int main() {
    const std::vector<batch> batches = make_batches(20, 8, 1);
    auto run = mlscribe::start_run("loops", "nested batches");
    auto loss = run.metric("batch/loss");
    mlscribe::metric_options each_epoch;
    each_epoch.border = mlscribe::border::epoch;
    auto epoch_loss = run.metric<mlscribe::mean_min_max>("train/loss", each_epoch);

    linear_model model;
    for (auto epoch : run.epochs(5)) {
        for (auto step : run.steps(batches.size())) {  // 0 … 99 over the whole run
            auto timer = run.timer("batch/seconds");
            const batch& present = batches[static_cast<std::size_t>(step) % batches.size()];
            gradient sum;
            const double value = model.loss(present, &sum);
            model.descend(sum, 0.1);
            loss.log(value);
            epoch_loss.add(value);
        }
        if (epoch == 4) run.log_param("slope", model.slope);
    }
}
