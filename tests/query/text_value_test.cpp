// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/query/text_value.hpp>

#include <cmath>
#include <memory>
#include <string_view>
#include <vector>

namespace {

enum class color : unsigned char { red = 1, blue = 2 };

/// As a piece of a text, with nothing behind it that could be read.
template <class Real>
bool reads(std::string_view text, Real& value) {
    const std::unique_ptr<char[]> bytes(new char[text.size()]);
    text.copy(bytes.get(), text.size());
    return mlscribe::detail::read_text_value({bytes.get(), text.size()}, value);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(query_text_value)

BOOST_AUTO_TEST_CASE(numbers_of_many_digits_are_spelled_as_others) {
    long double value = 0;
    BOOST_TEST(reads("nan", value));
    BOOST_TEST(std::isnan(value));
    BOOST_TEST(reads("-inf", value));
    BOOST_TEST((std::isinf(value) && value < 0));
    BOOST_TEST(reads("1_0.5", value));
    BOOST_TEST(value == 10.5L);
    BOOST_TEST(reads("0.1000000000000000000271050543121376108562", value));
    BOOST_TEST((value == 0.1000000000000000000271050543121376108562L));
    for (const std::string_view text : {"None", "nan(", "infinit", "0x1p3", "", "-"}) {
        BOOST_TEST(!reads(text, value), text);
    }
}

BOOST_AUTO_TEST_CASE(an_enumerator_is_read_by_its_name_or_its_number) {
    color value = color::red;
    BOOST_TEST(reads("blue", value));
    BOOST_TEST((value == color::blue));
    BOOST_TEST(reads("200", value));
    BOOST_TEST(static_cast<int>(value) == 200);
    for (const std::string_view text : {"green", "256", "-1", "1.0", ""}) {
        BOOST_TEST(!reads(text, value), text);
    }
    std::vector<color> values;
    BOOST_TEST(!reads("blue, red", values));
}

BOOST_AUTO_TEST_SUITE_END()
