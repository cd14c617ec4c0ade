// expect: only the base of this class is described
#include <mlscribe/reflect/flatten.hpp>

class base {
    int layers_ = 1;
    MLSCRIBE_DESCRIBE_MEMBERS(layers_)
};
class options : public base {
    double rate_ = 1;
};

int main() {
    return static_cast<int>(mlscribe::flatten(options{}).size());
}
