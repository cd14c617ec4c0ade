// SPDX-License-Identifier: MIT
/// \file Names, keys and values that MLflow does not take: one clear message, and nothing else
/// lost.
#include <boost/test/unit_test.hpp>

#include <limits>
#include <string>

#include "scratch_directory.hpp"

using mlscribe::error_code;

BOOST_AUTO_TEST_SUITE(bad_input)

BOOST_AUTO_TEST_CASE(an_experiment_name_that_cannot_be_found_again) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run_options options = test::options(scratch, log);
    options.experiment = "it's";
    mlscribe::run run = mlscribe::start_run(options);
    BOOST_TEST(!run.recording());
    BOOST_TEST(log.all().size() == 1u);
    BOOST_TEST(
        log.tells({"experiment name \"it's\"", "leave the apostrophe out", "nothing is recorded"}));
}

BOOST_AUTO_TEST_CASE(the_name_of_a_deleted_experiment) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
    const std::string id(run.experiment_id());
    run.end();
    BOOST_TEST(mlscribe::client(scratch.store()).delete_experiment(id));
    const auto before = test::tree(scratch.store());
    BOOST_TEST(!mlscribe::start_run(test::options(scratch, log)).recording());
    BOOST_TEST(log.all().size() == 1u);
    BOOST_TEST(log.tells({"experiment \"test\" (id " + id + ") is deleted", "restore it"}));
    BOOST_TEST(test::tree(scratch.store()) == before, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(keys_and_values_in_the_middle_of_good_ones) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
    const std::string folder = test::folder(scratch, run);
    run.log_param("first", 1);
    run.log_param("two\nlines", 1);
    run.log_param("long", std::string(20000, 'x'));
    run.log_param("bytes", std::string(7000, '\xFF'));
    run.log_param("last", 1);
    run.log_metric("loss", 1.0, 0);
    run.log_metric("two\nlines", 1.0, 0);
    run.log_metric("loss", 1.0, -1);
    run.log_metric("loss", 1.0, std::numeric_limits<std::uint64_t>::max());
    run.log_metric("loss", 1.0, 1, mlscribe::timestamp{-1});
    run.log_metric("loss", 1.0, 1);
    run.set_tag("two\nlines", "x");
    run.set_tag("good", "x");
    run.end();
    BOOST_TEST(log.count(error_code::invalid_key) == 3u);
    BOOST_TEST(log.count(error_code::value_truncated) == 2u);
    BOOST_TEST(log.count(error_code::invalid_value) == 3u);
    BOOST_TEST(log.count(error_code::points_lost) == 1u);  // the sum, at the end
    BOOST_TEST(log.all().size() == 9u);
    BOOST_TEST(log.tells({"\"two\\nlines\"", "'\\n' is not allowed by MLflow"}));
    BOOST_TEST(log.tells({"\"loss\"", "negative step"}));
    for (const std::string key : {"first", "last"}) {
        BOOST_TEST(test::read_file(folder + "/params/" + key) == "1");
    }
    BOOST_TEST(
        (test::read_file(folder + "/artifacts/params_full/long.txt") == std::string(20000, 'x')));
    BOOST_TEST(test::read_file(folder + "/artifacts/params_full/bytes.txt").size() == 21000u);
    BOOST_TEST(test::steps(folder, "loss").size() == 2u);
    BOOST_TEST(run.lost_points() == 4u);
    BOOST_TEST(test::read_file(folder + "/tags/mlscribe.lost_points") == "4");
    BOOST_TEST(test::read_file(folder + "/tags/good") == "x");
}

BOOST_AUTO_TEST_CASE(one_bad_member_of_a_map_does_not_stop_the_others) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
    run.log_params(std::map<std::string, int>{{"a", 1}, {"b@", 2}, {"c", 3}});
    run.set_tags({{"a", "1"}, {"b@", "2"}, {"c", "3"}});
    run.log_metrics({{"a", 1.0}, {"b@", 2.0}, {"c", 3.0}});
    run.end();
    const std::string folder = test::folder(scratch, run);
    BOOST_TEST(log.count(error_code::invalid_key) == 3u);
    for (const std::string path : {"/params/c", "/tags/c", "/metrics/c"}) {
        BOOST_TEST(test::exists(folder + path));
    }
}

BOOST_AUTO_TEST_CASE(ids_that_are_none) {
    const test::scratch_directory scratch;
    for (const std::string id : {"../x", "a b", "tags", "_"}) {
        test::error_log log;
        mlscribe::run_options options = test::options(scratch, log);
        options.run_id = id;
        BOOST_TEST(!mlscribe::start_run(options).recording());
        BOOST_TEST(log.tells({"run id \"" + id + '"', "nothing is recorded"}));
        options.run_id.clear();
        options.experiment_id = id;
        BOOST_TEST(!mlscribe::start_run(options).recording());
        BOOST_TEST(log.all().size() == 2u);
    }
}

BOOST_AUTO_TEST_SUITE_END()
