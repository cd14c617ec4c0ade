// SPDX-License-Identifier: MIT
// Multinomial logistic regression on Fisher's Iris flowers; prints how to look at the run.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <fstream>
#include <iostream>
#include <mlscribe/figure.hpp>
#include <mlscribe/flavor/onnx.hpp>
#include <mlscribe/flavor/onnx_export.hpp>
#include <mlscribe/mlscribe.hpp>
#include <random>
#include <string>
#include <vector>

struct hyperparameters {
    double C = 0.1;  // inverse strength of the regularisation
    std::string solver = "gradient_descent";
    int epochs = 200;
};
// C++17: MLSCRIBE_DESCRIBE(hyperparameters, C, solver, epochs)

constexpr std::size_t classes = 3, features = 4, inputs = features + 1;  // the last input is 1
constexpr std::size_t batch_size = 16, held_out = 30;
const std::array<std::string, classes> names = {"setosa", "versicolor", "virginica"};

using measures = std::array<double, features>;  // in cm
struct flower {
    std::array<double, inputs> x{};
    std::size_t species = 0;
    measures measured{};  // x before it is standardised
};
struct scaling {
    measures mean{}, deviation{};
};
using model = std::array<std::array<double, inputs>, classes>;
using confusion = std::array<std::array<int, classes>, classes>;  // [truth][prediction]

std::vector<flower> read_flowers(const std::string& path) {
    std::vector<flower> flowers;
    std::ifstream file(path);
    std::string text;
    std::getline(file, text);  // the header line
    for (flower f; std::getline(file, text, ','); flowers.push_back(f)) {
        f.x = {std::stod(text), 0, 0, 0, 1};
        char comma = 0;
        file >> f.x[1] >> comma >> f.x[2] >> comma >> f.x[3] >> comma >> text >> std::ws;
        f.species = static_cast<std::size_t>(std::find(&names[0], &names[2], text) - &names[0]);
        std::copy_n(f.x.begin(), features, f.measured.begin());
    }
    return flowers;
}

// Mean 0 and deviation 1 in every feature, so that one learning rate suits all.
scaling standardise(std::vector<flower>& flowers) {
    scaling found;
    for (std::size_t i = 0; i < features; ++i) {
        double sum = 0, squares = 0;
        for (const auto& f : flowers) sum += f.x[i], squares += f.x[i] * f.x[i];
        const double n = static_cast<double>(flowers.size()), mean = sum / n;
        const double deviation = std::sqrt(squares / n - mean * mean);
        for (auto& f : flowers) f.x[i] = (f.x[i] - mean) / deviation;
        found.mean[i] = mean, found.deviation[i] = deviation;
    }
    return found;
}

std::array<double, classes> probabilities(const model& w, const flower& f) {
    std::array<double, classes> p{};
    double sum = 0;
    for (std::size_t k = 0; k < classes; ++k)
        for (std::size_t i = 0; i < inputs; ++i) p[k] += w[k][i] * f.x[i];
    const double top = *std::max_element(p.begin(), p.end());
    for (double& v : p) sum += v = std::exp(v - top);
    for (double& v : p) v /= sum;
    return p;
}

// One step downhill on flowers [first, last); returns their mean cross entropy before it.
double train(model& w, const flower* first, const flower* last, double decay) {
    model slope{};
    double entropy = 0, n = static_cast<double>(last - first);
    for (const flower* f = first; f != last; ++f) {
        const auto p = probabilities(w, *f);
        entropy -= std::log(p[f->species]);
        for (std::size_t k = 0; k < classes; ++k)
            for (std::size_t i = 0; i < inputs; ++i)
                slope[k][i] += (p[k] - (k == f->species ? 1.0 : 0.0)) * f->x[i] / n;
    }
    for (std::size_t k = 0; k < classes; ++k)
        for (std::size_t i = 0; i < inputs; ++i) w[k][i] -= 0.1 * (slope[k][i] + decay * w[k][i]);
    return entropy / n;
}

double evaluate(const model& w, const std::vector<flower>& flowers, confusion& seen) {
    int right = 0;
    seen = {};
    for (const auto& f : flowers) {
        const auto p = probabilities(w, f);
        const auto guess =
            static_cast<std::size_t>(std::max_element(p.begin(), p.end()) - p.begin());
        ++seen[f.species][guess];
        right += guess == f.species;
    }
    return right / static_cast<double>(flowers.size());
}

// The model as Python loads it: from measures to the probability of each species.
mlscribe::onnx_model exported(const model& w, const scaling& scale) {
    std::array<measures, classes> weights{};
    std::array<double, classes> bias{};
    for (std::size_t k = 0; k < classes; ++k) {
        std::copy_n(w[k].begin(), features, weights[k].begin());
        bias[k] = w[k].back();
    }
    mlscribe::onnx_options options;
    options.mean = scale.mean, options.scale = scale.deviation;
    return mlscribe::onnx_logistic_regression(weights, bias, options);
}

int main(int argc, char** argv) {
    const char* const csv = argc > 1 ? argv[1] : IRIS_CSV;
    auto flowers = read_flowers(csv);
    if (flowers.size() <= held_out) return std::cerr << "iris.csv is missing\n", 1;
    const auto scale = standardise(flowers);
    std::mt19937 dice(7);  // the raw engine is the same everywhere, std::shuffle is not
    for (std::size_t i = flowers.size(); i > 1; --i) std::swap(flowers[i - 1], flowers[dice() % i]);
    const std::vector<flower> validation(flowers.end() - held_out, flowers.end());
    flowers.resize(flowers.size() - held_out);

    const hyperparameters h;
    auto run = mlscribe::start_run("iris", "Iris Logistic Regression");
    run.log_params(h);
    run.log_input(mlscribe::dataset_of_file(csv, "iris"), "training");
    auto loss = run.metric<mlscribe::mean>("train/loss");
    auto accuracy = run.metric("val/accuracy");

    model w{};
    confusion seen{};            // of the last epoch
    std::vector<double> losses;  // of each epoch
    double reached = 0, decay = 1 / (h.C * static_cast<double>(flowers.size()));
    for ([[maybe_unused]] auto epoch : run.epochs(h.epochs)) {
        double sum = 0;
        for (std::size_t first = 0; first < flowers.size(); first += batch_size) {
            const auto last = (std::min)(first + batch_size, flowers.size());
            const double entropy = train(w, &flowers[first], flowers.data() + last, decay);
            loss.add(entropy);
            sum += entropy * static_cast<double>(last - first);
        }
        losses.push_back(sum / static_cast<double>(flowers.size()));
        accuracy.log(reached = evaluate(w, validation, seen));
    }
    run.log_figure(mlscribe::figure("Flowers held out").confusion_matrix(seen, names),
                   "confusion.svg");
    mlscribe::figure curve("Cross entropy");
    curve.x_label("epoch").log_y().line(losses, "train");
    run.log_figure(curve, "loss.svg");
    run.log_model("iris_model", exported(w, scale));

    std::vector<measures> held_out_measures;  // for who compares other models
    std::vector<std::size_t> held_out_species;
    for (const auto& f : validation) {
        held_out_measures.push_back(f.measured);
        held_out_species.push_back(f.species);
    }
    run.log_array(held_out_measures, "validation/measures.npy");
    run.log_array(held_out_species, "validation/species.npy");

    const std::string artifacts(run.artifact_uri()), experiment(run.experiment_id());
    const auto store = artifacts.substr(0, artifacts.find("/" + experiment + "/"));
    std::cout << "run       " << run.id() << "\nparams    C=" << h.C << " solver=" << h.solver
              << " epochs=" << h.epochs << "\naccuracy  " << reached << " on " << held_out
              << " flowers held out\nlook at it with\n"
              << "  MLFLOW_ALLOW_FILE_STORE=true mlflow ui --backend-store-uri "
              << (store.rfind("file:", 0) == 0 ? "" : "file://") << store << std::endl;
}
