// SPDX-License-Identifier: MIT
/// \file Data-parallel training with MPI: each rank has batches of its own, and one run shows the
/// loss of all of them and which rank was the slowest. Run by `mpirun -np 4 data_parallel`.
///
/// Prints:
///
///     epoch 0: loss 4.1054, highest 7.0358 on rank 0
///     epoch 4: loss 0.4913, highest 0.9184 on rank 0
///     epoch 9: loss 0.0506, highest 0.0938 on rank 0
///     62 batches an epoch, slowest rank: 2
#include <mlscribe/mlscribe.hpp>
#include <mlscribe/mpi.hpp>
#include <mlscribe/query.hpp>

#include <chrono>
#include <cstddef>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

#include "../loops/linear_model.hpp"

// The gradient of the batches of all ranks.
gradient sum_of_ranks(const gradient& own) {
    const double sent[] = {own.slope, own.offset, static_cast<double>(own.samples)};
    double all[3] = {};
    MPI_Allreduce(sent, all, 3, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
    return {all[0], all[1], static_cast<std::size_t>(all[2])};
}

// Returns the id of the run; empty on ranks that do not record.
std::string train(const std::vector<batch>& batches, int rank) {
    auto run = mlscribe::start_run("loops", "data parallel");  // rank 0 records
    mlscribe::across_ranks ranks(run, MPI_COMM_WORLD);
    using loss_of_ranks =
        mlscribe::several<mlscribe::mean, mlscribe::max, mlscribe::max_rank, mlscribe::count>;
    auto loss = ranks.metric<loss_of_ranks>("loss");
    auto seconds = ranks.timer("seconds");

    linear_model model;
    for ([[maybe_unused]] auto epoch : run.epochs(10)) {
        gradient own;
        {
            const auto timed = seconds.start();
            for (const batch& each : batches) loss.add(model.loss(each, &own));
            if (rank == 2) std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
        model.descend(sum_of_ranks(own), 0.3);
    }  // one collective, and one point of each metric
    return std::string(run.id());
}

void print(const std::string& run_id) {
    const mlscribe::store store;
    const auto means = store.metric_history(run_id, "loss.mean");
    const auto highest = store.metric_history(run_id, "loss.max");
    const auto ranks = store.metric_history(run_id, "loss.max_rank");
    for (const std::size_t epoch : {0u, 4u, 9u}) {
        std::printf("epoch %zu: loss %.4f, highest %.4f on rank %.0f\n", epoch, means[epoch].value,
                    highest[epoch].value, ranks[epoch].value);
    }
    const auto metrics = store.get_run(run_id).metrics;
    std::printf("%.0f batches an epoch, slowest rank: %.0f\n", metrics.at("loss.count"),
                metrics.at("seconds.slowest_rank"));
}

int main(int count, char** words) {
    MPI_Init(&count, &words);
    int rank = 0;
    int size = 0;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &size);

    const std::vector<batch> all = make_batches(62, 8, 7);
    std::vector<batch> own;  // not as many on each rank
    for (std::size_t i = static_cast<std::size_t>(rank); i < all.size();
         i += static_cast<std::size_t>(size)) {
        own.push_back(all[i]);
    }
    const std::string run_id = train(own, rank);
    if (!run_id.empty()) print(run_id);
    MPI_Finalize();
}
