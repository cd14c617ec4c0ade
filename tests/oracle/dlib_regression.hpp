// SPDX-License-Identifier: MIT
/// \file The model that dlib_driver.cpp trains and dlib_predictor.cpp brings to Python.
#ifndef MLSCRIBE_TESTS_ORACLE_DLIB_REGRESSION_HPP
#define MLSCRIBE_TESTS_ORACLE_DLIB_REGRESSION_HPP

#include <dlib/svm.h>

using flower = dlib::matrix<double, 4, 1>;
using kernel = dlib::radial_basis_kernel<flower>;
using regression = dlib::decision_function<kernel>;

inline flower flower_at(const double* numbers) {
    flower found;
    for (long i = 0; i != 4; ++i) found(i) = numbers[i];
    return found;
}

#endif
