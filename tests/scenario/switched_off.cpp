// SPDX-License-Identifier: MIT
/// \file MLSCRIBE_MODE=disabled: the loop runs as ever and the disk is not touched.
#include <boost/test/unit_test.hpp>

#include <mlscribe/figure.hpp>
#include <mlscribe/hpc.hpp>
#include <mlscribe/monitor.hpp>
#include <mlscribe/report/log_report.hpp>

#include <signal.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "child_process.hpp"
#include "environment.hpp"
#include "scratch_directory.hpp"

namespace {

using steps_seen = std::vector<std::int64_t>;

/// Two epochs of three steps, with every kind of call.
steps_seen train(mlscribe::run& run) {
    steps_seen seen;
    auto loss = run.metric<mlscribe::mean>("loss");
    auto accuracy = run.metric("accuracy");
    for (auto epoch : run.epochs(2)) {
        seen.push_back(epoch);
        for (auto step : run.steps(3)) {
            seen.push_back(step);
            loss.add(1.0);
        }
        accuracy.log(0.5);
        run.log_metric("by name", 1.0, 7);
    }
    run.log_param("an illegal key @", 1);
    run.set_tag("@", "value");
    run.log_artifact("missing");
    run.log_artifacts("missing");
    run.log_text("text", "../outside");
    run.log_array(std::vector<std::vector<int>>{{1}, {2, 3}}, "weights");
    run.log_table(std::vector<std::pair<std::string, steps_seen>>{{"seen", seen}}, "../outside");
    run.log_histogram("seen", seen, -1);
    run.capture_output();
    const auto watch = mlscribe::monitor_system(run);
    run.log_report("../outside.html");
    run.log_figure(mlscribe::figure().line({1, 2}, {1}), "chart.png");
    run.log_input(mlscribe::dataset_of_file("missing"));
    run.log_model("model", std::vector<double>{1.0, 2.0});
    run.flush();
    return seen;
}

void check_nothing(const mlscribe::run& run) {
    BOOST_TEST(run.id() == "");
    BOOST_TEST(run.experiment_id() == "");
    BOOST_TEST(run.artifact_uri() == "");
    BOOST_TEST(!run.recording());
    BOOST_TEST(run.lost_points() == 0u);
}

mlscribe::run_options strict(const test::scratch_directory& scratch, test::error_log& log) {
    mlscribe::run_options options = test::options(scratch, log);
    options.errors = mlscribe::strictness::raise;
    return options;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(switched_off)

BOOST_AUTO_TEST_CASE(loops_run_and_nothing_is_written_or_said) {
    const test::variable mode("MLSCRIBE_MODE", "disabled");
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(strict(scratch, log));
    mlscribe::run child = run.start_child("child");
    mlscribe::run_options options;
    options.run_id = "../illegal";
    mlscribe::run other = run.start_child(options);
    mlscribe::run resumed = mlscribe::resume_run("missing");
    const test::variable id("MLSCRIBE_RUN_ID_FILE", (scratch / "id").c_str());
    mlscribe::run of_job =
        mlscribe::start_job_run(strict(scratch, log), mlscribe::from_last_checkpoint{});
    for (mlscribe::run* each : {&run, &child, &other, &resumed, &of_job}) {
        const steps_seen expected = {0, 0, 1, 2, 1, 3, 4, 5};
        BOOST_TEST(train(*each) == expected, boost::test_tools::per_element());
        check_nothing(*each);
        each->end(mlscribe::run_status::failed);
    }
    BOOST_TEST(log.all().empty());
    BOOST_TEST(test::tree(scratch.path()).empty());
}

BOOST_AUTO_TEST_CASE(the_client_says_no) {
    const test::scratch_directory scratch;
    const std::string id = mlscribe::client(scratch.store()).create_experiment("kept");
    const auto before = test::tree(scratch.path());
    const test::variable mode("MLSCRIBE_MODE", "disabled");
    mlscribe::client client(scratch.store(), mlscribe::strictness::raise);
    BOOST_TEST(!client.get_experiment_by_name("kept"));
    BOOST_TEST(client.create_experiment("new") == "");
    BOOST_TEST(!client.set_experiment_tag(id, "key", "value"));
    BOOST_TEST(!client.set_experiment_description(id, "text"));
    BOOST_TEST(!client.rename_experiment(id, "it's"));
    BOOST_TEST(!client.delete_experiment("0"));
    BOOST_TEST(!client.delete_experiment(id));
    BOOST_TEST(!client.restore_experiment(id));
    BOOST_TEST(!client.delete_run("run"));
    BOOST_TEST(!client.restore_run("run"));
    BOOST_TEST(test::tree(scratch.path()) == before, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(nothing_is_recovered) {
    const test::scratch_directory scratch;
    const std::string killed = test::in_child([&] {
        test::error_log log;
        mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
        run.log_metric("loss", 1.0);
        ::raise(SIGKILL);
        return std::string();
    });
    BOOST_TEST(killed == "signal 9");
    const auto before = test::tree(scratch.path());
    mlscribe::recover_options options;
    options.errors = mlscribe::strictness::raise;
    {
        const test::variable mode("MLSCRIBE_MODE", "disabled");
        const mlscribe::recovery done = mlscribe::recover(scratch.store(), options);
        BOOST_TEST(done.points == 0u);
        BOOST_TEST(done.runs.empty());
        mlscribe::recover("s3://bucket", options);
        BOOST_TEST(test::tree(scratch.path()) == before, boost::test_tools::per_element());
    }
    BOOST_TEST(mlscribe::recover(scratch.store(), options).points == 1u);
}

BOOST_AUTO_TEST_CASE(a_misspelt_switch_is_told_and_the_run_recorded) {
    const test::variable mode("MLSCRIBE_MODE", "Disabled");
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
    BOOST_TEST(run.recording());
    BOOST_REQUIRE(log.all().size() == 1u);
    BOOST_TEST(log.all()[0].message ==
               "MLSCRIBE_MODE is \"Disabled\"; it may be \"enabled\" or \"disabled\"");
    const test::variable corrected("MLSCRIBE_MODE", "enabled");
    BOOST_TEST(run.start_child("child").recording());
    BOOST_TEST(log.all().size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
