// SPDX-License-Identifier: MIT
/// \file Fits a line in a job of Slurm, which may end it and start it again at any time: each start
/// goes on in the same run at the last checkpoint. train.sbatch is its batch script. After
/// `sbatch train.sbatch ./requeued_training 600` and a job that met its time limit once,
/// line-17.txt says:
///
///     run slurm-cluster-17: begins
///     leaves at epoch 412
///     run slurm-cluster-17: goes on at epoch-412
///     y = 3.00 x - 2.00
#include <mlscribe/hpc.hpp>
#include <mlscribe/mlscribe.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <thread>

struct line {
    double slope = 0, offset = 0;

    /// One step of gradient descent towards y = 3 x - 2. \return the loss before
    double descend() {
        double loss = 0, along_slope = 0, along_offset = 0;
        for (int i = 0; i < 100; ++i) {
            const double x = i / 50.0 - 1;
            const double off = slope * x + offset - (3 * x - 2);
            loss += off * off / 100;
            along_slope += 2 * off * x / 100;
            along_offset += 2 * off / 100;
        }
        slope -= 0.1 * along_slope;
        offset -= 0.1 * along_offset;
        return loss;
    }
};

int main(int argc, char** argv) {
    constexpr int exit_unfinished = 75;  // train.sbatch has the job start again
    mlscribe::run_options options;
    options.experiment = "slurm";
    options.run_name = "line";
    options.signals = mlscribe::on_signal::request_stop;
    std::string checkpoint;
    auto run = mlscribe::start_job_run(options, mlscribe::from_last_checkpoint{&checkpoint});
    std::printf("run %s: %s\n", std::string(run.id()).c_str(),
                checkpoint.empty() ? "begins" : ("goes on at " + checkpoint).c_str());
    std::fflush(stdout);

    line model;
    if (!checkpoint.empty()) std::ifstream(checkpoint + ".txt") >> model.slope >> model.offset;
    auto loss = run.metric("train/loss");
    for (auto epoch : run.epochs(argc > 1 ? std::atoi(argv[1]) : 100)) {
        loss.log(model.descend());
        std::this_thread::sleep_for(std::chrono::milliseconds(20));  // as if it took longer
        const bool leaves =
            run.stop_requested() || mlscribe::deadline_reached(std::chrono::seconds(20));
        if (!leaves && epoch % 50 != 49) continue;

        // The model first: where the job is killed in between, the checkpoint before counts.
        const std::string name = "epoch-" + std::to_string(epoch + 1);
        std::ofstream file(name + ".txt");
        file.precision(17);
        file << model.slope << ' ' << model.offset << '\n' << std::flush;
        run.checkpoint(name);
        if (!leaves) continue;
        std::printf("leaves at epoch %lld\n", static_cast<long long>(epoch) + 1);
        run.end(mlscribe::run_status::killed);
        return exit_unfinished;
    }
    std::printf("y = %.2f x %+.2f\n", model.slope, model.offset);
}
