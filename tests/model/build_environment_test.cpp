// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/layout/json_document.hpp>
#include <mlscribe/model/build_environment.hpp>
#include <mlscribe/model/environment_differences.hpp>

#include <string>
#include <string_view>

#include "environment.hpp"
#include "scratch_directory.hpp"

using mlscribe::document;
using mlscribe::parse_json;
using mlscribe::detail::build_environment;
using mlscribe::detail::environment_differences;

namespace {

/// The text at `group` / `key`.
std::string text_at(const document& environment, std::string_view group, std::string_view key) {
    const document* const map = environment.find(group);
    const document* const value = map == nullptr ? nullptr : map->find(key);
    return value == nullptr ? "(none)" : value->text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(model_build_environment)

BOOST_AUTO_TEST_CASE(this_program_describes_itself) {
    const test::scratch_directory scratch;
    const test::variable secret("MLSCRIBE_TEST_SECRET", "nobody-may-read-this");
    mlscribe::detail::directory model;
    BOOST_TEST_REQUIRE(mlscribe::detail::directory::open(scratch.path(), model) == 0);
    BOOST_TEST(mlscribe::detail::write_build_environment(model).message == "");
    const std::string text = test::read_file(scratch / "mlscribe/environment.json");
    BOOST_TEST(text.find("nobody-may-read-this") == std::string::npos);
    const auto environment = parse_json(text);
    BOOST_TEST_REQUIRE(environment.has_value());
    BOOST_TEST(text_at(*environment, "build", "compiler") == mlscribe::detail::compiler_text());
    BOOST_TEST(text_at(*environment, "build", "standard").substr(0, 3) == "C++");
    BOOST_TEST(text_at(*environment, "build", "standard_library").substr(0, 3) == "lib");
    BOOST_TEST(text_at(*environment, "build", "byte_order") == "little");
#if !MLSCRIBE_STD_FILESYSTEM
    BOOST_TEST(text_at(*environment, "headers", "Boost").substr(0, 2) == "1.");
#endif
    BOOST_TEST(text_at(*environment, "process", "program") ==
               mlscribe::detail::real_path("/proc/self/exe"));
    const document& arguments = *environment->find("process")->find("command_line");
    BOOST_TEST_REQUIRE(!arguments.items.empty());
    BOOST_TEST(arguments.items[0].text == boost::unit_test::framework::master_test_suite().argv[0]);
#if defined(BOOST_TEST_DYN_LINK)
    const std::string linked = "boost_unit_test_framework";
#else
    const std::string linked = "libc.so";
#endif
    bool is_found = false;
    for (const document& library : environment->find("shared_libraries")->items) {
        is_found = is_found || library.find("name")->text.find(linked) != std::string::npos;
    }
    BOOST_TEST(is_found);
    BOOST_TEST(environment_differences(*environment, build_environment()).empty());
}

BOOST_AUTO_TEST_SUITE_END()
