// SPDX-License-Identifier: MIT
/// \file A perceptron in Eigen: minibatches behind reducers, histograms of its weights, and an ONNX
/// model that Python predicts with.
///
/// Prints, with … for digits that differ between versions of Eigen:
///
///     epoch 10  accuracy 0.9…
///     epoch 20  accuracy 0.9…
///     epoch 30  accuracy 1.000
///     epoch 40  accuracy 1.000
#include <mlscribe/flavor/onnx_export.hpp>
#include <mlscribe/mlscribe.hpp>

#include <Eigen/Dense>

#include <algorithm>
#include <cstdio>
#include <random>

#include "iris_flowers.hpp"

using Eigen::Index, Eigen::MatrixXf, Eigen::VectorXf;

struct hyperparameters {
    int hidden = 8;
    float rate = 0.1F;
    int batch_size = 16;
    int epochs = 40;
};
MLSCRIBE_DESCRIBE(hyperparameters, hidden, rate, batch_size, epochs)

struct layer {
    layer(Index outputs, Index inputs, std::mt19937& random)
        : weights(MatrixXf::NullaryExpr(
              outputs, inputs,
              [&] { return static_cast<float>(random()) / 4294967296.0F - 0.5F; })),
          bias(VectorXf::Zero(outputs)) {}

    MatrixXf of(const MatrixXf& columns) const { return (weights * columns).colwise() + bias; }
    void descend(const MatrixXf& slope, const MatrixXf& columns, float rate) {
        weights -= rate * slope * columns.transpose();
        bias -= rate * slope.rowwise().sum();
    }
    MatrixXf weights;
    VectorXf bias;
};

// The probabilities of the classes: softmax of each column.
MatrixXf softmax(const MatrixXf& sums) {
    const MatrixXf powers = (sums.rowwise() - sums.colwise().maxCoeff()).array().exp();
    return powers.array().rowwise() / powers.colwise().sum().array();
}

// A flower is a column.
MatrixXf measures_of(const flowers& from) {
    return Eigen::Map<const MatrixXf>(from.measures.data(), features, Index(from.count()));
}
MatrixXf species_of(const flowers& from) {
    return MatrixXf::NullaryExpr(classes, Index(from.count()), [&from](Index i, Index j) {
        return from.species[std::size_t(j)] == float(i) ? 1.0F : 0.0F;
    });
}

float accuracy_of(const MatrixXf& sums, const MatrixXf& species) {
    float right = 0;
    for (Index j = 0; j != sums.cols(); ++j) {
        Index guess = 0;
        sums.col(j).maxCoeff(&guess);
        right += species(guess, j);
    }
    return right / float(sums.cols());
}

int main() {
    const split iris = read_iris(IRIS_CSV);
    const MatrixXf raw = measures_of(iris.training);
    const VectorXf mean = raw.rowwise().mean();
    const VectorXf scale = (raw.colwise() - mean).array().square().rowwise().mean().sqrt();
    const auto standardised = [&](const MatrixXf& measures) -> MatrixXf {
        return (measures.colwise() - mean).array().colwise() / scale.array();
    };
    const MatrixXf x = standardised(raw), y = species_of(iris.training);
    const MatrixXf unseen = standardised(measures_of(iris.held_out));
    const MatrixXf held_out = species_of(iris.held_out);

    auto run = mlscribe::start_run("libraries", "Eigen");
    const hyperparameters chosen;
    run.log_params(chosen);
    auto loss = run.metric<mlscribe::several<mlscribe::mean, mlscribe::max>>("train/loss");
    auto gradient = run.metric<mlscribe::mean>("train/gradient");  // its length
    auto accuracy = run.metric("val/accuracy");

    std::mt19937 random(7);
    layer hidden(chosen.hidden, features, random), output(classes, chosen.hidden, random);
    for (auto epoch : run.epochs(chosen.epochs)) {
        for (Index first = 0; first < x.cols(); first += chosen.batch_size) {
            const Index count = (std::min)(Index{chosen.batch_size}, x.cols() - first);
            const MatrixXf in = x.middleCols(first, count), wanted = y.middleCols(first, count);
            const MatrixXf between = hidden.of(in).cwiseMax(0.0F),
                           out = softmax(output.of(between));
            loss.add(-(out.array().log() * wanted.array()).sum() / float(count));

            const MatrixXf slope = (out - wanted) / float(count);
            const MatrixXf back = (output.weights.transpose() * slope).array() *
                                  (between.array() > 0.0F).cast<float>();
            gradient.add((back * in.transpose()).norm());
            output.descend(slope, between, chosen.rate);
            hidden.descend(back, in, chosen.rate);
        }
        const float right = accuracy_of(output.of(hidden.of(unseen).cwiseMax(0.0F)), held_out);
        accuracy.log(right);
        if (epoch % 10 != 9) continue;
        run.log_histogram("hidden/weights", hidden.weights);
        std::printf("epoch %2d  accuracy %.3f\n", int(epoch) + 1, double(right));
    }

    // Python gives it the measures as they are.
    mlscribe::onnx_options options;
    options.mean = mean, options.scale = scale, options.label = "species";
    using mlscribe::activation;
    run.log_model("flowers",
                  mlscribe::onnx_perceptron({{hidden.weights, hidden.bias, activation::relu},
                                             {output.weights, output.bias, activation::softmax}},
                                            options));
}
