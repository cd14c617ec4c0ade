// SPDX-License-Identifier: MIT
/// \file What the C++ blocks of the documentation take for granted: a run, data, a model to train.
#ifndef MLSCRIBE_TESTS_HYGIENE_DOCUMENTED_NAMES_HPP
#define MLSCRIBE_TESTS_HYGIENE_DOCUMENTED_NAMES_HPP

#include <mlscribe/mlscribe.hpp>
#include <mlscribe/query.hpp>

#include <chrono>
#include <cstdint>
#include <iostream>
#include <map>
#include <string>
#include <vector>

/// What a function of the reader's gives.
struct anything {
    template <class T>
    operator T() const;
};

struct hyperparameters {
    double C = 0.1;
};
struct box {
    int x = 0, y = 0;
};
struct any_model {
    any_model& operator=(anything);
    std::vector<std::vector<float>> weights;
};
/// A type that writes itself.
struct forest {
    explicit forest(const std::string& path);
    void write(const std::string& path) const;
};
struct any_batch {};

extern mlscribe::run run;
extern const mlscribe::store store;
extern mlscribe::metric_handle loss, accuracy;
extern any_model model, trained;
extern std::vector<any_batch> batches, my_batches;
extern std::vector<double> values, train_losses, steps, validation_losses, gradients;
extern std::vector<std::string> names;
extern std::vector<std::vector<int>> counts;
extern std::vector<std::vector<float>> weights, w1, w2;
extern std::vector<float> bias, b1, b2;
extern std::vector<std::vector<std::uint8_t>> confusion, generated;
extern std::string run_id, first_id, second_id, uri;
extern std::int64_t step;
extern bool first;
extern int argc;
extern char** argv;

template <class... Arguments>
double train(Arguments&&...);
template <class... Arguments>
double evaluate(Arguments&&...);
template <class... Arguments>
double gradient_norm(Arguments&&...);
template <class... Arguments>
anything load(Arguments&&...);
template <class... Arguments>
void save(Arguments&&...);

/// As OpenCV has it.
namespace cv {
struct Mat {
    std::uint8_t* data;
    int cols, rows;
    int channels() const;
};
}  // namespace cv
struct any_camera {
    cv::Mat read();
};
extern any_camera camera;
/// As XGBoost has it.
extern void* booster;

#endif  // MLSCRIBE_TESTS_HYGIENE_DOCUMENTED_NAMES_HPP
