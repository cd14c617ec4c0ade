// SPDX-License-Identifier: MIT
/// \file A run named `yes` or `2024-01-01`, or a user 1001, came back as another type or not at
/// all.
#include <boost/test/unit_test.hpp>

#include <cstdlib>

#include "scratch_directory.hpp"

BOOST_AUTO_TEST_SUITE(names_that_yaml_misreads)

BOOST_AUTO_TEST_CASE(are_strings_in_meta_yaml) {
    const char* const before = std::getenv("LOGNAME");
    const std::string kept = before == nullptr ? "" : before;
    ::setenv("LOGNAME", "1001", 1);
    for (const std::string name :
         {"yes", "1.0", "2024-01-01", "a: b", "- x", "*a", "null", "日本語", "it's", "~", "0x1F",
          "1:30", "line\nbreak", "\"quoted\""}) {
        const test::scratch_directory scratch;
        test::error_log log;
        mlscribe::run_options options = test::options(scratch, log);
        options.run_name = name;
        options.run_id = "12345678901234567890123456789012";
        options.experiment = name == "it's" ? "its" : name;
        mlscribe::run run = mlscribe::start_run(options);
        const std::string folder = test::folder(scratch, run);
        const auto document =
            mlscribe::meta_document::parse(test::read_file(folder + "/meta.yaml"));
        BOOST_REQUIRE(document);
        for (const auto& expected : {std::pair<std::string, std::string>{"run_name", name},
                                     {"user_id", "1001"},
                                     {"run_id", options.run_id},
                                     {"experiment_id", std::string(run.experiment_id())}}) {
            const mlscribe::yaml_value* const value = document->find(expected.first);
            BOOST_REQUIRE(value != nullptr);
            BOOST_TEST((value->type == mlscribe::yaml_value::kind::string));
            BOOST_TEST(!value->date);
            BOOST_TEST(value->text == expected.second);
        }
        BOOST_TEST(test::meta(folder + "/..", "name") == options.experiment);
    }
    if (before != nullptr) {
        ::setenv("LOGNAME", kept.c_str(), 1);
    } else {
        ::unsetenv("LOGNAME");
    }
}

BOOST_AUTO_TEST_CASE(no_name_gives_a_readable_one) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run_options options = test::options(scratch, log);
    options.run_name.clear();
    mlscribe::run first = mlscribe::start_run(options);
    mlscribe::run second = mlscribe::start_run(options);
    const std::string name = test::meta(test::folder(scratch, first), "run_name");
    BOOST_TEST(std::count(name.begin(), name.end(), '-') == 2);
    BOOST_TEST(name.size() <= 20u);
    BOOST_TEST(test::read_file(test::folder(scratch, first) + "/tags/mlflow.runName") == name);
    BOOST_TEST(name != test::meta(test::folder(scratch, second), "run_name"));
}

BOOST_AUTO_TEST_SUITE_END()
