// expect: this type has no text as a param
#include <mlscribe/reflect/param_text.hpp>

#include <memory>

int main() {
    return static_cast<int>(mlscribe::param_text(std::unique_ptr<int>()).size());
}
