// expect: this type has no text as a param
// standard: 20
#include <mlscribe/reflect/flatten.hpp>

#include <memory>

struct options {
    int layers = 1;
    std::unique_ptr<int> cache;
};

int main() {
    return static_cast<int>(mlscribe::flatten(options{}).size());
}
