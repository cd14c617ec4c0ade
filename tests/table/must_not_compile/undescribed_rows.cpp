// SPDX-License-Identifier: MIT
// expect: log_table() takes a range of structs, which are rows
#include <mlscribe/mlscribe.hpp>

#include <vector>

void log(mlscribe::run& run) {
    run.log_table(std::vector<double>{1}, "t.json");
}
