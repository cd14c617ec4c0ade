// SPDX-License-Identifier: MIT
#include <mlscribe/layout/yaml_resolver.hpp>

#include <boost/test/unit_test.hpp>
#include <string>
#include <string_view>

using mlscribe::detail::is_real_date;
using mlscribe::detail::plain_type;
using mlscribe::detail::resolve_plain;

namespace {

/// The types without a look at the first character before.
plain_type type_of(std::string_view text) {
    using namespace mlscribe::detail;
    if (is_any_of(text, {"", "~", "null", "Null", "NULL"})) return plain_type::null;
    if (is_any_of(text, {"yes", "Yes", "YES", "no", "No", "NO", "true", "True", "TRUE", "false",
                         "False", "FALSE", "on", "On", "ON", "off", "Off", "OFF"})) {
        return plain_type::boolean;
    }
    if (is_any_of(text, {"=", "<<"})) return plain_type::special;
    if (is_plain_integer(text)) return plain_type::integer;
    if (is_plain_real(text)) return plain_type::real;
    return is_plain_date(text) ? plain_type::date : plain_type::string;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(layout_yaml_resolver)

// Each line is what PyYAML 6 says about `a: <text>`.
BOOST_AUTO_TEST_CASE(types_are_those_of_pyyaml) {
    const auto check = [](plain_type type, std::initializer_list<const char*> texts) {
        for (const char* text : texts) {
            BOOST_TEST_CONTEXT('"' << text << '"') {
                BOOST_TEST((resolve_plain(text) == type));
            }
        }
    };
    check(plain_type::null, {"", "~", "null", "Null", "NULL"});
    check(plain_type::boolean, {"yes", "No", "TRUE", "on", "OFF", "false"});
    check(plain_type::integer, {"0", "-0", "123", "+12", "017", "0_", "0x1F", "0b101", "0b_",
                                "1_000", "1_", "1:30", "190:20:30", "-1_0:5"});
    check(plain_type::real, {"1.", "1.5", "-.inf", "+.Inf", ".NAN", ".5", "1.e+5", "1_0.5_0",
                             "1.5E-3", "1:30.5", "190:20:30."});
    check(plain_type::date, {"2024-01-01", "2024-1-1 1:00:00", "2024-01-01T10:00:00Z",
                             "2024-01-01 10:00:00.5 +01:30", "2024-13-45"});
    check(plain_type::special, {"=", "<<"});
    check(plain_type::string, {"yEs",
                               "nULL",
                               "y",
                               "1e3",
                               "1.5e3",
                               "0o17",
                               "08",
                               "0x",
                               "-",
                               "+",
                               ".",
                               "._5",
                               "-.5",
                               "1:60",
                               "1:",
                               "x1",
                               "2024-1-1",
                               "2024-01-01 10:00",
                               "2024-01-01 10:00:00 ",
                               ".Nan",
                               "-.nan",
                               "===",
                               "0b2",
                               "1__:5x"});
}

BOOST_AUTO_TEST_CASE(dates_that_python_refuses) {
    for (const char* text : {"2024-02-29", "2023-12-31", "2024-01-01 23:59:59.999 -23:59"}) {
        BOOST_TEST(is_real_date(text));
    }
    for (const char* text :
         {"2023-02-29", "2024-13-01", "2024-00-01", "2024-01-32", "0000-01-01",
          "2024-01-01 24:00:00", "2024-01-01 10:60:00", "2024-01-01 10:00:00+24"}) {
        BOOST_TEST(!is_real_date(text));
    }
}

BOOST_AUTO_TEST_CASE(first_characters_tell_the_type) {
    constexpr std::string_view letters = "~-+.:_0172x bTeEaNnfFyoOlLsSr=<i";
    std::string wrong;
    const auto check_type = [&wrong](std::string_view text) {
        if (mlscribe::detail::resolve_plain(text) == type_of(text)) return;
        wrong.append(text).append(" ");
    };
    std::string text;
    for (const char a : letters) {
        for (const char b : letters) {
            for (const char c : letters) {
                text = {a, b, c};
                for (std::size_t size = 0; size != 4; ++size) check_type(text.substr(0, size));
                for (const char* end :
                     {"ll", "LL", "se", "SE", "e", "E", "24-01-01", "5:30", "_"}) {
                    check_type(text + end);
                }
            }
        }
    }
    for (int code = 0; code != 256; ++code) {
        for (const char* rest : {"", "1", "ull", "alse", "<", "nf", "4-01-01", ".5"}) {
            check_type(static_cast<char>(code) + std::string(rest));
        }
    }
    BOOST_TEST(wrong == "");
}

BOOST_AUTO_TEST_SUITE_END()
