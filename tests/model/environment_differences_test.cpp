// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/layout/json_document.hpp>
#include <mlscribe/model/build_environment.hpp>
#include <mlscribe/model/environment_differences.hpp>

#include <string>
#include <string_view>
#include <vector>

#include "give_up.hpp"

using mlscribe::document;
using mlscribe::parse_json;
using mlscribe::detail::build_environment;
using mlscribe::detail::environment_differences;

namespace {

document& value_at(document& map, std::string_view key) {
    for (auto& entry : map.entries) {
        if (entry.key.text == key) return entry.value;
    }
    test::give_up("no such key: " + std::string(key));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(model_environment_differences)

BOOST_AUTO_TEST_CASE(differences_are_told_in_sentences) {
    const document current = build_environment();
    document saved = current;
    document& build = value_at(saved, "build");
    value_at(build, "compiler").text = "g++ 4.9.0";
    value_at(build, "compiler_version").text = "not told";
    value_at(build, "byte_order").text = "big";
    value_at(build, "optimized").text = "not told";
    value_at(build, "fast_math").text =
        value_at(build, "fast_math").text == "true" ? "false" : "true";
    value_at(build, "instruction_sets") = parse_json(R"(["avx2", "x9"])").value();
    value_at(value_at(build, "sizes"), "long").text = "4";
    value_at(value_at(saved, "headers"), "fmt").text = "8.0.0";
    value_at(value_at(saved, "machine"), "host").text = "elsewhere";
    value_at(value_at(saved, "machine"), "architecture").text = "aarch64";
    value_at(value_at(saved, "process"), "program").text = "/elsewhere";
    value_at(saved, "shared_libraries") =
        parse_json(R"([{"name": "libc.so", "path": "/lib/libx.so.1.2"}, {"name": "liby.so"},
                       {"name": "libz.so", "path": "/lib/libz.so.1"}, {}])")
            .value();
    document now = current;
    value_at(now, "shared_libraries") =
        parse_json(R"([{"path": "/usr/lib/libx.so.1.3"}, {"path": "/opt/libz.so.1"}])").value();
    const std::vector<std::string> found = environment_differences(saved, now);
    const auto compiler = current.find("build")->find("compiler")->text;
    BOOST_TEST_REQUIRE(found.size() == 8u);
    BOOST_TEST(found[0] ==
               "the model was logged by a program compiled with g++ 4.9.0, this one is compiled "
               "with " +
                   compiler);
    BOOST_TEST(found[1].find("more than the oldest: avx2, x9, this one") != std::string::npos);
    BOOST_TEST(found[2].find("-ffast-math") != std::string::npos);
    BOOST_TEST(found[3].find("running on aarch64, this one is running on") != std::string::npos);
    BOOST_TEST(found[4] ==
               "the model was logged by a program of the byte order big, this one is of the byte "
               "order little");
    BOOST_TEST(found[5] ==
               "the model was logged by a program where the size of long is 4, this one is one "
               "where it is " +
                   std::to_string(sizeof(long)));
    BOOST_TEST(found[6].find("compiled with the headers of fmt 8.0.0, this one") !=
               std::string::npos);
    BOOST_TEST(found[7] ==
               "the model was logged by a program running with libx.so.1.2, this one is running "
               "with libx.so.1.3");
}

BOOST_AUTO_TEST_CASE(what_is_not_saved_cannot_differ) {
    const document current = build_environment();
    for (const char* saved : {"null", "{}", "[]", R"({"build": 1, "headers": {}})",
                              R"({"shared_libraries": 3, "build": {"sizes": []}})"}) {
        BOOST_TEST(environment_differences(parse_json(saved).value(), current).empty(), saved);
    }
}

BOOST_AUTO_TEST_SUITE_END()
