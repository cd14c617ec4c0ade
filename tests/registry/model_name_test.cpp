// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/registry/model_name.hpp>

#include <string>

using mlscribe::error_code;
using mlscribe::detail::check_alias;
using mlscribe::detail::check_model_name;

namespace {

bool takes_name(const std::string& name) {
    return !check_model_name(name);
}
bool takes_alias(const std::string& alias) {
    return !check_alias(alias);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(registry_model_name)

// What create_registered_model, load_model("models:/…") and search_registered_models of MLflow
// 2.22.5 and 3.17.2 did with each of these.
BOOST_AUTO_TEST_CASE(names_that_both_take_and_find_again) {
    for (const char* name :
         {"iris",    "a b",      " a",   "a ",  "a#b",    "a;b",  "a&b",
          "a\"b",    "a`b",      "a\\b", "a=b", "a,b",    "a+b",  "a*b",
          "[ab]",    "a|b",      "~a",   ".a",  "a..b",   "a.",   "-a",
          "m-12345", "\xC3\xBC", "1",    "v1",  "latest", "null", "\xF0\x9F\x98\x80",
          "a$b",     "a{b"}) {
        BOOST_TEST(takes_name(name), name);
    }
    BOOST_TEST(takes_name(std::string(255, 'x')));
}

BOOST_AUTO_TEST_CASE(names_that_one_of_them_refuses_or_loses) {
    for (const char* name : {"", "  ", "a/b", "a:b", "a%b", "a?b", "a@b", "@a", "a'b", ".", "..",
                             "..a", "a\tb", "a\nb", "a\rb", "a\x01", "\xFF"}) {
        BOOST_TEST(!takes_name(name), name);
    }
    BOOST_TEST(!takes_name(std::string("a\0b", 3)));
    BOOST_TEST(!takes_name(std::string(256, 'x')));
    const mlscribe::error failure = check_model_name("team/iris");
    BOOST_TEST((failure.code == error_code::invalid_value));
    BOOST_TEST(failure.message.find("registered model \"team/iris\": '/'") == 0u);
    BOOST_TEST(failure.message.find("leave it out") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(aliases) {
    for (const char* alias : {"champion", "a-b_c", "-", "v", "v1a", "\xC3\xBC", "7", "latest2"}) {
        BOOST_TEST(takes_alias(alias), alias);
    }
    BOOST_TEST(takes_alias(std::string(255, 'x')));
    for (const char* alias :
         {"", "a b", "a.b", "a/b", "..", "a\n", "latest", "Latest", "v1", "V12", "\xFF"}) {
        BOOST_TEST(!takes_alias(alias), alias);
    }
    BOOST_TEST(!takes_alias(std::string(256, 'x')));
}

BOOST_AUTO_TEST_SUITE_END()
