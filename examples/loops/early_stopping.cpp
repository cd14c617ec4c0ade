// SPDX-License-Identifier: MIT
/// \file Ends when the validation loss has not become 1 % better for three epochs.
#include <mlscribe/mlscribe.hpp>

#include "linear_model.hpp"

int main() {
    const std::vector<batch> batches = make_batches(10, 8, 5);
    const batch unseen = make_batches(1, 64, 6).front();
    auto run = mlscribe::start_run("loops", "early stopping");
    auto loss = run.metric<mlscribe::mean>("train/loss");
    mlscribe::metric_options lowest;
    lowest.best = mlscribe::best::min;
    auto validation_loss = run.metric("val/loss", lowest);

    linear_model model;
    double best = 1e9;
    int patience = 3;
    for (auto epoch : run.epochs(1000)) {
        for (const batch& each : batches) {
            gradient sum;
            loss.add(model.loss(each, &sum));
            model.descend(sum, 0.1);
        }
        const double value = model.loss(unseen);
        validation_loss.log(value);
        patience = value < 0.99 * best ? 3 : patience - 1;
        best = value < best ? value : best;
        if (patience > 0) continue;
        run.set_tag("stopped_at", std::to_string(epoch));
        break;
    }
}
