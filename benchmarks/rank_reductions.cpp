// SPDX-License-Identifier: MIT
/// \file What a step border across ranks costs beside MPI's own reductions of as many bytes, and
/// what it and logging cost a rank that does not log. `mpirun -np 4 rank_reductions`
#include <mlscribe/mlscribe.hpp>
#include <mlscribe/mpi.hpp>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "measure.hpp"
#include "scratch.hpp"

namespace {

constexpr int metrics = 10;
constexpr int steps = 500;
constexpr int rounds = 9;
constexpr int doubles_sent = (metrics + 2) * mlscribe::detail::doubles_of_rank_values;

using handles = std::vector<mlscribe::reduced_metric<mlscribe::detail::rank_values>>;

/// Seconds a step of the middle round, the ranks beginning each together.
class rounds_of {
  public:
    template <class Steps>
    void run(const Steps& all_steps) {
        MPI_Barrier(MPI_COMM_WORLD);
        const double began = MPI_Wtime();
        all_steps();
        MPI_Barrier(MPI_COMM_WORLD);
        seconds_.push_back((MPI_Wtime() - began) / steps);
    }
    double middle() {
        const auto at = seconds_.begin() + rounds / 2;
        std::nth_element(seconds_.begin(), at, seconds_.end());
        return *at;
    }

  private:
    std::vector<double> seconds_;
};

/// Adds to each of the metrics, and passes a border.
void loop(mlscribe::run& run, handles& all) {
    for (auto step : run.steps(steps)) {
        for (auto& each : all) each.add(step);
    }
}

handles metrics_of(mlscribe::across_ranks& ranks) {
    handles made;
    for (int i = 0; i < metrics; ++i) {
        made.push_back(ranks.metric<mlscribe::mean>("m" + std::to_string(i)));
    }
    return made;
}

/// The CPU time of a call on a run that does not log, beside a loop without one.
double silent_nanoseconds(mlscribe::run& run, bool logs) {
    auto handle = run.metric("silent");
    auto loss = run.metric<mlscribe::mean>("silent mean");
    double least = 1;
    constexpr int points = 1000000;
    for (int round = 0; round < rounds; ++round) {
        const double before = cpu_seconds(cpu::this_thread);
        double x = 0.5;
        for (int i = 0; i < points; ++i) {
            x = x * 0.999 + 0.001;
            benchmark::DoNotOptimize(x);
            if (!logs) continue;
            handle.log(x);
            loss.add(x);
        }
        least = (std::min)(least, cpu_seconds(cpu::this_thread) - before);
    }
    return least / points * 1e9;
}

}  // namespace

int main(int count, char** words) {
    MPI_Init(&count, &words);
    int rank = 0;
    int size = 0;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    {
        const scratch_folder folder;
        mlscribe::run run = folder.start(std::chrono::seconds(1));
        mlscribe::run late = folder.start(std::chrono::seconds(1));
        mlscribe::across_ranks ranks(run, MPI_COMM_WORLD);
        mlscribe::across_ranks overlapping(late, MPI_COMM_WORLD, mlscribe::exchange::overlapping);
        handles blocked = metrics_of(ranks);
        handles overlapped = metrics_of(overlapping);
        std::vector<double> from(doubles_sent, rank);
        std::vector<double> into(doubles_sent);
        rounds_of reduce;
        rounds_of allreduce;
        rounds_of border;
        rounds_of late_border;
        for (int round = 0; round < rounds; ++round) {
            reduce.run([&] {
                for (int step = 0; step < steps; ++step) {
                    MPI_Reduce(from.data(), into.data(), doubles_sent, MPI_DOUBLE, MPI_SUM, 0,
                               MPI_COMM_WORLD);
                }
            });
            allreduce.run([&] {
                for (int step = 0; step < steps; ++step) {
                    MPI_Allreduce(from.data(), into.data(), doubles_sent, MPI_DOUBLE, MPI_SUM,
                                  MPI_COMM_WORLD);
                }
            });
            border.run([&] { loop(run, blocked); });
            late_border.run([&] { loop(late, overlapped); });
        }
        if (rank == 0) {
            const double bare = reduce.middle();
            std::printf("a border of %d metrics, %d ranks, %d bytes each; x MPI_Reduce (%.2f us)\n",
                        metrics, size, doubles_sent * 8, bare * 1e6);
            std::printf("  MPI_Allreduce          %6.2f\n", allreduce.middle() / bare);
            std::printf("  across_ranks           %6.2f\n", border.middle() / bare);
            std::printf("  the same, overlapping  %6.2f\n", late_border.middle() / bare);
        }
        if (rank == size - 1) {
            const double bare = silent_nanoseconds(run, false);
            const double logging = silent_nanoseconds(run, true);
            std::printf(
                "a rank that does not log: two metrics cost %.2f ns beside %.2f ns of work\n",
                logging - bare, bare);
        }
        MPI_Barrier(MPI_COMM_WORLD);
    }
    MPI_Finalize();
}
