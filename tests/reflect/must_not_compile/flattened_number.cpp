// expect: the members of this type are not known
#include <mlscribe/reflect/flatten.hpp>

int main() {
    return static_cast<int>(mlscribe::flatten(1).size());
}
