// SPDX-License-Identifier: MIT
/// \file A run that was renamed, tagged or described in the UI lost that when the program ended it.
#include <boost/test/unit_test.hpp>

#include <string>

#include "scratch_directory.hpp"

BOOST_AUTO_TEST_SUITE(rename_while_open)

BOOST_AUTO_TEST_CASE(keeps_what_the_ui_wrote) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
    const std::string folder = test::folder(scratch, run);
    run.log_metric("loss", 1.0);
    // MLflow rewrites both files in place, and may know keys that this library does not.
    std::string meta = test::read_file(folder + "/meta.yaml");
    const std::string name = "run_name: run\n";
    BOOST_REQUIRE(meta.find(name) != std::string::npos);
    meta.replace(meta.find(name), name.size(), "run_name: 'renamed: in the UI'\n");
    test::write_file(folder + "/meta.yaml", "a_later_key: {a: 1}\n" + meta);
    test::write_file(folder + "/tags/mlflow.runName", "renamed: in the UI");
    test::write_file(folder + "/tags/note", "x");
    run.log_param("lr", 0.1);
    run.end();
    BOOST_TEST(test::meta(folder, "run_name") == "renamed: in the UI");
    BOOST_TEST(test::meta(folder, "status") == "3");
    BOOST_TEST(test::meta(folder, "end_time").size() == 13u);
    BOOST_TEST(test::meta(folder, "a_later_key") != "(missing)");
    BOOST_TEST(test::read_file(folder + "/tags/mlflow.runName") == "renamed: in the UI");
    BOOST_TEST(test::read_file(folder + "/tags/note") == "x");
    BOOST_TEST(log.all().empty());
}

BOOST_AUTO_TEST_CASE(keeps_it_deleted_when_the_ui_deleted_it) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
    const std::string folder = test::folder(scratch, run);
    BOOST_TEST(mlscribe::client(scratch.store()).delete_run(std::string(run.id())));
    run.log_metric("loss", 1.0);
    run.end();
    BOOST_TEST(test::meta(folder, "lifecycle_stage") == "deleted");
    BOOST_TEST(test::meta(folder, "deleted_time").size() == 13u);
    BOOST_TEST(test::points(folder, "loss").size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_file_that_is_half_written_meanwhile_is_not_replaced) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
    const std::string folder = test::folder(scratch, run);
    const std::string half = "artifact_uri: file:///x\nend_ti";
    test::write_file(folder + "/meta.yaml", half);
    run.end();
    BOOST_TEST(log.count(mlscribe::error_code::damaged) == 1u);
    BOOST_TEST(test::read_file(folder + "/meta.yaml") == half);
}

BOOST_AUTO_TEST_SUITE_END()
