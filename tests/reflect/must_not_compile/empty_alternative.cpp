// expect: this type has no text as a param
#include <mlscribe/reflect/param_text.hpp>

#include <variant>

struct adam {};
struct sgd {};

int main() {
    return static_cast<int>(mlscribe::param_text(std::variant<adam, sgd>()).size());
}
