// SPDX-License-Identifier: MIT
/// \file Keys such as `recall@5` stopped training hours in, or hid the experiment once on disk.
#include <boost/test/unit_test.hpp>

#include <set>

#include "scratch_directory.hpp"

BOOST_AUTO_TEST_SUITE(illegal_keys)

BOOST_AUTO_TEST_CASE(refused_when_the_handle_is_made) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
    std::size_t seen = 0;
    for (const std::string key :
         {"recall@5", "lr(enc)", "acc%", "a,b", "a[0]", "", "/abs", "x/", "a//b", "./x", "a/../b",
          "..", "a/..", "a\\b", "loss\n", "tab\there"}) {
        mlscribe::metric_handle handle = run.metric(key);
        BOOST_TEST(log.count(mlscribe::error_code::invalid_key) == ++seen, "key " << key);
        handle.log(1.0);
        run.log_metric(key, 1.0);
        run.log_param(key, 1);
        run.set_tag(key, "x");
        seen += 2;
    }
    BOOST_TEST(log.tells({"metric key \"recall@5\"", "'@' is not allowed", "sanitize::map"}));
    BOOST_TEST(log.tells({"metric key \"loss\\n\""}));
    run.end();
    BOOST_TEST(run.lost_points() == 32u);
    const std::string folder = test::folder(scratch, run);
    BOOST_TEST(test::tree(folder + "/metrics").empty());
    BOOST_TEST(test::tree(folder + "/params").empty());
    BOOST_TEST(test::tree(scratch.path()).front() == "mlruns/");
    BOOST_TEST(test::read_file(folder + "/tags/mlscribe.lost_points") == "32");
}

BOOST_AUTO_TEST_CASE(mapped_on_request) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run_options options = test::options(scratch, log);
    options.keys = mlscribe::sanitize::map;
    mlscribe::run run = mlscribe::start_run(options);
    std::set<std::string> names;
    const std::vector<std::string> keys = {"a@b", "a%b",  "recall@5", "lr(enc)", "",         "/abs",
                                           "x/",  "a//b", "..",       "loss\n",  "legal/key"};
    for (const std::string& key : keys) {
        mlscribe::metric_handle handle = run.metric(key);
        names.insert(std::string(handle.key()));
        handle.log(1.0, 0);
        run.log_param(key, 1);
        run.set_tag(key, "x");
    }
    run.end();
    BOOST_TEST(names.size() == keys.size());
    BOOST_TEST(run.lost_points() == 0u);
    BOOST_TEST(log.all().empty());
    const std::string folder = test::folder(scratch, run);
    for (const std::string& name : names) {
        BOOST_TEST(!mlscribe::key_problem(mlscribe::key_kind::metric, name));
        BOOST_TEST(test::points(folder, name).size() == 1u);
    }
    BOOST_TEST(names.count("legal/key") == 1u);
    const std::string mapped = mlscribe::sanitized_key("recall@5");
    BOOST_TEST(test::read_file(folder + "/tags/mlscribe.key." + mapped) == "recall@5");
}

BOOST_AUTO_TEST_CASE(letters_of_any_script_are_legal) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
    run.log_metric("lr:encoder", 0.1, 0);
    run.log_param("größe", 1);
    run.log_metric("損失", 1, 0);
    run.end();
    BOOST_TEST(log.all().empty());
    run = mlscribe::start_run(test::options(scratch, log));
    run.metric("e\xCC\x81");         // a combining accent
    run.metric("\xF0\x9F\x98\x80");  // an emoji
    std::string long_part;
    for (int i = 0; i < 100; ++i) long_part += "損";  // 300 bytes: no file system takes it
    run.metric(long_part);
    run.metric(std::string(251, 'k'));
    BOOST_TEST(log.count(mlscribe::error_code::invalid_key) == 4u);
}

BOOST_AUTO_TEST_SUITE_END()
