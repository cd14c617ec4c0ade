// SPDX-License-Identifier: MIT
/// \file Four small batches make one step of the optimiser, which is the step of the metrics.
#include <mlscribe/mlscribe.hpp>

#include "linear_model.hpp"

int main() {
    constexpr std::size_t accumulated = 4;
    const std::vector<batch> batches = make_batches(40, 4, 2);
    auto run = mlscribe::start_run("loops", "gradient accumulation");
    run.log_param("accumulated", accumulated);
    auto loss = run.metric<mlscribe::mean>("train/loss");
    auto smooth = run.metric("train/smooth_loss", {}, mlscribe::moving_average(0.2));
    auto norm = run.metric<mlscribe::last>("train/gradient");

    linear_model model;
    for (auto step : run.steps(batches.size() / accumulated)) {
        gradient sum;
        for (std::size_t i = 0; i < accumulated; ++i) {
            const auto at = static_cast<std::size_t>(step) * accumulated + i;
            const double value = model.loss(batches[at], &sum);
            loss.add(value);
            smooth.add(value);
        }
        norm.add(sum.slope * sum.slope + sum.offset * sum.offset);
        model.descend(sum, 0.2);
    }
}
