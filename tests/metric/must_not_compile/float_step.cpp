// expect: a step is an integer
#include <mlscribe/metric/metric_handle.hpp>

int main() {
    mlscribe::metric_handle handle;
    handle.log(1.0, 1.5f, mlscribe::timestamp{0});
}
