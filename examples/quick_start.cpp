// SPDX-License-Identifier: MIT
#include <cmath>
#include <mlscribe/mlscribe.hpp>
#include <string>

struct hyperparameters {
    double learning_rate = 0.05;
    std::string optimizer = "sgd";
};
MLSCRIBE_DESCRIBE(hyperparameters, learning_rate, optimizer)  // C++20 needs no such line

int main() {
    auto run = mlscribe::start_run("quick start", "a falling curve");
    run.log_params(hyperparameters{});
    auto loss = run.metric("train/loss");
    for (auto epoch : run.epochs(50)) loss.log(std::exp(-0.1 * static_cast<double>(epoch)));
}
