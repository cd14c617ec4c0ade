// SPDX-License-Identifier: MIT
/// \file What flavors_driver.cpp does with XGBoost's C API.
#ifndef MLSCRIBE_TESTS_ORACLE_XGBOOST_COMMANDS_HPP
#define MLSCRIBE_TESTS_ORACLE_XGBOOST_COMMANDS_HPP

#include <mlscribe/flavor/xgboost.hpp>
#include <mlscribe/model/load_model.hpp>

#include <stdexcept>
#include <string>
#include <vector>

#include "flavor_data.hpp"

namespace boosting {

inline void check(int failed) {
    if (failed != 0) throw std::runtime_error(XGBGetLastError());
}

/// The flowers as XGBoost takes them.
class matrix {
  public:
    explicit matrix(const flowers::table& data) {
        const std::vector<float> rows(data.rows.begin(), data.rows.end());
        const auto count = static_cast<bst_ulong>(data.count());
        check(XGDMatrixCreateFromMat(rows.data(), count, flowers::features, -1, &handle_));
        check(XGDMatrixSetFloatInfo(handle_, "label", data.kinds.data(), count));
    }
    matrix(const matrix&) = delete;
    matrix& operator=(const matrix&) = delete;
    ~matrix() { XGDMatrixFree(handle_); }

    DMatrixHandle get() const { return handle_; }

  private:
    DMatrixHandle handle_ = nullptr;
};

inline void print_predictions(BoosterHandle booster, const matrix& data) {
    bst_ulong count = 0;
    const float* out = nullptr;
    check(XGBoosterPredict(booster, data.get(), 0, 0, 0, &count, &out));
    flowers::print(out, static_cast<std::int64_t>(count));
}

inline mlscribe::xgboost_booster trained(const matrix& data, bool named) {
    const DMatrixHandle cached = data.get();
    BoosterHandle handle = nullptr;
    check(XGBoosterCreate(&cached, 1, &handle));
    mlscribe::xgboost_booster booster(handle);
    check(XGBoosterSetParam(handle, "objective", "multi:softprob"));
    check(XGBoosterSetParam(handle, "num_class", "3"));
    check(XGBoosterSetParam(handle, "max_depth", "3"));
    for (int round = 0; round != 5; ++round) check(XGBoosterUpdateOneIter(handle, round, cached));
    const char* names[] = {"sepal length", "sepal width", "petal length", "petal width"};
    if (named) check(XGBoosterSetStrFeatureInfo(handle, "feature_name", names, 4));
    return booster;
}

/// \param words  <store> <iris.csv> ubj|json named|""
inline void log(char** words) {
    const matrix data(flowers::read(words[1]));
    const auto booster = trained(data, words[3] == std::string("named"));
    using format = mlscribe::xgboost_model::format;
    const bool json = words[2] == std::string("json");
    flowers::log(words[0],
                 mlscribe::xgboost_model(booster.get(), json ? format::json : format::ubj));
    print_predictions(booster.get(), data);
}

/// \param words  <model> <iris.csv>
inline void load(char** words) {
    const auto booster = mlscribe::load_model<mlscribe::xgboost_booster>(words[0]);
    print_predictions(booster.get(), matrix(flowers::read(words[1])));
}

}  // namespace boosting

#endif
