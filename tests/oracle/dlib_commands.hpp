// SPDX-License-Identifier: MIT
/// \file What flavors_driver.cpp does with dlib.
#ifndef MLSCRIBE_TESTS_ORACLE_DLIB_COMMANDS_HPP
#define MLSCRIBE_TESTS_ORACLE_DLIB_COMMANDS_HPP

#include <mlscribe/flavor/dlib.hpp>
#include <mlscribe/model/load_model.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "dlib_regression.hpp"
#include "flavor_data.hpp"

namespace kernels {

inline std::vector<flower> flowers_of(const flowers::table& data) {
    std::vector<flower> found;
    for (std::size_t row = 0; row != data.kinds.size(); ++row) {
        found.push_back(flower_at(&data.rows[row * 4]));
    }
    return found;
}

inline regression trained(const std::vector<flower>& rows, const std::vector<float>& kinds) {
    dlib::krr_trainer<kernel> trainer;
    trainer.set_kernel(kernel(0.1));
    return trainer.train(rows, std::vector<double>(kinds.begin(), kinds.end()));
}

inline void print_predictions(const regression& learned, const std::vector<flower>& rows) {
    std::vector<double> out;
    for (const flower& row : rows) out.push_back(learned(row));
    flowers::print(out.data(), static_cast<std::int64_t>(out.size()));
}

/// \param words  <store> <iris.csv>
inline void log(char** words) {
    const flowers::table data = flowers::read(words[1]);
    const std::vector<flower> rows = flowers_of(data);
    const regression learned = trained(rows, data.kinds);
    flowers::log(words[0], mlscribe::dlib_model(learned));
    print_predictions(learned, rows);
}

/// \param words  <model> <iris.csv>
inline void load(char** words, bool verify) {
    mlscribe::load_options options;
    options.verify = verify;
    const auto loaded =
        mlscribe::load_model<mlscribe::dlib_model<regression>>(words[0], options).object;
    print_predictions(loaded, flowers_of(flowers::read(words[1])));
}

}  // namespace kernels

#endif
