// SPDX-License-Identifier: MIT
// expect: put a single row into a vector
#include <mlscribe/mlscribe.hpp>

struct row {
    int a;
};
MLSCRIBE_DESCRIBE(row, a)

void log(mlscribe::run& run) {
    run.log_table(row{1}, "t.json");
}
