// expect: a struct with a reference or a bit-field is reflected by MLSCRIBE_DESCRIBE only
// standard: 20
#include <mlscribe/reflect/flatten.hpp>

struct options {
    int layers = 1;
    unsigned depth : 4;
};

int main() {
    return static_cast<int>(mlscribe::flatten(options{1, 2}).size());
}
