// expect: run.log_image() is defined in <mlscribe/image.hpp>; include it
#include <mlscribe/run/run.hpp>

#include <vector>

int main() {
    mlscribe::run run;
    run.log_image(std::vector<std::vector<int>>{{1}}, "a.png");
}
