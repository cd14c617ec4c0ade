// expect: this is no picture
// expect: an image_view, or an array of bool, integers, float or double
#include <mlscribe/image.hpp>
#include <mlscribe/run/run.hpp>

#include <string>
#include <vector>

int main() {
    mlscribe::run run;
    run.log_image(std::vector<std::string>{"a"}, "a.png");
}
