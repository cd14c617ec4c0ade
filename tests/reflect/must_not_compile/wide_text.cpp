// expect: this type has no text as a param
#include <mlscribe/reflect/param_text.hpp>

int main() {
    return static_cast<int>(mlscribe::param_text(std::wstring(L"adam")).size());
}
