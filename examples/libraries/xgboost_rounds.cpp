// SPDX-License-Identifier: MIT
/// \file XGBoost's C API: what it tells of each round becomes metrics, the Booster a model that
/// Python's mlflow.xgboost loads.
///
/// Prints, with … for digits that differ between versions of XGBoost:
///
///     round  5  train/merror 0.05…  train/mlogloss 0.25…  val/merror 0.03…  val/mlogloss 0.24…
///     round 10  train/merror 0.03…  train/mlogloss 0.11…  val/merror 0.00…  val/mlogloss 0.08…
///     round 15  train/merror 0.00…  train/mlogloss 0.07…  val/merror 0.00…  val/mlogloss 0.05…
///     round 20  train/merror 0.00…  train/mlogloss 0.05…  val/merror 0.00…  val/mlogloss 0.03…
#include <mlscribe/flavor/xgboost.hpp>
#include <mlscribe/mlscribe.hpp>

#include <cstdio>
#include <cstdlib>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "iris_flowers.hpp"

void check(int failed) {
    if (failed == 0) return;
    std::fprintf(stderr, "%s\n", XGBGetLastError());
    std::exit(1);
}

class matrix {
  public:
    explicit matrix(const flowers& from) {
        check(XGDMatrixCreateFromMat(from.measures.data(), from.count(), features, -1, &handle_));
        check(XGDMatrixSetFloatInfo(handle_, "label", from.species.data(), from.count()));
    }
    matrix(const matrix&) = delete;
    matrix& operator=(const matrix&) = delete;
    ~matrix() { XGDMatrixFree(handle_); }

    DMatrixHandle get() const { return handle_; }

  private:
    DMatrixHandle handle_ = nullptr;
};

// XGBoost tells "[3]\ttrain-mlogloss:0.21\tval-mlogloss:0.25": train/mlogloss is 0.21, and so on.
std::map<std::string, double> metrics_of(const std::string& told) {
    std::map<std::string, double> found;
    std::istringstream words(told);
    std::string word;
    words >> word;  // the round
    while (words >> word) {
        const auto colon = word.rfind(':');
        std::string key = word.substr(0, colon);
        key[key.find('-')] = '/';
        found[key] = std::strtod(word.c_str() + colon + 1, nullptr);
    }
    return found;
}

int main() {
    const std::map<std::string, std::string> params = {
        {"objective", "multi:softprob"}, {"num_class", "3"}, {"max_depth", "2"}, {"eta", "0.3"},
        {"eval_metric", "mlogloss"},     {"nthread", "1"},   {"seed", "7"}};
    const split iris = read_iris(IRIS_CSV);
    const matrix training(iris.training), held_out(iris.held_out);
    DMatrixHandle matrices[] = {training.get(), held_out.get()};
    const char* names[] = {"train", "val"};

    auto run = mlscribe::start_run("libraries", "XGBoost");
    run.log_params(params);
    run.log_input(mlscribe::dataset_of_file(IRIS_CSV, "iris"), "training");

    BoosterHandle handle = nullptr;
    check(XGBoosterCreate(matrices, 2, &handle));
    const mlscribe::xgboost_booster booster(handle);  // frees it
    for (const auto& [key, value] : params) {
        check(XGBoosterSetParam(handle, key.c_str(), value.c_str()));
    }
    check(XGBoosterSetParam(handle, "eval_metric", "merror"));  // one more, as XGBoost has it

    for (auto round : run.epochs(20)) {
        const char* told = nullptr;
        check(XGBoosterUpdateOneIter(handle, static_cast<int>(round), training.get()));
        check(XGBoosterEvalOneIter(handle, static_cast<int>(round), matrices, names, 2, &told));
        const auto metrics = metrics_of(told);
        run.log_metrics(metrics);
        if (round % 5 != 4) continue;
        std::printf("round %2d", static_cast<int>(round) + 1);
        for (const auto& [key, value] : metrics) std::printf("  %s %.4f", key.c_str(), value);
        std::printf("\n");
    }

    const char* columns[] = {"sepal length", "sepal width", "petal length", "petal width"};
    check(XGBoosterSetStrFeatureInfo(handle, "feature_name", columns, features));
    run.log_model("flowers", booster);
}
