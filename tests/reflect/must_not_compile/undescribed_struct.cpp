// expect: in C++17 describe it with MLSCRIBE_DESCRIBE(type, members...)
#include <mlscribe/reflect/flatten.hpp>

struct options {
    double rate = 1;
};

int main() {
    return static_cast<int>(mlscribe::flatten(options{}).size());
}
