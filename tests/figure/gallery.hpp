// SPDX-License-Identifier: MIT
/// \file One figure of each kind, and those that are hard to draw.
#ifndef MLSCRIBE_TESTS_FIGURE_GALLERY_HPP
#define MLSCRIBE_TESTS_FIGURE_GALLERY_HPP

#include <mlscribe/figure.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace test {

/// Numbers in -1..1 that are the same everywhere.
class even_noise {
  public:
    double operator()() {
        state_ = state_ * 6364136223846793005u + 1442695040888963407u;
        return static_cast<double>(state_ >> 40) / 8388608.0 - 1;
    }
    /// About normal, with deviation 1.
    double normal() {
        double sum = 0;
        for (int i = 0; i < 12; ++i) sum += (*this)();
        return sum / 2;
    }

  private:
    std::uint64_t state_ = 42;
};

/// Falls as a loss does, without functions that differ in the last digit from machine to machine.
inline std::vector<double> falling(std::size_t count, double from, double to, double noise) {
    even_noise next;
    std::vector<double> values;
    for (std::size_t i = 0; i < count; ++i) {
        const double at = static_cast<double>(i) / static_cast<double>(count);
        values.push_back((to + (from - to) / (1 + 12 * at)) * (1 + noise * next()));
    }
    return values;
}

inline std::vector<double> normal_values(std::size_t count, double mean, double deviation) {
    even_noise next;
    std::vector<double> values;
    for (std::size_t i = 0; i < count; ++i) values.push_back(mean + deviation * next.normal());
    return values;
}

inline mlscribe::figure peaks_of_a_million_points() {
    even_noise next;
    std::vector<double> values(1000000);
    for (double& value : values) value = next();
    values[765432] = 9;
    mlscribe::figure chart("A million points and a peak");
    chart.x_label("step").line(values, "noise");
    return chart;
}

inline mlscribe::figure clouds() {
    even_noise next;
    mlscribe::figure chart("Clusters");
    chart.x_label("first component").y_label("second component");
    for (int cluster = 0; cluster < 5; ++cluster) {
        std::vector<double> x;
        std::vector<double> y;
        for (int i = 0; i < 60; ++i) {
            x.push_back(2 * (cluster % 3) + next() * 0.8);
            y.push_back(cluster * 0.7 + next() * 0.6);
        }
        chart.scatter(x, y, "cluster " + std::to_string(cluster));
    }
    return chart;
}

inline mlscribe::figure wave_map(std::size_t rows, std::size_t columns) {
    std::vector<std::vector<double>> matrix(rows, std::vector<double>(columns));
    for (std::size_t row = 0; row < rows; ++row) {
        for (std::size_t column = 0; column < columns; ++column) {
            const double y = 2 * static_cast<double>(row) / static_cast<double>(rows) - 1;
            const double x = 2 * static_cast<double>(column) / static_cast<double>(columns) - 1;
            matrix[row][column] = (x * x - y * y) * (1 - y) + x * y;
        }
    }
    mlscribe::figure chart("Attention");
    chart.x_label("key").y_label("query").heat_map(matrix);
    return chart;
}

inline mlscribe::figure nasty_texts() {
    const std::string script = "<script>alert('x')</script> & \"quotes\" ]]> \x01\xff\xef\xbf\xbe";
    mlscribe::figure chart(script +
                           " and a title that goes on and on, longer than any picture is wide");
    chart.subtitle(script).x_label(script).y_label("\xE6\x90\x8D\xE5\xA4\xB1 " + script);
    chart.line({1, 3, 2, 4}, script);
    chart.line({2, 2, 3, 1},
               "\xD0\xBF\xD0\xBE\xD1\x82\xD0\xB5\xD1\x80\xD1\x8F \xF0\x9F\x94\xA5\nnext line");
    chart.line({4, 3, 1, 2}, std::string(300, 'W'));
    return chart;
}

inline mlscribe::figure many_series() {
    mlscribe::figure chart("Twenty runs");
    chart.x_label("epoch").y_label("validation accuracy");
    for (int run = 0; run < 20; ++run) {
        std::vector<double> values;
        for (int epoch = 0; epoch < 30; ++epoch) {
            values.push_back(1 - (1 + run * 0.1) / (epoch + 2 + run * 0.2));
        }
        chart.line(values, "run " + std::to_string(run) + ", learning rate 0.001");
    }
    return chart;
}

inline mlscribe::figure long_categories() {
    std::vector<std::string> names;
    std::vector<double> values;
    for (int i = 0; i < 30; ++i) {
        names.push_back("feature_with_a_long_name_" + std::to_string(i));
        values.push_back(40.0 / (i + 1) - 3);
    }
    mlscribe::figure chart("Importance");
    chart.y_label("gain").bar(names, values);
    return chart;
}

/// File name and figure.
inline std::vector<std::pair<std::string, mlscribe::figure>> gallery() {
    using mlscribe::figure;
    using mlscribe::figure_theme;
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    constexpr double infinite = std::numeric_limits<double>::infinity();
    const std::vector<std::string> species = {"setosa", "versicolor", "virginica"};
    const auto train = falling(200, 2.4, 0.05, 0.06);
    const auto validation = falling(200, 2.5, 0.21, 0.04);
    std::vector<std::pair<std::string, figure>> all;
    all.emplace_back("lines", figure("Loss")
                                  .subtitle("Iris, 200 epochs")
                                  .x_label("epoch")
                                  .y_label("cross entropy")
                                  .line(train, "train")
                                  .line(validation, "validation"));
    all.emplace_back("dark", figure("Loss")
                                 .theme(figure_theme::dark)
                                 .x_label("epoch")
                                 .line(train, "train")
                                 .line(validation, "validation"));
    all.emplace_back(
        "logarithmic",
        figure("Gradient norm")
            .x_label("step")
            .y_label("norm")
            .log_x()
            .log_y()
            .line({1, 10, 100, 1000, 10000, 100000}, {3e4, 200, 0, 1.5, 2e-3, 4e-6}, "first layer")
            .line({1, 10, 100, 1000, 10000, 100000}, {8e2, 90, 20, 3, 0.7, 0.03}, "last layer"));
    all.emplace_back("few_points", figure("Accuracy")
                                       .x_label("epoch")
                                       .line({0.52, 0.71, 0.8, 0.84, 0.855}, "train")
                                       .line({0.5, 0.69, nan, 0.79, 0.77}, "validation")
                                       .line({0.45, 0.5, 0.62, 0.66, 0.71}, "test"));
    all.emplace_back("scatter", clouds());
    all.emplace_back("histogram", figure("Errors")
                                      .x_label("predicted - true")
                                      .y_label("count")
                                      .histogram(normal_values(5000, 0, 1)));
    all.emplace_back("histograms", figure("Weights")
                                       .x_label("weight")
                                       .histogram(normal_values(4000, 0, 1), "before")
                                       .histogram(normal_values(4000, 1.2, 0.6), "after"));
    all.emplace_back("bars", figure("F1 by class")
                                 .y_label("F1")
                                 .bar(species, std::vector<double>{1.0, 0.93, 0.95}, "baseline")
                                 .bar(species, std::vector<double>{1.0, 0.97, 0.96}, "this run"));
    all.emplace_back("long_categories", long_categories());
    all.emplace_back("heat_map",
                     figure("Correlation")
                         .heat_map({{1, -0.12, 0.87}, {-0.12, 1, -0.43}, {0.87, -0.43, 1}},
                                   {"sepal length", "sepal width", "petal length"},
                                   {"sepal length", "sepal width", "petal length"}));
    all.emplace_back("large_heat_map", wave_map(300, 400));
    all.emplace_back(
        "confusion",
        figure("Confusion").confusion_matrix({{10, 0, 0}, {0, 8, 1}, {0, 2, 9}}, species));
    all.emplace_back("million", peaks_of_a_million_points());
    all.emplace_back("limits",
                     figure("The end").x_limits(150, 199).y_limits(0, 1).line(train, "train"));
    all.emplace_back("nasty_texts", nasty_texts());
    all.emplace_back("many_series", many_series());
    all.emplace_back("small", figure("Loss")
                                  .size(240, 180)
                                  .x_label("epoch")
                                  .line(train, "train")
                                  .line(validation, "validation"));
    all.emplace_back(
        "gaps",
        figure("Not all are numbers").line({1, nan, 3, infinite, 2, -infinite, 1, 2}, "values"));
    all.emplace_back(
        "wrong_use",
        figure("Lengths that differ").line({1, 2, 3}, {1, 2}, "values").bar({"a"}, {1}, "bars"));
    all.emplace_back("no_data", figure("Nothing").line(std::vector<double>(), "values"));
    return all;
}

}  // namespace test

#endif
