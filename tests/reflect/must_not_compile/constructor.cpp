// expect: private members, a constructor or a reference needs MLSCRIBE_DESCRIBE(type, members...)
// standard: 20
#include <mlscribe/reflect/flatten.hpp>

struct options {
    explicit options(double given) : rate(given) {}
    double rate;
};

int main() {
    return static_cast<int>(mlscribe::flatten(options(1)).size());
}
