// expect: a step is an integer; a time stamp is given as mlscribe::timestamp{ms}
#include <mlscribe/metric/metric_handle.hpp>

int main() {
    mlscribe::metric_handle handle;
    handle.log(1.0, mlscribe::timestamp{1700000000000});
}
