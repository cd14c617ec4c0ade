// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/run/start_run.hpp>

#include <unistd.h>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "child_process.hpp"
#include "environment.hpp"
#include "scratch_directory.hpp"

using mlscribe::detail::choices_of;
using mlscribe::detail::logging_choices;
using std::chrono::milliseconds;

BOOST_AUTO_TEST_SUITE(run_start_run)

BOOST_AUTO_TEST_CASE(every_option_is_seen_in_the_run) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run_options options = test::options(scratch, log);
    options.run_id = "job1234_0";
    options.run_name = "named";
    options.parent_run_id = "parent";
    options.description = "**bold**";
    options.tags = {{"team", "hpc"}};
    mlscribe::run run = mlscribe::start_run(options);
    BOOST_TEST(run.id() == "job1234_0");
    const std::string folder = test::folder(scratch, run);
    BOOST_TEST(test::read_file(folder + "/tags/team") == "hpc");
    BOOST_TEST(test::read_file(folder + "/tags/mlflow.parentRunId") == "parent");
    BOOST_TEST(test::read_file(folder + "/tags/mlflow.note.content") == "**bold**");
    BOOST_TEST(test::meta(folder, "run_name") == "named");
    BOOST_TEST(log.all().empty());
}

BOOST_AUTO_TEST_CASE(resumed_by_its_id) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
    const std::string folder = test::folder(scratch, run);
    const std::string id(run.id());
    run.log_metric("loss", 1.0);
    run.end(mlscribe::run_status::failed);
    const std::string start = test::meta(folder, "start_time");
    // git and object stores drop empty directories.
    std::filesystem::remove(folder + "/params");
    std::filesystem::remove(folder + "/artifacts");
    mlscribe::resume_options options = test::resuming(scratch, log);
    options.tags = {{"resumed", "yes"}};
    run = mlscribe::resume_run(id, options);
    BOOST_TEST(run.id() == id);
    BOOST_TEST(test::meta(folder, "status") == "1");
    BOOST_TEST(test::meta(folder, "end_time") == "null");
    BOOST_TEST(test::read_file(folder + "/tags/resumed") == "yes");
    BOOST_TEST(test::exists(folder + "/params"));
    BOOST_TEST(test::exists(folder + "/artifacts"));
    run.log_metric("loss", 1.0);
    run.end();
    BOOST_TEST(test::meta(folder, "status") == "3");
    BOOST_TEST(test::meta(folder, "start_time") == start);
    const std::vector<std::int64_t> expected = {0, 1};
    BOOST_TEST(test::steps(folder, "loss") == expected, boost::test_tools::per_element());
    BOOST_TEST(log.all().empty());
}

BOOST_AUTO_TEST_CASE(steps_go_on_behind_the_highest_one) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
    const std::string folder = test::folder(scratch, run);
    // By several copies of a handle the last row need not have the highest step.
    run.log_metric("loss", 1.0, 40, mlscribe::timestamp{1700000000000});
    run.log_metric("loss", 1.0, 12, mlscribe::timestamp{1700000000001});
    run.end();
    run = mlscribe::resume_run(std::string(run.id()), test::resuming(scratch, log));
    run.log_metric("loss", 1.0);
    run.end();
    const std::vector<std::int64_t> expected = {40, 12, 41};
    BOOST_TEST(test::steps(folder, "loss") == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(added_to_without_touching_its_status) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
    const std::string folder = test::folder(scratch, run);
    run.end(mlscribe::run_status::failed);
    const std::string meta = test::read_file(folder + "/meta.yaml");
    mlscribe::resume_options options = test::resuming(scratch, log);
    options.keep_status = true;
    {
        mlscribe::run again = mlscribe::resume_run(std::string(run.id()), options);
        BOOST_TEST(again.recording());
        again.log_metric("test/accuracy", 0.9);
        BOOST_TEST(test::read_file(folder + "/meta.yaml") == meta);
    }
    BOOST_TEST(test::read_file(folder + "/meta.yaml") == meta);
    BOOST_TEST(test::points(folder, "test/accuracy").size() == 1u);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_resumed_records_nothing) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run whole = mlscribe::start_run(test::options(scratch, log));
    whole.end();
    const std::string folder = test::folder(scratch, whole);
    const auto codes = [&](const std::string& id) {
        test::error_log own;
        mlscribe::resume_options options = test::resuming(scratch, own);
        mlscribe::run run = mlscribe::resume_run(id, options);
        BOOST_TEST(!run.recording());
        run.log_metric("loss", 1.0);
        BOOST_TEST(own.tells({"nothing is recorded"}));
        return own.all().at(0).code;
    };
    using mlscribe::error_code;
    BOOST_TEST((codes("absent") == error_code::not_found));
    BOOST_TEST((codes("../0") == error_code::invalid_value));
    BOOST_TEST((codes("") == error_code::invalid_value));
    const std::string meta = test::read_file(folder + "/meta.yaml");
    test::write_file(folder + "/meta.yaml", meta.substr(0, 40));
    BOOST_TEST((codes(std::string(whole.id())) == error_code::damaged));
    BOOST_TEST(test::read_file(folder + "/meta.yaml") == meta.substr(0, 40));
}

BOOST_AUTO_TEST_CASE(the_environment_chooses_how_points_are_written) {
    const test::variable no_drain("MLSCRIBE_DRAIN", nullptr);
    const test::variable no_interval("MLSCRIBE_FLUSH_MS", nullptr);
    mlscribe::run_options options;
    BOOST_TEST((choices_of(options).drain == mlscribe::drain_mode::thread));
    BOOST_TEST(choices_of(options).flush_interval.count() == 1000);
    options.flush_interval = milliseconds(-5);
    BOOST_TEST(choices_of(options).flush_interval.count() > 0);
    const test::variable drain("MLSCRIBE_DRAIN", "inline");
    {
        const test::variable interval("MLSCRIBE_FLUSH_MS", "250");
        const logging_choices choices = choices_of(options);
        BOOST_TEST((choices.drain == mlscribe::drain_mode::inline_));
        BOOST_TEST(choices.flush_interval.count() == 250);
    }
    for (const char* bad : {"", "x", "-7", "0", "25x", "9e9"}) {
        const test::variable interval("MLSCRIBE_FLUSH_MS", bad);
        options.flush_interval = milliseconds(70);
        BOOST_TEST(choices_of(options).flush_interval.count() == 70);
    }
}

BOOST_AUTO_TEST_CASE(a_misspelt_switch_is_told) {
    const std::pair<const char*, const char*> misspelt[] = {
        {"MLSCRIBE_MODE", "disable"},  {"MLSCRIBE_RANKS", "all"},
        {"MLSCRIBE_DRAIN", "in-line"}, {"MLSCRIBE_SIGNALS", "yes"},
        {"MLSCRIBE_PROGRESS", "off"},  {"MLSCRIBE_FLUSH_MS", "100abc"}};
    for (const auto& [name, value] : misspelt) {
        const test::scratch_directory scratch;
        test::error_log log;
        const test::variable set(name, value);
        mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
        BOOST_TEST(run.recording());
        BOOST_REQUIRE_MESSAGE(log.all().size() == 1u, name);
        const std::string told = log.all()[0].message;
        BOOST_TEST(told.find(std::string(name) + " is \"" + value + '"') == 0u, told);
    }
}

BOOST_AUTO_TEST_CASE(without_a_thread_points_still_reach_the_disk) {
    for (const auto interval : {milliseconds(20), milliseconds(1000 * 3600)}) {
        const test::scratch_directory scratch;
        test::error_log log;
        mlscribe::run_options options = test::options(scratch, log);
        options.drain = mlscribe::drain_mode::inline_;
        options.flush_interval = interval;
        mlscribe::run run = mlscribe::start_run(options);
        const std::string folder = test::folder(scratch, run);
        run.log_metric("loss", 1.0);
        ::usleep(60 * 1000);
        run.log_metric("loss", 1.0);
        // Which of them writes is the interval's choice, not the machine's.
        if (interval == milliseconds(20)) {
            BOOST_TEST(test::points(folder, "loss").size() == 2u);
        } else {
            BOOST_TEST(!test::exists(folder + "/metrics/loss"));
        }
        run.log_metric("loss", 1.0);
        run.end();
        BOOST_TEST(test::points(folder, "loss").size() == 3u);
    }
}

BOOST_AUTO_TEST_CASE(an_experiment_that_was_deleted_in_place_takes_no_run) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run_options options = test::options(scratch, log);
    options.experiment_id = std::string(mlscribe::start_run(options).experiment_id());
    options.experiment.clear();
    const std::string path = scratch.store() + '/' + options.experiment_id + "/meta.yaml";
    std::string meta = test::read_file(path);
    const std::size_t at = meta.find("lifecycle_stage: active");
    BOOST_REQUIRE(at != std::string::npos);
    test::write_file(path, meta.replace(at, 23, "lifecycle_stage: deleted"));
    BOOST_TEST(!mlscribe::start_run(options).recording());
    BOOST_TEST(log.count(mlscribe::error_code::deleted) == 1u);
    BOOST_TEST(log.tells({"is deleted; restore it"}));
}

BOOST_AUTO_TEST_CASE(more_runs_than_end_with_their_process_are_told) {
    const std::string told = test::in_child([] {
        const test::scratch_directory scratch;
        test::error_log log;
        mlscribe::run_options options = test::options(scratch, log);
        options.signals = mlscribe::on_signal::end_run;
        options.source_tags = false;
        std::vector<mlscribe::run> runs;
        while (runs.size() != 256) runs.push_back(mlscribe::start_run(options));
        if (!log.all().empty()) return log.all()[0].message;
        runs.push_back(mlscribe::start_run(options));
        const bool records = runs.back().recording();
        const auto all = log.all();
        return std::string(records ? "records; " : "") + (all.empty() ? "" : all[0].message);
    });
    BOOST_TEST(told.find("records; ") == 0u, told);
    BOOST_TEST(told.find("256 open runs end with their process already") != std::string::npos,
               told);
}

BOOST_AUTO_TEST_SUITE_END()
