// SPDX-License-Identifier: MIT
#include <mlscribe/layout/yaml_value.hpp>

#include <boost/test/unit_test.hpp>
#include <cstdint>

namespace {

std::optional<std::int64_t> integer(const char* text) {
    mlscribe::yaml_value value;
    value.type = mlscribe::yaml_value::kind::integer;
    value.text = text;
    return mlscribe::to_integer(value);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(layout_yaml_value)

BOOST_AUTO_TEST_CASE(integers_in_every_spelling) {
    const std::pair<const char*, std::int64_t> cases[] = {{"0", 0},
                                                          {"-0", 0},
                                                          {"123", 123},
                                                          {"+12", 12},
                                                          {"-7", -7},
                                                          {"1_000", 1000},
                                                          {"0x1F", 31},
                                                          {"-0xff", -255},
                                                          {"0b101", 5},
                                                          {"017", 15},
                                                          {"0_", 0},
                                                          {"1:30", 90},
                                                          {"-1:30", -90},
                                                          {"190:20:30", 685230},
                                                          {"9223372036854775807", INT64_MAX},
                                                          {"-9223372036854775808", INT64_MIN},
                                                          {"0x7fffffffffffffff", INT64_MAX}};
    for (const auto& [text, number] : cases) {
        BOOST_TEST_CONTEXT(text) {
            const auto read = integer(text);
            BOOST_REQUIRE(read);
            BOOST_TEST(*read == number);
        }
    }
}

BOOST_AUTO_TEST_CASE(integers_beyond_64_bits) {
    for (const char* text : {"9223372036854775808", "-9223372036854775809", "18446744073709551616",
                             "99999999999999999999999", "0x10000000000000000",
                             "307445734561825861:0", "99999999999999999:0:0:0:0"}) {
        BOOST_TEST_CONTEXT(text) {
            BOOST_TEST(!integer(text));
        }
    }
}

BOOST_AUTO_TEST_CASE(other_kinds_are_no_integers) {
    mlscribe::yaml_value value;
    value.text = "5";
    value.type = mlscribe::yaml_value::kind::string;
    BOOST_TEST(!mlscribe::to_integer(value));
    value.type = mlscribe::yaml_value::kind::null;
    BOOST_TEST(!mlscribe::to_integer(value));
}

BOOST_AUTO_TEST_SUITE_END()
