// expect: private members, a constructor or a reference needs MLSCRIBE_DESCRIBE(type, members...)
// standard: 20
#include <mlscribe/reflect/flatten.hpp>

class options {
    double rate_ = 1;
};

int main() {
    return static_cast<int>(mlscribe::flatten(options{}).size());
}
