// SPDX-License-Identifier: MIT
/// \file Params with line breaks, no text, bad bytes or 20 000 characters hid runs or stopped jobs,
/// and a value that changed on a restart stopped the restart.
#include <boost/test/unit_test.hpp>

#include "scratch_directory.hpp"

BOOST_AUTO_TEST_SUITE(param_values)

BOOST_AUTO_TEST_CASE(text_is_kept_byte_by_byte) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
    const std::vector<std::string> values = {
        "hello\nworld", "a\n", "", "  lead trail  ", "tab\there", "a\r\nb", "\xF0\x9F\x98\x80"};
    for (std::size_t i = 0; i < values.size(); ++i) {
        run.log_param("p" + std::to_string(i), values[i]);
        run.log_param("p" + std::to_string(i), values[i]);  // an equal value is no change
    }
    const std::string folder = test::folder(scratch, run);
    for (std::size_t i = 0; i < values.size(); ++i) {
        BOOST_TEST(test::read_file(folder + "/params/p" + std::to_string(i)) == values[i]);
    }
    BOOST_TEST(log.all().empty());
}

BOOST_AUTO_TEST_CASE(long_values_are_cut_and_kept_whole_as_an_artifact) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
    const std::string folder = test::folder(scratch, run);
    std::string umlauts;
    for (int i = 0; i < 6000; ++i) umlauts += "ü";
    run.log_param("exact", std::string(6000, 'a'));
    run.log_param("exact_umlauts", umlauts);
    BOOST_TEST(log.all().empty());
    run.log_param("one_more", std::string(6001, 'a'));
    run.log_param("long", std::string(20000, 'b'));
    run.log_param("long_umlauts", umlauts + umlauts);
    BOOST_TEST(log.count(mlscribe::error_code::value_truncated) == 3u);
    BOOST_TEST(log.tells({"param \"long\"", "6000", "params_full/long.txt"}));
    BOOST_TEST(test::read_file(folder + "/params/exact") == std::string(6000, 'a'));
    BOOST_TEST(test::read_file(folder + "/params/exact_umlauts") == umlauts);
    for (const std::string key : {"one_more", "long", "long_umlauts"}) {
        const std::string stored = test::read_file(folder + "/params/" + key);
        BOOST_TEST(mlscribe::utf8::is_valid(stored));
        BOOST_TEST(mlscribe::utf8::length(stored) == 6000u);
        BOOST_TEST(stored.find("params_full/" + key + ".txt") != std::string::npos);
    }
    BOOST_TEST(test::read_file(folder + "/artifacts/params_full/long.txt") ==
               std::string(20000, 'b'));
    run.log_param("long", std::string(20000, 'b'));
    BOOST_TEST(log.count(mlscribe::error_code::value_changed) == 0u);
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_utf8_are_made_valid) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run_options options = test::options(scratch, log);
    options.run_name = "J\xFCrgen";
    options.description = "caf\xE9";
    options.tags = {{"path", "/home/J\xFCrgen"}};
    mlscribe::run run = mlscribe::start_run(options);
    run.log_param("path", "/home/J\xFCrgen");
    const std::string folder = test::folder(scratch, run);
    BOOST_TEST(test::read_file(folder + "/params/path") == "/home/J\xEF\xBF\xBDrgen");
    BOOST_TEST(test::read_file(folder + "/tags/path") == "/home/J\xEF\xBF\xBDrgen");
    BOOST_TEST(test::read_file(folder + "/tags/mlflow.note.content") == "caf\xEF\xBF\xBD");
    BOOST_TEST(test::meta(folder, "run_name") == "J\xEF\xBF\xBDrgen");
}

BOOST_AUTO_TEST_CASE(a_changed_value_is_reported_and_recorded) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
    run.log_param("lr", 0.1);
    run.end(mlscribe::run_status::killed);
    run = mlscribe::resume_run(std::string(run.id()), test::resuming(scratch, log));
    run.log_param("lr", 0.1);
    BOOST_TEST(log.all().empty());
    run.log_param("lr", 0.05);
    run.log_param("new", 1);
    BOOST_TEST(log.tells({"param \"lr\"", "\"0.1\"", "\"0.05\"", "another key"}));
    const std::string folder = test::folder(scratch, run);
    BOOST_TEST(test::read_file(folder + "/params/lr") == "0.1");
    BOOST_TEST(test::read_file(folder + "/params/new") == "1");
    BOOST_TEST(test::read_file(folder + "/tags/mlscribe.changed_param.lr") == "0.05");
}

BOOST_AUTO_TEST_SUITE_END()
