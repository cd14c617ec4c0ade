// SPDX-License-Identifier: MIT
/// \file What the programs of the flavors share: the flowers, a run for a model, answers as JSON.
#ifndef MLSCRIBE_TESTS_ORACLE_FLAVOR_DATA_HPP
#define MLSCRIBE_TESTS_ORACLE_FLAVOR_DATA_HPP

#include <mlscribe/mlscribe.hpp>
#include <mlscribe/model/log_model.hpp>

#include <cstdint>
#include <cstdio>
#include <exception>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace flowers {

constexpr std::int64_t features = 4;

struct table {
    std::vector<double> rows;  ///< four numbers each
    std::vector<float> kinds;  ///< 0, 1 or 2
    std::int64_t count() const { return static_cast<std::int64_t>(kinds.size()); }
};

/// Reads iris.csv: four numbers and a name in each line.
inline table read(const char* path) {
    table found;
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    while (std::getline(file, line)) {
        std::istringstream cells(line);
        std::string cell;
        for (int i = 0; i != 4; ++i) {
            std::getline(cells, cell, ',');
            found.rows.push_back(std::stod(cell));
        }
        std::getline(cells, cell, ',');
        found.kinds.push_back(cell == "setosa" ? 0.0f : cell == "versicolor" ? 1.0f : 2.0f);
    }
    return found;
}

template <class Number>
void print(const Number* values, std::int64_t count) {
    for (std::int64_t i = 0; i != count; ++i) {
        std::printf("%s%.17g", i == 0 ? "[" : ", ", static_cast<double>(values[i]));
    }
    std::printf("]\n");
}

/// Logs a model into a new run and prints where it lies.
template <class Model>
void log(const char* store, const Model& model, const mlscribe::model_options& options = {}) {
    mlscribe::run_options chosen;
    chosen.tracking_uri = store;
    chosen.experiment = "flavors";
    chosen.errors = mlscribe::strictness::raise;
    mlscribe::run run = mlscribe::start_run(chosen);
    run.log_model("flower model", model, options);
    std::printf("%s/%s/%s/artifacts/flower model\n", store,
                std::string(run.experiment_id()).c_str(), std::string(run.id()).c_str());
}

/// \return what main() returns; what fails is told on stderr
template <class Command>
int answered(Command&& command) {
    try {
        command();
        return 0;
    } catch (const std::exception& thrown) {
        std::fprintf(stderr, "%s\n", thrown.what());
        return 1;
    }
}

}  // namespace flowers

#endif
