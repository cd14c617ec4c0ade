// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/tag/build_tags.hpp>

#include <sys/utsname.h>

#include <map>
#include <string>

using mlscribe::detail::build_tags;
using mlscribe::detail::standard_text;

BOOST_AUTO_TEST_SUITE(tag_build_tags)

BOOST_AUTO_TEST_CASE(four_facts) {
    std::map<std::string, std::string> tags;
    for (const auto& tag : build_tags()) tags.insert(tag);
    BOOST_TEST(tags.size() == 4u);
    BOOST_TEST(tags["mlscribe.version"] == std::to_string(MLSCRIBE_VERSION_MAJOR) + '.' +
                                               std::to_string(MLSCRIBE_VERSION_MINOR) + '.' +
                                               std::to_string(MLSCRIBE_VERSION_PATCH));
#if defined(__clang__)
    const std::string compiler = "clang++ ";
#else
    const std::string compiler = "g++ ";
#endif
    // The compiler's own text has the version too.
    const std::string& found = tags["mlscribe.compiler"];
    BOOST_TEST(found.substr(0, compiler.size()) == compiler);
    BOOST_TEST(std::string(__VERSION__).find(found.substr(compiler.size())) != std::string::npos);
    BOOST_TEST(tags["mlscribe.cxx_standard"] == standard_text(__cplusplus));
    utsname system{};
    BOOST_REQUIRE(::uname(&system) == 0);
    BOOST_TEST(tags["mlscribe.host"] == system.nodename);
}

BOOST_AUTO_TEST_CASE(standards_by_their_year) {
    BOOST_TEST(standard_text(201703L) == "17");
    BOOST_TEST(standard_text(201709L) == "20");  // g++ -std=c++2a
    BOOST_TEST(standard_text(202002L) == "20");
    BOOST_TEST(standard_text(202100L) == "23");
    BOOST_TEST(standard_text(202302L) == "23");
    BOOST_TEST(standard_text(202400L) == "26");
}

BOOST_AUTO_TEST_SUITE_END()
