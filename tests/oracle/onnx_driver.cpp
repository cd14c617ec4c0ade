// SPDX-License-Identifier: MIT
// onnx_driver make <store> <folder>: logs exported models of every kind, and writes beside them
//     <folder>/<name>.json, which has rows and what this program predicts for them.
// onnx_driver file <store> <model.onnx>: logs a file. Both print where the models are.
// onnx_driver load <folder>: prints the path and the size of a model, or why it cannot be loaded.
#include <mlscribe/flavor/onnx_export.hpp>
#include <mlscribe/mlscribe.hpp>
#include <mlscribe/model.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <limits>
#include <random>
#include <string>
#include <vector>

using mlscribe::activation;
using mlscribe::onnx_options;
using mlscribe::weight_layout;

namespace {

template <class Number>
using table = std::vector<std::vector<Number>>;

/// The rows of the weights belong to outputs.
template <class Number>
struct layer {
    table<Number> weights;
    std::vector<Number> bias;
    activation function;
};

template <class Number>
std::vector<Number> activated(std::vector<Number> sums, activation function) {
    const Number one = 1;
    Number total = 0;
    const Number largest = *std::max_element(sums.begin(), sums.end());
    for (Number& x : sums) {
        switch (function) {
            case activation::identity:
                break;
            case activation::relu:
                x = x < 0 ? 0 : x;
                break;
            case activation::leaky_relu:
                x = x < 0 ? static_cast<Number>(0.01) * x : x;
                break;
            case activation::sigmoid:
                x = one / (one + std::exp(-x));
                break;
            case activation::tanh:
                x = std::tanh(x);
                break;
            case activation::softmax:
                total += x = std::exp(x - largest);
                break;
            case activation::gelu:
                x = x / 2 * (one + std::erf(x / std::sqrt(Number(2))));
                break;
        }
    }
    if (function == activation::softmax) {
        for (Number& x : sums) x /= total;
    }
    return sums;
}

template <class Number>
std::vector<Number> predicted(const std::vector<layer<Number>>& layers, std::vector<Number> row) {
    for (const layer<Number>& each : layers) {
        std::vector<Number> sums = each.bias;
        for (std::size_t i = 0; i < sums.size(); ++i) {
            for (std::size_t j = 0; j < row.size(); ++j) sums[i] += each.weights[i][j] * row[j];
        }
        row = activated(std::move(sums), each.function);
    }
    return row;
}

template <class Number>
table<Number> transposed(const table<Number>& rows) {
    table<Number> columns(rows[0].size(), std::vector<Number>(rows.size()));
    for (std::size_t i = 0; i < rows.size(); ++i) {
        for (std::size_t j = 0; j < columns.size(); ++j) columns[j][i] = rows[i][j];
    }
    return columns;
}

/// As Python's json reads it.
template <class Number>
void print(std::ostream& out, const table<Number>& rows) {
    const char* row_mark = "[";
    for (const auto& row : rows) {
        const char* mark = "[";
        out << row_mark;
        row_mark = ",\n";
        for (const Number x : row) {
            char text[40];
            std::snprintf(text, sizeof text, "%.17g", static_cast<double>(x));
            out << mark
                << (std::isnan(x)   ? "NaN"
                    : std::isinf(x) ? x < 0 ? "-Infinity" : "Infinity"
                                    : text);
            mark = ",";
        }
        out << ']';
    }
    out << ']';
}

mlscribe::run start(const std::string& store) {
    mlscribe::run_options options;
    options.tracking_uri = store;
    options.experiment = "onnx";
    options.errors = mlscribe::strictness::raise;
    return mlscribe::start_run(options);
}

std::string artifacts(const std::string& store, const mlscribe::run& run) {
    return store + '/' + std::string(run.experiment_id()) + '/' + std::string(run.id()) +
           "/artifacts";
}

class maker {
  public:
    maker(mlscribe::run& run, std::string folder) : run_(run), folder_(std::move(folder)) {}

    template <class Number>
    std::vector<layer<Number>> network(const std::vector<std::size_t>& widths, activation hidden,
                                       activation last) {
        std::vector<layer<Number>> layers;
        for (std::size_t i = 1; i < widths.size(); ++i) {
            layers.push_back({random_rows<Number>(widths[i], widths[i - 1]),
                              random_rows<Number>(1, widths[i])[0],
                              i + 1 == widths.size() ? last : hidden});
        }
        return layers;
    }

    template <class Number>
    table<Number> random_rows(std::size_t rows, std::size_t columns) {
        std::normal_distribution<double> any;
        table<Number> made(rows, std::vector<Number>(columns));
        for (auto& row : made) {
            for (Number& x : row) x = static_cast<Number>(any(chance_));
        }
        return made;
    }

    /// \param exact  what the model has to predict from raw rows
    template <class Number>
    void make(const std::string& name, const mlscribe::onnx_model& model,
              const std::vector<layer<Number>>& exact, const onnx_options& options = {},
              const std::vector<Number>& mean = {}, const std::vector<Number>& scale = {}) {
        mlscribe::model_options plain;
        plain.source = false;
        run_.log_model(name, model, plain);
        table<Number> rows = random_rows<Number>(20, exact[0].weights[0].size());
        table<Number> results;
        for (auto& row : rows) {
            std::vector<Number> scaled = row;
            for (std::size_t i = 0; i < mean.size(); ++i) {
                row[i] = row[i] * scale[i] + mean[i];
                scaled[i] = (row[i] - mean[i]) / scale[i];
            }
            results.push_back(predicted(exact, scaled));
        }
        std::ofstream out(folder_ + '/' + name + ".json");
        out << "{\"dtype\": \"" << (sizeof(Number) == 4 ? "float32" : "float64")
            << "\", \"label\": " << (options.label.empty() ? "false" : "true") << ", \"rows\": ";
        print(out, rows);
        out << ", \"results\": ";
        print(out, results);
        out << "}\n";
    }

    template <class Number>
    void make_all(const std::string& type) {
        const std::pair<const char*, activation> functions[] = {
            {"identity", activation::identity},
            {"relu", activation::relu},
            {"leaky_relu", activation::leaky_relu},
            {"sigmoid", activation::sigmoid},
            {"tanh", activation::tanh},
            {"softmax", activation::softmax},
            {"gelu", activation::gelu}};
        for (const auto& [name, function] : functions) {
            if (function == activation::gelu && sizeof(Number) == 8) continue;
            for (const auto layout :
                 {weight_layout::row_per_output, weight_layout::row_per_input}) {
                const auto exact = network<Number>({4, 7, 5, 3}, function, function);
                onnx_options options;
                options.layout = layout;
                std::vector<mlscribe::dense_layer> layers;
                for (const auto& each : exact) {
                    const bool by_output = layout == weight_layout::row_per_output;
                    layers.push_back({by_output ? each.weights : transposed(each.weights),
                                      each.bias, each.function});
                }
                make(type + '.' + name + (layout == weight_layout::row_per_output ? "" : ".input"),
                     mlscribe::onnx_perceptron(layers, options), exact);
            }
        }
        make_regressions<Number>(type);
        make_classifiers<Number>(type);
        make_hostile<Number>(type);
    }

  private:
    template <class Number>
    void make_regressions(const std::string& type) {
        const auto exact = network<Number>({6, 1}, {}, activation::identity);
        const auto several = network<Number>({6, 4}, {}, activation::identity);
        make(type + ".linear",
             mlscribe::onnx_linear_regression(exact[0].weights[0], exact[0].bias[0]), exact);
        make(type + ".linear.several",
             mlscribe::onnx_linear_regression(several[0].weights, several[0].bias), several);
        const auto single = network<Number>({1, 1}, {}, activation::identity);
        make(type + ".linear.single",
             mlscribe::onnx_linear_regression(single[0].weights[0][0], single[0].bias[0]), single);
        for (const auto layout : {weight_layout::row_per_output, weight_layout::row_per_input}) {
            auto without = several;
            onnx_options options;
            options.layout = layout;
            const bool by_output = layout == weight_layout::row_per_output;
            std::fill(without[0].bias.begin(), without[0].bias.end(), Number(0));
            make(type + ".without_bias" + (by_output ? "" : ".input"),
                 mlscribe::onnx_perceptron(
                     {{by_output ? without[0].weights : transposed(without[0].weights)}}, options),
                 without);
        }
    }

    template <class Number>
    void make_classifiers(const std::string& type) {
        const std::vector<Number> mean = {1000, 0, -3, Number(0.001)};
        const std::vector<Number> scale = {50, 1, Number(0.25), Number(0.0001)};
        for (const std::size_t classes : {std::size_t{1}, std::size_t{2}, std::size_t{3}}) {
            const auto exact = network<Number>(
                {4, classes}, {}, classes == 1 ? activation::sigmoid : activation::softmax);
            const std::string name = type + ".classes" + std::to_string(classes);
            onnx_options options;
            make(name, mlscribe::onnx_logistic_regression(exact[0].weights, exact[0].bias), exact);
            options.label = "label";
            make(name + ".label",
                 mlscribe::onnx_logistic_regression(exact[0].weights, exact[0].bias, options),
                 exact, options);
            options.mean = mean;
            options.scale = scale;
            make(name + ".raw",
                 mlscribe::onnx_logistic_regression(exact[0].weights, exact[0].bias, options),
                 exact, options, mean, scale);
        }
    }

    template <class Number>
    void make_hostile(const std::string& type) {
        onnx_options options;
        options.input = "it's \"x\": {1}\n#";
        options.output = "損失 \U0001F600 -> y";
        options.label = "1";
        const auto exact = network<Number>({3, 4, 2}, activation::relu, activation::softmax);
        std::vector<mlscribe::dense_layer> layers;
        for (const auto& each : exact) {
            layers.push_back({each.weights, each.bias, each.function});
        }
        make(type + ".names", mlscribe::onnx_perceptron(layers, options), exact, options);
        for (const double wrong :
             {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
            auto diverged = network<Number>({3, 2}, {}, activation::identity);
            diverged[0].weights[1][2] = static_cast<Number>(wrong);
            make(type + (std::isnan(wrong) ? ".nan" : ".infinite"),
                 mlscribe::onnx_linear_regression(diverged[0].weights, diverged[0].bias), diverged);
        }
    }

    mlscribe::run& run_;
    std::string folder_;
    std::mt19937 chance_{13};
};

int answer(const std::vector<std::string>& words) {
    if (words.size() == 2 && words[0] == "load") {
        std::cout << mlscribe::load_model<mlscribe::onnx_file>(words[1]).path << '\n';
        std::cout << mlscribe::load_model<mlscribe::onnx_model>(words[1]).bytes.size() << '\n';
        return 0;
    }
    if (words.size() != 3) return 2;
    mlscribe::run run = start(words[1]);
    if (words[0] == "make") {
        maker cases(run, words[2]);
        cases.make_all<float>("float");
        cases.make_all<double>("double");
    } else {
        run.log_model("file", mlscribe::onnx_file{words[2]});
    }
    std::cout << artifacts(words[1], run) << '\n';
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return answer({argv + 1, argv + argc});
    } catch (const mlscribe::logging_error& refused) {
        std::cerr << refused.what() << '\n';
        return 1;
    }
}
