// expect: this type has no text as a param
#include <mlscribe/reflect/flatten.hpp>

#include <memory>

struct options {
    int layers = 1;
    std::unique_ptr<int> cache;
};
MLSCRIBE_DESCRIBE(options, layers, cache)

int main() {
    return static_cast<int>(mlscribe::flatten(options{}).size());
}
