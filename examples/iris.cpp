// SPDX-License-Identifier: MIT
// Multinomial logistic regression on Fisher's Iris flowers; prints how to look at the run.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <fstream>
#include <iostream>
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

struct flower {
    std::array<double, inputs> x{};
    std::size_t species = 0;
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
    }
    return flowers;
}

// Mean 0 and deviation 1 in every feature, so that one learning rate suits all.
void standardise(std::vector<flower>& flowers) {
    for (std::size_t i = 0; i < features; ++i) {
        double sum = 0, squares = 0;
        for (const auto& f : flowers) sum += f.x[i], squares += f.x[i] * f.x[i];
        const double n = static_cast<double>(flowers.size()), mean = sum / n;
        const double deviation = std::sqrt(squares / n - mean * mean);
        for (auto& f : flowers) f.x[i] = (f.x[i] - mean) / deviation;
    }
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

void draw(const confusion& seen, const char* path) {
    std::ofstream svg(path);
    svg << "<svg xmlns='http://www.w3.org/2000/svg' width='420' height='360' "
           "font-family='sans-serif' text-anchor='middle'>\n"
           "<text x='260' y='20'>truth (rows) and prediction (columns)</text>\n";
    for (std::size_t row = 0; row < classes; ++row) {
        svg << "<text x='55' y='" << 85 + 100 * row << "'>" << names[row] << "</text>\n"
            << "<text x='" << 160 + 100 * row << "' y='350'>" << names[row] << "</text>\n";
        for (std::size_t column = 0; column < classes; ++column)
            svg << "<text x='" << 160 + 100 * column << "' y='" << 85 + 100 * row
                << "' font-weight='" << (row == column ? "bold" : "normal") << "'>"
                << seen[row][column] << "</text>\n";
    }
    svg << "</svg>\n";
}

int main(int argc, char** argv) {
    auto flowers = read_flowers(argc > 1 ? argv[1] : IRIS_CSV);
    if (flowers.size() <= held_out) return std::cerr << "iris.csv is missing\n", 1;
    standardise(flowers);
    std::mt19937 dice(7);  // the raw engine is the same everywhere, std::shuffle is not
    for (std::size_t i = flowers.size(); i > 1; --i) std::swap(flowers[i - 1], flowers[dice() % i]);
    const std::vector<flower> validation(flowers.end() - held_out, flowers.end());
    flowers.resize(flowers.size() - held_out);

    const hyperparameters h;
    auto run = mlscribe::start_run("iris", "Iris Logistic Regression");
    run.log_params(h);
    auto loss = run.metric<mlscribe::mean>("train/loss");
    auto accuracy = run.metric("val/accuracy");

    model w{};
    confusion seen{};  // of the last epoch
    double reached = 0, decay = 1 / (h.C * static_cast<double>(flowers.size()));
    for ([[maybe_unused]] auto epoch : run.epochs(h.epochs)) {
        for (std::size_t first = 0; first < flowers.size(); first += batch_size) {
            const auto last = (std::min)(first + batch_size, flowers.size());
            loss.add(train(w, &flowers[first], flowers.data() + last, decay));
        }
        accuracy.log(reached = evaluate(w, validation, seen));
    }
    draw(seen, "confusion.svg");
    run.log_artifact("confusion.svg");
    std::remove("confusion.svg");

    const std::string artifacts(run.artifact_uri()), experiment(run.experiment_id());
    const auto store = artifacts.substr(0, artifacts.find("/" + experiment + "/"));
    std::cout << "run       " << run.id() << "\nparams    C=" << h.C << " solver=" << h.solver
              << " epochs=" << h.epochs << "\naccuracy  " << reached << " on " << held_out
              << " flowers held out\nlook at it with\n"
              << "  MLFLOW_ALLOW_FILE_STORE=true mlflow ui --backend-store-uri "
              << (store.rfind("file:", 0) == 0 ? "" : "file://") << store << std::endl;
}
