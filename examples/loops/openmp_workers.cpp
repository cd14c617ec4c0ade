// SPDX-License-Identifier: MIT
/// \file Threads share the batches of a step: each has a copy of the handle, merged at its end.
#include <mlscribe/mlscribe.hpp>

#include "linear_model.hpp"

int main() {
    const std::vector<batch> batches = make_batches(64, 8, 7);
    auto run = mlscribe::start_run("loops", "OpenMP workers");
    auto loss =
        run.metric<mlscribe::several<mlscribe::mean, mlscribe::max, mlscribe::count>>("loss");

    linear_model model;
    for ([[maybe_unused]] auto epoch : run.epochs(10)) {
        gradient all;
#pragma omp parallel num_threads(4)
        {
            auto own_loss = loss;
            gradient own;
#pragma omp for
            for (int i = 0; i < static_cast<int>(batches.size()); ++i) {
                own_loss.add(model.loss(batches[static_cast<std::size_t>(i)], &own));
            }
#pragma omp critical
            {
                all.slope += own.slope;
                all.offset += own.offset;
                all.samples += own.samples;
            }
        }
        model.descend(all, 0.3);
    }
}
