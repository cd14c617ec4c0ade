// expect: Step step, timestamp at
#include <mlscribe/metric/metric_handle.hpp>

int main() {
    mlscribe::metric_handle handle;
    handle.log(1.0, 1, 1700000000000);
}
