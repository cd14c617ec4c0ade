// SPDX-License-Identifier: MIT
#include <mlscribe/reflect/flatten.hpp>

#include <boost/test/unit_test.hpp>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace described {

struct options {
    double rate = 1e-3;
    int layers = 2;
    bool amp = true;
};
MLSCRIBE_DESCRIBE(options, rate, layers, amp)

struct with_semicolon {
    int a = 1;
};
MLSCRIBE_DESCRIBE(with_semicolon, a);

/// Neither copied nor shown as a whole: only what is named must have a text.
struct in_part {
    std::unique_ptr<int> hidden;
    int shown = 1;
    std::unique_ptr<int> hidden_too;
};
MLSCRIBE_DESCRIBE(in_part, shown)

struct derived : options {
    int own = 3;
};
MLSCRIBE_DESCRIBE(derived, rate, options::layers, own)

/// Described by nobody, though its base is.
struct undescribed : options {};

class secret {
  public:
    explicit secret(double warm_up) : warm_up_(warm_up) {}

  private:
    double warm_up_;
    std::string name_ = "cosine";
    MLSCRIBE_DESCRIBE_MEMBERS(warm_up_, name_)
};

class secret_in_front {
    MLSCRIBE_DESCRIBE_MEMBERS(first, second);
    int first = 1;

  public:
    int second = 2;
};

class base {
  protected:
    int inherited = 7;
    MLSCRIBE_DESCRIBE_MEMBERS(inherited)
};
class child : public base {
    int own_ = 8;

  public:
    MLSCRIBE_DESCRIBE_MEMBERS(inherited, own_)
};

template <class Value, std::size_t Size>
struct templated {
    Value value = Value();
    int numbers[Size] = {};
    MLSCRIBE_DESCRIBE_MEMBERS(value, numbers)
};

struct with_virtual {
    virtual ~with_virtual() = default;
    int a = 1;
};
MLSCRIBE_DESCRIBE(with_virtual, a)

struct bits {
    unsigned low : 3, high : 5;
    bool flag : 1;
};
MLSCRIBE_DESCRIBE(bits, low, high, flag)

struct reference {
    const int& seen;
};
MLSCRIBE_DESCRIBE(reference, seen)

struct moved_only {
    moved_only() = default;
    moved_only(moved_only&&) = default;
    int a = 1;
};
MLSCRIBE_DESCRIBE(moved_only, a)

union either {
    int number;
    float real;
};
std::string to_param_text(either value);
std::string to_param_text(either value) {
    return std::to_string(value.number);
}
struct with_union {
    either value{5};
};
MLSCRIBE_DESCRIBE(with_union, value)

struct with_static {
    static constexpr int version = 4;
    int a = 1;
};
MLSCRIBE_DESCRIBE(with_static, version, a)

// The names of the macros' own variables and of what they call.
struct same_names {
    int names = 1, object = 2, visitor = 3, value = 4, mlscribe = 5, std = 6;
};
MLSCRIBE_DESCRIBE(same_names, names, object, visitor, value, mlscribe, std)

// clang-format off
struct of_64 {
    int f01 = 1, f02 = 2, f03 = 3, f04 = 4, f05 = 5, f06 = 6, f07 = 7, f08 = 8, f09 = 9, f10 = 10,
        f11 = 11, f12 = 12, f13 = 13, f14 = 14, f15 = 15, f16 = 16, f17 = 17, f18 = 18, f19 = 19,
        f20 = 20, f21 = 21, f22 = 22, f23 = 23, f24 = 24, f25 = 25, f26 = 26, f27 = 27, f28 = 28,
        f29 = 29, f30 = 30, f31 = 31, f32 = 32, f33 = 33, f34 = 34, f35 = 35, f36 = 36, f37 = 37,
        f38 = 38, f39 = 39, f40 = 40, f41 = 41, f42 = 42, f43 = 43, f44 = 44, f45 = 45, f46 = 46,
        f47 = 47, f48 = 48, f49 = 49, f50 = 50, f51 = 51, f52 = 52, f53 = 53, f54 = 54, f55 = 55,
        f56 = 56, f57 = 57, f58 = 58, f59 = 59, f60 = 60, f61 = 61, f62 = 62, f63 = 63, f64 = 64;
};
MLSCRIBE_DESCRIBE(of_64, f01, f02, f03, f04, f05, f06, f07, f08, f09, f10, f11, f12, f13, f14, f15,
    f16, f17, f18, f19, f20, f21, f22, f23, f24, f25, f26, f27, f28, f29, f30, f31, f32, f33, f34,
    f35, f36, f37, f38, f39, f40, f41, f42, f43, f44, f45, f46, f47, f48, f49, f50, f51, f52, f53,
    f54, f55, f56, f57, f58, f59, f60, f61, f62, f63, f64)
// clang-format on

}  // namespace described

struct at_global_scope {
    int a = 1;
};
MLSCRIBE_DESCRIBE(at_global_scope, a)

namespace {

struct in_anonymous_namespace {
    int a = 1;
};
MLSCRIBE_DESCRIBE(in_anonymous_namespace, a)

template <class T>
struct outer {
    struct inner {
        T a;
    };
};
MLSCRIBE_DESCRIBE(outer<int>::inner, a)

template <class Object>
std::string shown(const Object& object) {
    std::string all;
    for (const mlscribe::param& entry : mlscribe::flatten(object)) {
        all += entry.key + '=' + entry.value + ' ';
    }
    return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(reflect_describe)

BOOST_AUTO_TEST_CASE(a_struct_with_and_without_a_semicolon) {
    BOOST_TEST(shown(described::options()) == "rate=0.001 layers=2 amp=True ");
    BOOST_TEST(shown(described::with_semicolon()) == "a=1 ");
    BOOST_TEST(shown(at_global_scope()) == "a=1 ");
    BOOST_TEST(shown(in_anonymous_namespace()) == "a=1 ");
    BOOST_TEST(shown(outer<int>::inner{4}) == "a=4 ");
}

BOOST_AUTO_TEST_CASE(members_that_are_not_named_may_be_of_any_type) {
    BOOST_TEST(shown(described::in_part()) == "shown=1 ");
    BOOST_TEST(shown(described::moved_only()) == "a=1 ");
}

BOOST_AUTO_TEST_CASE(members_of_any_kind) {
    described::bits bits{};
    bits.low = 5;
    bits.high = 17;
    bits.flag = true;
    BOOST_TEST(shown(bits) == "low=5 high=17 flag=True ");
    const int seen = 3;
    BOOST_TEST(shown(described::reference{seen}) == "seen=3 ");
    BOOST_TEST(shown(described::with_union()) == "value=5 ");
    BOOST_TEST(shown(described::with_static()) == "version=4 a=1 ");
    BOOST_TEST(shown(described::with_virtual()) == "a=1 ");
    BOOST_TEST(shown(described::same_names()) ==
               "names=1 object=2 visitor=3 value=4 mlscribe=5 std=6 ");
}

BOOST_AUTO_TEST_CASE(inherited_members) {
    BOOST_TEST(shown(described::derived()) == "rate=0.001 layers=2 own=3 ");
    BOOST_TEST(shown(described::child()) == "inherited=7 own_=8 ");
    BOOST_TEST(shown(described::base()) == "inherited=7 ");
}

BOOST_AUTO_TEST_CASE(private_members) {
    BOOST_TEST(shown(described::secret(0.25)) == "warm_up_=0.25 name_=cosine ");
    BOOST_TEST(shown(described::secret_in_front()) == "first=1 second=2 ");
}

BOOST_AUTO_TEST_CASE(templates) {
    BOOST_TEST(shown(described::templated<double, 2>()) == "value=0.0 numbers=[0, 0] ");
    BOOST_TEST(shown(described::templated<described::options, 1>()) ==
               "value.rate=0.001 value.layers=2 value.amp=True numbers=[0] ");
}

BOOST_AUTO_TEST_CASE(sixty_four_members) {
    const std::vector<mlscribe::param> all = mlscribe::flatten(described::of_64());
    BOOST_REQUIRE_EQUAL(all.size(), 64u);
    for (std::size_t i = 0; i < all.size(); ++i) {
        const std::string number = std::to_string(i + 1);
        BOOST_TEST(all[i].key == (i < 9 ? "f0" : "f") + number);
        BOOST_TEST(all[i].value == number);
    }
}

BOOST_AUTO_TEST_CASE(a_description_is_not_inherited) {
    BOOST_TEST(mlscribe::is_reflected_v<described::options>);
    BOOST_TEST(mlscribe::is_reflected_v<described::derived>);
    BOOST_TEST(mlscribe::is_reflected_v<described::secret>);
    BOOST_TEST(!mlscribe::detail::is_described<described::undescribed>());
    BOOST_TEST(!mlscribe::detail::is_described<int>());
    BOOST_TEST(!mlscribe::detail::is_described<std::string>());
}

BOOST_AUTO_TEST_SUITE_END()
