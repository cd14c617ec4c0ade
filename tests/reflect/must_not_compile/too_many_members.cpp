// expect: more than 64 members; group them into nested structs
#include <mlscribe/reflect/flatten.hpp>

struct options {
    int f01 = 1, f02 = 1, f03 = 1, f04 = 1, f05 = 1, f06 = 1, f07 = 1, f08 = 1, f09 = 1, f10 = 1,
        f11 = 1, f12 = 1, f13 = 1, f14 = 1, f15 = 1, f16 = 1, f17 = 1, f18 = 1, f19 = 1, f20 = 1,
        f21 = 1, f22 = 1, f23 = 1, f24 = 1, f25 = 1, f26 = 1, f27 = 1, f28 = 1, f29 = 1, f30 = 1,
        f31 = 1, f32 = 1, f33 = 1, f34 = 1, f35 = 1, f36 = 1, f37 = 1, f38 = 1, f39 = 1, f40 = 1,
        f41 = 1, f42 = 1, f43 = 1, f44 = 1, f45 = 1, f46 = 1, f47 = 1, f48 = 1, f49 = 1, f50 = 1,
        f51 = 1, f52 = 1, f53 = 1, f54 = 1, f55 = 1, f56 = 1, f57 = 1, f58 = 1, f59 = 1, f60 = 1,
        f61 = 1, f62 = 1, f63 = 1, f64 = 1, f65 = 1;
};
MLSCRIBE_DESCRIBE(options, f01, f02, f03, f04, f05, f06, f07, f08, f09, f10, f11, f12, f13, f14,
                  f15, f16, f17, f18, f19, f20, f21, f22, f23, f24, f25, f26, f27, f28, f29, f30,
                  f31, f32, f33, f34, f35, f36, f37, f38, f39, f40, f41, f42, f43, f44, f45, f46,
                  f47, f48, f49, f50, f51, f52, f53, f54, f55, f56, f57, f58, f59, f60, f61, f62,
                  f63, f64, f65)

int main() {
    return static_cast<int>(mlscribe::flatten(options{}).size());
}
