// expect: a metric's value is a number
#include <mlscribe/metric/metric_handle.hpp>

int main() {
    mlscribe::metric_handle handle;
    handle.log("0.5");
}
