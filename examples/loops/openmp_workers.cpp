// SPDX-License-Identifier: MIT
/// \file Threads share the batches of a step: each has a copy of the handle, merged at its end.
///
/// Prints:
///
///     epoch 1  512 samples  y = 0.61 x + 0.60
///     epoch 4  512 samples  y = 1.80 x + 0.98
///     epoch 7  512 samples  y = 2.40 x + 1.00
///     epoch 10  512 samples  y = 2.70 x + 1.00
#include <mlscribe/mlscribe.hpp>

#include <cstdio>

#include "linear_model.hpp"

int main() {
    const std::vector<batch> batches = make_batches(64, 8, 7);
    auto run = mlscribe::start_run("loops", "OpenMP workers");
    auto loss =
        run.metric<mlscribe::several<mlscribe::mean, mlscribe::max, mlscribe::count>>("loss");

    linear_model model;
    for (auto epoch : run.epochs(10)) {
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
        if (epoch % 3 != 0) continue;
        std::printf("epoch %d  %zu samples  y = %.2f x + %.2f\n", static_cast<int>(epoch) + 1,
                    all.samples, model.slope, model.offset);
    }
}
