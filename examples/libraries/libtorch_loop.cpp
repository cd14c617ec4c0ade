// SPDX-License-Identifier: MIT
/// \file libtorch: a loop with an optimiser, and the trained network as an ONNX model that Python
/// predicts with.
///
/// Prints, with … for what differs between versions of libtorch:
///
///     epoch 10  loss …  accuracy …
///     epoch 20  loss …  accuracy …
///     epoch 30  loss …  accuracy …
///     epoch 40  loss …  accuracy …
#include <mlscribe/flavor/onnx_export.hpp>
#include <mlscribe/mlscribe.hpp>

#include <torch/torch.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <string>

#include "iris_flowers.hpp"

struct hyperparameters {
    std::int64_t hidden = 16;
    double rate = 0.01;
    std::int64_t batch_size = 16;
    int epochs = 40;
    std::string optimizer = "Adam";
};
MLSCRIBE_DESCRIBE(hyperparameters, hidden, rate, batch_size, epochs, optimizer)

struct tensors {
    explicit tensors(flowers& from)
        : measures(torch::from_blob(from.measures.data(), {rows(from), std::int64_t{features}})),
          species(torch::from_blob(from.species.data(), {rows(from)}).to(torch::kLong)) {}

    static std::int64_t rows(const flowers& from) {
        return static_cast<std::int64_t>(from.count());
    }

    torch::Tensor measures;
    torch::Tensor species;
};

// The memory of a tensor, for what takes arrays.
mlscribe::array_view<float> view_of(const torch::Tensor& tensor) {
    return {tensor.data_ptr<float>(), {tensor.sizes().begin(), tensor.sizes().end()}};
}

int main() {
    torch::manual_seed(7);
    split iris = read_iris(IRIS_CSV);
    const tensors training(iris.training), held_out(iris.held_out);

    auto run = mlscribe::start_run("libraries", "libtorch");
    const hyperparameters chosen;
    run.log_params(chosen);
    auto loss = run.metric<mlscribe::mean>("train/loss");
    auto accuracy = run.metric("val/accuracy");

    torch::nn::Linear hidden(std::int64_t{features}, chosen.hidden);
    torch::nn::Linear output(chosen.hidden, std::int64_t{classes});
    torch::nn::Sequential network(hidden, torch::nn::ReLU(), output);
    torch::optim::Adam optimizer(network->parameters(), torch::optim::AdamOptions(chosen.rate));
    for (auto epoch : run.epochs(chosen.epochs)) {
        const std::int64_t count = training.species.size(0);
        double last_loss = 0;
        for (std::int64_t first = 0; first < count; first += chosen.batch_size) {
            const std::int64_t last = (std::min)(first + chosen.batch_size, count);
            optimizer.zero_grad();
            const torch::Tensor error = torch::nn::functional::cross_entropy(
                network->forward(training.measures.slice(0, first, last)),
                training.species.slice(0, first, last));
            error.backward();
            optimizer.step();
            loss.add(last_loss = error.item<double>());
        }
        const torch::NoGradGuard no_gradients;
        const torch::Tensor guesses = network->forward(held_out.measures).argmax(1);
        const double right = guesses.eq(held_out.species).to(torch::kDouble).mean().item<double>();
        accuracy.log(right);
        if (epoch % 10 != 9) continue;
        std::printf("epoch %2d  loss %.4f  accuracy %.3f\n", static_cast<int>(epoch) + 1, last_loss,
                    right);
    }

    using mlscribe::activation;
    run.log_model("flowers",
                  mlscribe::onnx_perceptron(
                      {{view_of(hidden->weight), view_of(hidden->bias), activation::relu},
                       {view_of(output->weight), view_of(output->bias), activation::softmax}}));
}
