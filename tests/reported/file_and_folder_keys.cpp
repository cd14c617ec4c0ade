// SPDX-License-Identifier: MIT
/// \file `loss` beside `loss/train` cannot both be a file, and the error came late and obscure.
#include <boost/test/unit_test.hpp>

#include "scratch_directory.hpp"

BOOST_AUTO_TEST_SUITE(file_and_folder_keys)

BOOST_AUTO_TEST_CASE(the_second_key_is_refused_by_name) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
    run.log_metric("loss", 1, 0);
    run.log_metric("loss/train", 1, 0);
    run.log_metric("acc/val", 1, 0);
    run.log_metric("acc", 1, 0);
    run.log_param("opt", "adam");
    run.log_param("opt/lr", 1);
    run.log_param("net/depth", 1);
    run.log_param("net", "deep");
    run.set_tag("a", "b");
    run.set_tag("a/b", "c");
    BOOST_TEST(log.count(mlscribe::error_code::key_clash) == 5u);
    BOOST_TEST(log.tells({"\"loss/train\"", "\"loss\""}));
    BOOST_TEST(log.tells({"\"acc\"", "\"acc/val\""}));
    run.end();
    const std::string folder = test::folder(scratch, run);
    BOOST_TEST(test::points(folder, "loss").size() == 1u);
    BOOST_TEST(test::points(folder, "acc/val").size() == 1u);
    BOOST_TEST(test::read_file(folder + "/params/opt") == "adam");
    BOOST_TEST(test::read_file(folder + "/params/net/depth") == "1");
    BOOST_TEST(run.lost_points() == 2u);
}

BOOST_AUTO_TEST_CASE(seen_on_disk_after_a_resume) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
    run.log_metric("loss", 1, 0);
    run.log_metric("acc/val", 1, 0);
    run.end();
    run = mlscribe::resume_run(std::string(run.id()), test::resuming(scratch, log));
    run.metric("loss/train");
    run.metric("acc");
    BOOST_TEST(log.count(mlscribe::error_code::key_clash) == 2u);
}

BOOST_AUTO_TEST_CASE(mapped_on_request) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run_options options = test::options(scratch, log);
    options.keys = mlscribe::sanitize::map;
    mlscribe::run run = mlscribe::start_run(options);
    for (const char* key : {"loss", "loss/train", "acc/val", "acc"}) run.log_metric(key, 1, 0);
    run.end();
    BOOST_TEST(run.lost_points() == 0u);
    BOOST_TEST(
        test::tree(test::folder(scratch, run) + "/metrics") ==
            (std::vector<std::string>{"acc/", "acc/val", "acc_x_", "loss", "loss_x2F_train"}),
        boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
