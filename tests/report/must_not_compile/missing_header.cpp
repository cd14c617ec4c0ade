// SPDX-License-Identifier: MIT
// expect: include it
#include <mlscribe/run/run.hpp>

void log(mlscribe::run& run);
void log(mlscribe::run& run) {
    run.log_report();
}
