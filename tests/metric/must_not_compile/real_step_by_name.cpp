// expect: a step is an integer
#include <mlscribe/run/run.hpp>

int main() {
    mlscribe::run run;
    run.log_metric("x", 1.0, 1e6);
}
