// expect: a struct with a reference or a bit-field is reflected by MLSCRIBE_DESCRIBE only
// standard: 20
#include <mlscribe/reflect/flatten.hpp>

struct options {
    int layers;
    const double& rate;
};

int main() {
    const double rate = 1;
    return static_cast<int>(mlscribe::flatten(options{1, rate}).size());
}
