// SPDX-License-Identifier: MIT
/// \file A run and a handle that every file of a program uses.
#ifndef MLSCRIBE_TESTS_HYGIENE_GLOBAL_RUN_HPP
#define MLSCRIBE_TESTS_HYGIENE_GLOBAL_RUN_HPP

#include <mlscribe/run/run.hpp>

extern mlscribe::run training;
extern mlscribe::metric_handle loss;

/// Logs one point when it is destroyed.
struct last_words {
    mlscribe::metric_handle handle = {};
    ~last_words() { handle.log(1.0); }
};
extern last_words after_the_run;

#endif
