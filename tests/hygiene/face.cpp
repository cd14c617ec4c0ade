// SPDX-License-Identifier: MIT
/// \file The program that shows what the library looks like; it compiles just so.
#include <mlscribe/mlscribe.hpp>

#include <string>
#include <vector>

struct hyperparameters {
    double C = 0.1;
    std::string solver = "gradient_descent";
    int epochs = 200;
};
#if __cplusplus < 202002L
MLSCRIBE_DESCRIBE(hyperparameters, C, solver, epochs)
#endif

struct logistic_regression { std::vector<double> weights; };
#if __cplusplus < 202002L
MLSCRIBE_DESCRIBE(logistic_regression, weights)
#endif

namespace {
using data = std::vector<double>;
const std::vector<data> batches(4, data(16, 1.0));
double train(logistic_regression&, const data& batch) { return batch.front(); }
double evaluate(const logistic_regression&) { return 0.9; }
}  // namespace

int main() {
    logistic_regression model;
    auto run = mlscribe::start_run("iris", "Iris Logistic Regression");
    run.log_params(hyperparameters{});
    auto loss = run.metric<mlscribe::mean>("train/loss");
    auto accuracy = run.metric("val/accuracy");
    for (auto epoch : run.epochs(200)) {
        for (const auto& batch : batches) loss.add(train(model, batch));
        accuracy.log(evaluate(model));
    }
    run.log_artifact("confusion.svg");
    run.log_model("iris_model", model);
}
