// SPDX-License-Identifier: MIT
#include <mlscribe/reflect/enum_name.hpp>

#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <string_view>

using mlscribe::enum_name;

namespace named_enums {

enum class scoped { zero, one, minus = -1, low = -128, high = 127, beyond = 128, far = -129 };
enum unscoped { unscoped_a, unscoped_b, unscoped_e = 4 };
enum with_negative { negative = -5, positive = 9 };
enum class unsigned_bytes : std::uint8_t { a, z = 255 };
enum class signed_bytes : std::int8_t { low = -128, high = 127 };
enum class letters : char { a = 'a', tilde = '~' };
enum class truth : bool { no, yes };
enum class huge : std::uint64_t { one = 1, most = 0xFFFFFFFFFFFFFFFF };
enum class least : std::int64_t { value = INT64_MIN };
enum class same { first = 3, second = 3 };
enum class none {};
enum single { only };
enum class big { red = 600, green = 700 };
enum class narrow { a, b, c };
enum flags : unsigned { read_flag = 1, write_flag = 2, both = 3 };

template <class T, int N>
struct holder {
    enum class inner { a, b };
    enum plain { plain_a = 3 };
};

namespace {
enum class hidden { value };
}

}  // namespace named_enums

template <>
struct mlscribe::enum_range<named_enums::big> {
    static constexpr int min = 600, max = 650;
};
template <>
struct mlscribe::enum_range<named_enums::narrow> {
    static constexpr int min = 0, max = 1;
};

BOOST_AUTO_TEST_SUITE(reflect_enum_name)

BOOST_AUTO_TEST_CASE(scoped_enumerators) {
    using named_enums::scoped;
    BOOST_TEST(enum_name(scoped::zero) == "zero");
    BOOST_TEST(enum_name(scoped::one) == "one");
    BOOST_TEST(enum_name(scoped::minus) == "minus");
    BOOST_TEST(enum_name(scoped::low) == "low");
    BOOST_TEST(enum_name(scoped::high) == "high");
}

BOOST_AUTO_TEST_CASE(values_outside_the_range_or_without_a_name) {
    using named_enums::scoped;
    BOOST_TEST(enum_name(scoped::beyond).empty());
    BOOST_TEST(enum_name(scoped::far).empty());
    BOOST_TEST(enum_name(static_cast<scoped>(2)).empty());
    BOOST_TEST(enum_name(static_cast<scoped>(-2)).empty());
    BOOST_TEST(enum_name(static_cast<named_enums::none>(0)).empty());
    BOOST_TEST(enum_name(named_enums::huge::most).empty());
    BOOST_TEST(enum_name(named_enums::least::value).empty());
}

BOOST_AUTO_TEST_CASE(unscoped_enumerators) {
    using namespace named_enums;
    BOOST_TEST(enum_name(unscoped_a) == "unscoped_a");
    BOOST_TEST(enum_name(unscoped_b) == "unscoped_b");
    BOOST_TEST(enum_name(unscoped_e) == "unscoped_e");
    BOOST_TEST(enum_name(static_cast<unscoped>(3)).empty());
    BOOST_TEST(enum_name(negative) == "negative");
    BOOST_TEST(enum_name(positive) == "positive");
    BOOST_TEST(enum_name(only) == "only");
    BOOST_TEST(enum_name(both) == "both");
    BOOST_TEST(enum_name(static_cast<flags>(4)).empty());
}

BOOST_AUTO_TEST_CASE(every_underlying_type) {
    using namespace named_enums;
    BOOST_TEST(enum_name(unsigned_bytes::a) == "a");
    BOOST_TEST(enum_name(static_cast<unsigned_bytes>(128)).empty());
    BOOST_TEST(enum_name(signed_bytes::low) == "low");
    BOOST_TEST(enum_name(signed_bytes::high) == "high");
    BOOST_TEST(enum_name(letters::a) == "a");
    BOOST_TEST(enum_name(letters::tilde) == "tilde");
    BOOST_TEST(enum_name(static_cast<letters>('b')).empty());
    BOOST_TEST(enum_name(truth::no) == "no");
    BOOST_TEST(enum_name(truth::yes) == "yes");
    BOOST_TEST(enum_name(huge::one) == "one");
}

BOOST_AUTO_TEST_CASE(one_value_with_two_names) {
    const std::string_view name = enum_name(named_enums::same::second);
    BOOST_TEST((name == "first" || name == "second"));
}

BOOST_AUTO_TEST_CASE(enums_in_templates_and_in_functions) {
    using outer = named_enums::holder<named_enums::holder<int, 3>, 5>;
    BOOST_TEST(enum_name(outer::inner::b) == "b");
    BOOST_TEST(enum_name(outer::plain_a) == "plain_a");
    BOOST_TEST(enum_name(named_enums::hidden::value) == "value");
    enum class local { here, there };
    BOOST_TEST(enum_name(local::there) == "there");
    const auto in_lambda = [] {
        enum class deep { value };
        return enum_name(deep::value);
    };
    BOOST_TEST(in_lambda() == "value");
}

BOOST_AUTO_TEST_CASE(a_range_of_ones_own) {
    BOOST_TEST(enum_name(named_enums::big::red) == "red");
    BOOST_TEST(enum_name(named_enums::big::green).empty());
    BOOST_TEST(enum_name(named_enums::narrow::b) == "b");
    BOOST_TEST(enum_name(named_enums::narrow::c).empty());
}

BOOST_AUTO_TEST_SUITE_END()
