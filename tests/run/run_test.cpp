// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/run/run.hpp>
#include <mlscribe/run/start_run.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "scratch_directory.hpp"

using mlscribe::run;

namespace {

struct optimiser {
    std::string name = "adam";
    double rate = 0.001;
};
struct settings {
    optimiser opt;
    int epochs = 3;
};

MLSCRIBE_DESCRIBE(optimiser, name, rate)
MLSCRIBE_DESCRIBE(settings, opt, epochs)

struct started {
    test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
    std::string folder = test::folder(scratch, run);

    std::string text(const std::string& path) const { return test::read_file(folder + '/' + path); }
    std::vector<mlscribe::point> points(const std::string& key) {
        run.flush();
        return test::points(folder, key);
    }
    void expect_steps(const std::string& key, const std::vector<std::int64_t>& expected) {
        run.flush();
        BOOST_TEST(test::steps(folder, key) == expected, boost::test_tools::per_element());
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(run_run)

BOOST_AUTO_TEST_CASE(a_default_made_one_does_nothing) {
    run none;
    BOOST_TEST(none.id().empty());
    BOOST_TEST(none.experiment_id().empty());
    BOOST_TEST(none.artifact_uri().empty());
    BOOST_TEST(!none.recording());
    none.log_param("a", 1);
    none.log_params(std::map<std::string, int>{{"a", 1}});
    none.metric("a@b").log(1.0);
    none.metric<mlscribe::mean>("a@b").add(1.0);
    none.log_metric("a", 1.0, -1);
    none.log_metrics({{"a", 1.0}});
    none.log_series("a", std::vector<double>{1.0});
    none.set_tag("a", "b");
    none.set_tags({{"a", "b"}});
    none.log_artifact("/nowhere");
    none.log_artifacts("/nowhere");
    none.log_text("a", "/nowhere");
    BOOST_TEST(!none.start_child("child").recording());
    int passes = 0;
    for (auto epoch : none.epochs(3)) passes += epoch < 3 ? 1 : 0;
    for (auto step : none.steps(3)) passes += step < 3 ? 1 : 0;
    BOOST_TEST(passes == 6);
    none.flush();
    none.end();
    BOOST_TEST(none.lost_points() == 0u);
}

BOOST_FIXTURE_TEST_CASE(knows_who_and_where_it_is, started) {
    BOOST_TEST(run.recording());
    BOOST_TEST(run.id().size() == 32u);
    BOOST_TEST(run.experiment_id().size() == 18u);
    BOOST_TEST(run.artifact_uri() == "file://" + folder + "/artifacts");
    run.end();
    BOOST_TEST(!run.recording());
    BOOST_TEST(run.id().size() == 32u);
}

BOOST_FIXTURE_TEST_CASE(params_of_values_structs_and_maps, started) {
    run.log_param("flag", true);
    run.log_param("text", "plain");
    run.log_params(settings{});
    run.log_params(optimiser{}, "second");
    run.log_params(optimiser{}, "third", '/');
    run.log_params(std::map<std::string, int>{{"layers", 2}}, "net");
    BOOST_TEST(text("params/flag") == "True");
    BOOST_TEST(text("params/text") == "plain");
    BOOST_TEST(text("params/opt.name") == "adam");
    BOOST_TEST(text("params/opt.rate") == "0.001");
    BOOST_TEST(text("params/epochs") == "3");
    BOOST_TEST(text("params/second.rate") == "0.001");
    BOOST_TEST(text("params/third/name") == "adam");
    BOOST_TEST(text("params/net.layers") == "2");
    BOOST_TEST(log.all().empty());
}

BOOST_FIXTURE_TEST_CASE(metrics_by_handle_and_by_name_are_one, started) {
    mlscribe::metric_handle loss = run.metric("loss");
    loss.log(0.5);
    run.log_metric("loss", 0.4);
    run.log_metric("loss", 0.3f, 10);
    loss.log(0.2, 11u);
    run.log_metric("loss", 1, 12, mlscribe::timestamp{1700000000000});
    // Several ways into one metric: their points stand in the order of their times.
    expect_steps("loss", {12, 0, 1, 10, 11});
    BOOST_TEST(points("loss").front().timestamp == 1700000000000);
}

BOOST_FIXTURE_TEST_CASE(several_metrics_at_once, started) {
    run.log_metrics({{"a", 1.0}, {"b", 2.0}});
    run.log_metrics({{"a", 3.0}, {"b", 4.0}}, 7);
    run.log_metrics(std::map<std::string, float>{{"a", 5.0f}});
    run.log_metrics(std::map<std::string, float>{{"b", 6.0f}}, 9);
    run.log_series("c", std::vector<double>{1, 2, 3});
    run.log_series("c", std::vector<int>{4, 5}, 10);
    expect_steps("a", {0, 7, 8});
    expect_steps("b", {0, 7, 9});
    expect_steps("c", {0, 1, 2, 10, 11});
    run.log_series("c", std::vector<int>{4, 5}, -1);
    BOOST_TEST(run.lost_points() == 2u);
}

BOOST_FIXTURE_TEST_CASE(ranges_give_the_step, started) {
    auto loss = run.metric<mlscribe::mean>("loss");
    auto accuracy = run.metric("accuracy");
    for (auto epoch : run.epochs(3)) {
        for (int batch = 0; batch < 4; ++batch) loss.add(static_cast<double>(epoch + batch));
        accuracy.log(0.9);
        run.log_metric("by name", 0.9);
        run.log_metric("fixed", 0.9, 100);
    }
    expect_steps("loss", {0, 1, 2});
    expect_steps("accuracy", {0, 1, 2});
    expect_steps("by name", {0, 1, 2});
    expect_steps("fixed", {100, 100, 100});
    BOOST_TEST(points("loss")[1].value == 2.5);
    for (int round = 0; round < 2; ++round) {
        for (auto step : run.steps(2)) run.log_metric("steps", static_cast<double>(step));
    }
    expect_steps("steps", {0, 1, 2, 3});
}

BOOST_FIXTURE_TEST_CASE(a_count_that_stands_for_until_break, started) {
    for (int round = 0; round < 2; ++round) {
        for (auto step : run.steps(INT64_MAX)) {
            run.log_metric("loss", 1.0);
            if (step % 3 == 2) break;
        }
    }
    int passes = 0;
    for (auto epoch : run.epochs(SIZE_MAX)) {
        if (epoch == 4) break;
        ++passes;
    }
    BOOST_TEST(passes == 4);
    expect_steps("loss", {0, 1, 2, 3, 4, 5});
}

BOOST_FIXTURE_TEST_CASE(what_reducers_hold_is_written_by_flush_and_end, started) {
    auto loss = run.metric<mlscribe::mean>("loss");
    loss.add(1.0);
    expect_steps("loss", {0});
    loss.add(3.0);
    loss.add(5.0);
    run.end();
    const auto rows = test::points(folder, "loss");
    BOOST_REQUIRE(rows.size() == 2u);
    BOOST_TEST(rows[1].value == 4.0);
    loss.add(1.0);
}

BOOST_FIXTURE_TEST_CASE(tags_and_description, started) {
    run.set_tag("a", "1");
    run.set_tag("a", "2");
    run.set_tags({{"b", "3"}, {"c", "4"}});
    run.set_tags(std::map<std::string, std::string>{{"d", "5"}});
    run.set_description("**bold**");
    run.set_tag("mlflow.runName", "renamed");
    BOOST_TEST(text("tags/a") == "2");
    BOOST_TEST(text("tags/b") == "3");
    BOOST_TEST(text("tags/d") == "5");
    BOOST_TEST(text("tags/mlflow.note.content") == "**bold**");
    BOOST_TEST(text("tags/mlflow.runName") == "renamed");
    BOOST_TEST(test::meta(folder, "run_name") == "renamed");
}

BOOST_FIXTURE_TEST_CASE(artifacts, started) {
    test::write_file(scratch / "plot.svg", "<svg/>");
    test::write_file(scratch / "out/a/b.txt", "b");
    run.log_artifact(scratch / "plot.svg");
    run.log_artifact(scratch / "plot.svg", "plots/final");
    run.log_artifacts(scratch / "out");
    run.log_artifacts(scratch / "out/", "all");
    run.log_text("notes", "notes.md");
    for (const std::string path :
         {"plot.svg", "plots/final/plot.svg", "a/b.txt", "all/a/b.txt", "notes.md"}) {
        BOOST_TEST(test::exists(folder + "/artifacts/" + path), path);
    }
    run.log_artifact(scratch / "plot.svg", "../out");
    run.log_artifact(scratch / "missing");
    run.log_text("notes", "");
    BOOST_TEST(log.all().size() == 3u);
    BOOST_TEST(test::tree(folder + "/artifacts").size() == 10u);
}

BOOST_FIXTURE_TEST_CASE(children_belong_to_it, started) {
    mlscribe::run child = run.start_child("fold 1");
    mlscribe::run_options options;
    options.run_name = "fold 2";
    options.on_error = log.handler();
    mlscribe::run second = run.start_child(options);
    mlscribe::run grandchild = child.start_child("deeper");
    for (const mlscribe::run* each : {&child, &second, &grandchild}) {
        BOOST_TEST(each->recording());
        BOOST_TEST(each->experiment_id() == run.experiment_id());
    }
    const auto parent_of = [&](const mlscribe::run& each) {
        return test::read_file(test::folder(scratch, each) + "/tags/mlflow.parentRunId");
    };
    BOOST_TEST(parent_of(child) == run.id());
    BOOST_TEST(parent_of(second) == run.id());
    BOOST_TEST(parent_of(grandchild) == child.id());
    BOOST_TEST(test::meta(test::folder(scratch, second), "run_name") == "fold 2");
    run.end();
    child.log_metric("loss", 1.0);
    child.end();
    BOOST_TEST(test::points(test::folder(scratch, child), "loss").size() == 1u);
}

BOOST_AUTO_TEST_CASE(children_log_and_report_as_their_parent) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run_options options = test::options(scratch, log);
    options.keys = mlscribe::sanitize::map;
    mlscribe::run run = mlscribe::start_run(options);
    mlscribe::run child = run.start_child("child");
    BOOST_TEST(child.metric("recall@5").key() == "recall_x40_5");
    child.log_artifact("/nowhere/at/all");
    BOOST_TEST(log.tells({"/nowhere/at/all"}));
    options.errors = mlscribe::strictness::raise;
    run = mlscribe::start_run(options);
    child = run.start_child("strict");
    BOOST_CHECK_THROW(child.log_artifact("/nowhere/at/all"), mlscribe::logging_error);
}

BOOST_FIXTURE_TEST_CASE(ends_once_with_the_status_it_is_given, started) {
    BOOST_TEST(test::meta(folder, "status") == "1");
    BOOST_TEST(test::meta(folder, "end_time") == "null");
    run.end(mlscribe::run_status::killed);
    BOOST_TEST(test::meta(folder, "status") == "5");
    const std::string before = text("meta.yaml");
    run.end();
    run.log_param("late", 1);
    run.set_tag("late", "1");
    run.log_text("late", "late.txt");
    run.log_metric("late", 1.0);
    run.metric("late").log(1.0);
    run.flush();
    run = mlscribe::run();
    BOOST_TEST(text("meta.yaml") == before);
    for (const std::string& name : test::tree(folder)) {
        BOOST_TEST((name.find("late") == std::string::npos), name);
    }
}

BOOST_FIXTURE_TEST_CASE(points_after_the_end_are_counted_as_lost, started) {
    mlscribe::metric_handle loss = run.metric("loss");
    run.end();
    loss.log(1.0);
    run.log_metric("loss", 1.0);
    run.metric("other").log(1.0);
    BOOST_TEST(run.lost_points() == 3u);
}

BOOST_FIXTURE_TEST_CASE(moved_it_is_one_run, started) {
    mlscribe::run second = std::move(run);
    BOOST_TEST(run.id().empty());  // NOLINT: what a moved-from run does
    run.log_metric("loss", 1.0);
    run.end();
    BOOST_TEST(test::meta(folder, "status") == "1");
    second.log_metric("loss", 1.0);
    std::vector<mlscribe::run> runs;
    for (int i = 0; i < 5; ++i) runs.push_back(mlscribe::run());
    runs[2] = std::move(second);
    runs.erase(runs.begin());
    BOOST_TEST(runs[1].recording());
    mlscribe::run& same = runs[1];
    runs[1] = std::move(same);
    BOOST_TEST(runs[1].recording());
    runs.clear();
    BOOST_TEST(test::meta(folder, "status") == "3");
    BOOST_TEST(test::points(folder, "loss").size() == 1u);
    BOOST_TEST(log.all().empty());
}

BOOST_FIXTURE_TEST_CASE(assigned_over_the_former_run_ends, started) {
    run = mlscribe::start_run(test::options(scratch, log));
    BOOST_TEST(test::meta(folder, "status") == "3");
    BOOST_TEST(test::meta(test::folder(scratch, run), "status") == "1");
}

// libc++ promises nothing of how a text becomes a std::string_view.
constexpr std::string_view any_key = "a";
static_assert(noexcept(run().log_metric(any_key, 1.0)), "a loop cannot be stopped by its log");
static_assert(noexcept(run().log_metric(any_key, 1.0, 1)), "a loop cannot be stopped by its log");
static_assert(noexcept(run().log_metrics(std::map<std::string, double>(), 1)), "nor by many");
static_assert(noexcept(run().epochs(1)), "nor by its range");
static_assert(noexcept(run()) && std::is_nothrow_move_constructible_v<run>, "nor by the guard");
static_assert(!std::is_copy_constructible_v<run>, "one scope owns a run");

BOOST_FIXTURE_TEST_CASE(a_range_may_begin_at_zero_each_time, started) {
    auto loss = run.metric("loss");
    for (int time = 0; time != 2; ++time) {
        for (const auto step : run.steps(2, mlscribe::restart)) {
            loss.log(static_cast<double>(step + 10 * time));
        }
    }
    expect_steps("loss", {0, 1, 0, 1});
}

BOOST_AUTO_TEST_CASE(keys_that_become_one_file_and_a_folder_get_names_of_their_own) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run_options options = test::options(scratch, log);
    options.keys = mlscribe::sanitize::map;
    mlscribe::run run = mlscribe::start_run(options);
    const std::string folder = test::folder(scratch, run);
    run.log_param("a", 1);
    run.log_param("a/b", 2);
    run.set_tag("c", "1");
    run.set_tag("c/d", "2");
    BOOST_TEST(log.all().empty());
    const auto values = [&folder](const std::string& kind) {
        std::vector<std::string> found;
        for (const std::string& name : test::tree(folder + '/' + kind)) {
            const std::string path = folder + '/' + kind + '/' + name;
            if (name.find('.') == name.npos) found.push_back(test::read_file(path));
        }
        return found;
    };
    BOOST_TEST(values("params") == (std::vector<std::string>{"1", "2"}),
               boost::test_tools::per_element());
    BOOST_TEST(values("tags") == (std::vector<std::string>{"1", "2"}),
               boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(fewer_points_than_none_are_told_and_all_are_kept, started) {
    mlscribe::metric_options options;
    options.thinning = mlscribe::keep{-1};
    auto loss = run.metric("loss", options);
    for (int step = 0; step != 100; ++step) loss.log(step, step);
    BOOST_TEST(log.tells({"metric \"loss\" cannot keep -1 points", "all are kept"}));
    BOOST_TEST(points("loss").size() == 100u);
}

BOOST_AUTO_TEST_SUITE_END()
