// expect: a struct with a base is reflected by MLSCRIBE_DESCRIBE only
// standard: 20
#include <mlscribe/reflect/flatten.hpp>

struct base {
    int layers = 1;
};
struct options : base {
    double rate = 1;
};

int main() {
    return static_cast<int>(mlscribe::flatten(options{}).size());
}
