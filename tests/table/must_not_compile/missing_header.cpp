// SPDX-License-Identifier: MIT
// expect: run.log_table() is defined in <mlscribe/table/log_table.hpp>
#include <mlscribe/run/run.hpp>

#include <vector>

struct row {
    int a;
};
MLSCRIBE_DESCRIBE(row, a)

void log(mlscribe::run& run) {
    run.log_table(std::vector<row>{{1}}, "t.json");
}
