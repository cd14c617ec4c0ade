// SPDX-License-Identifier: MIT
/// \file MLflow's environment variables, as job scripts set them.
#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <functional>
#include <map>
#include <string>

#include "child_process.hpp"
#include "scratch_directory.hpp"

namespace {

using variables = std::map<std::string, std::string>;

/// Runs `body` in a process with these variables and this store; it returns a text.
std::string with(const test::scratch_directory& scratch, const variables& values,
                 const std::function<std::string(test::error_log&)>& body) {
    return test::in_child([&] {
        ::setenv("MLFLOW_TRACKING_URI", scratch.store().c_str(), 1);
        for (const auto& value : values) ::setenv(value.first.c_str(), value.second.c_str(), 1);
        test::error_log log;
        std::string text = body(log);
        for (const mlscribe::error& failure : log.all()) text += '|' + failure.message;
        return text;
    });
}

mlscribe::run start(test::error_log& log) {
    mlscribe::run_options options;
    options.on_error = log.handler();
    return mlscribe::start_run(options);
}

std::string id_of_started(test::error_log& log) {
    return std::string(start(log).id());
}

std::string experiment_of_started(test::error_log& log) {
    return std::string(start(log).experiment_id());
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(environment_variables)

BOOST_AUTO_TEST_CASE(a_run_id_is_resumed_once_a_process) {
    const test::scratch_directory scratch;
    const std::string id = with(scratch, {}, id_of_started);
    BOOST_REQUIRE(id.size() == 32u);
    for (int i = 0; i < 2; ++i) {
        const std::string ids = with(scratch, {{"MLFLOW_RUN_ID", id}}, [](test::error_log& log) {
            mlscribe::run first = start(log);
            mlscribe::run child = first.start_child("child");
            mlscribe::run second = start(log);
            first.log_metric("loss", 1.0);
            return std::string(first.id()) + ' ' + std::string(child.id()) + ' ' +
                   std::string(second.id());
        });
        BOOST_TEST(ids.size() == 98u, ids);
        BOOST_TEST(ids.substr(0, 32) == id);
        BOOST_TEST(ids.substr(33, 32) != id);
        BOOST_TEST(ids.substr(66, 32) != id);
    }
    const std::string folder = scratch.store() + "/0/" + id;
    BOOST_TEST(test::steps(folder, "loss").size() == 2u);
    BOOST_TEST(test::meta(folder, "status") == "3");
}

BOOST_AUTO_TEST_CASE(a_run_id_of_ones_own_is_not_replaced) {
    const test::scratch_directory scratch;
    const std::string id = with(scratch, {}, id_of_started);
    const auto own_id = [](test::error_log& log) {
        mlscribe::run_options options;
        options.on_error = log.handler();
        options.run_id = "mine";
        return std::string(mlscribe::start_run(options).id());
    };
    BOOST_TEST(with(scratch, {{"MLFLOW_RUN_ID", id}}, own_id) == "mine");
}

BOOST_AUTO_TEST_CASE(a_run_id_that_does_not_fit) {
    const test::scratch_directory scratch;
    const std::string id = with(scratch, {}, id_of_started);
    const std::string absent = with(scratch, {{"MLFLOW_RUN_ID", "absent"}}, id_of_started);
    BOOST_TEST(contains(absent, "no run \"absent\""), absent);
    BOOST_TEST(contains(absent, "nothing is recorded"), absent);
    const std::string other =
        with(scratch, {{"MLFLOW_RUN_ID", id}, {"MLFLOW_EXPERIMENT_NAME", "other"}}, id_of_started);
    BOOST_TEST(contains(other, "belongs to experiment 0"), other);
    BOOST_TEST(with(scratch, {{"MLFLOW_RUN_ID", id}, {"MLFLOW_EXPERIMENT_NAME", "Default"}},
                    id_of_started) == id);
    BOOST_TEST(with(scratch, {{"MLFLOW_RUN_ID", ""}}, id_of_started).size() == 32u);
}

BOOST_AUTO_TEST_CASE(experiment_name_and_id) {
    const test::scratch_directory scratch;
    const auto experiment = [&](const variables& values) {
        return with(scratch, values, experiment_of_started);
    };
    BOOST_TEST(experiment({}) == "0");
    const std::string sweep = experiment({{"MLFLOW_EXPERIMENT_NAME", "sweep"}});
    BOOST_TEST(sweep.size() == 18u);
    BOOST_TEST(test::meta(scratch.store() + '/' + sweep, "name") == "sweep");
    BOOST_TEST(experiment({{"MLFLOW_EXPERIMENT_NAME", "sweep"}}) == sweep);
    BOOST_TEST(experiment({{"MLFLOW_EXPERIMENT_ID", sweep}}) == sweep);
    BOOST_TEST(experiment({{"MLFLOW_EXPERIMENT_NAME", "sweep"}, {"MLFLOW_EXPERIMENT_ID", sweep}}) ==
               sweep);
    const std::string differ =
        experiment({{"MLFLOW_EXPERIMENT_NAME", "sweep"}, {"MLFLOW_EXPERIMENT_ID", "0"}});
    BOOST_TEST(contains(differ, "unset one"), differ);
    // A name that is new wins, as in MLflow.
    const std::string fresh =
        experiment({{"MLFLOW_EXPERIMENT_NAME", "fresh"}, {"MLFLOW_EXPERIMENT_ID", "0"}});
    BOOST_TEST(test::meta(scratch.store() + '/' + fresh, "name") == "fresh");
    const std::string absent = experiment({{"MLFLOW_EXPERIMENT_ID", "12345"}});
    BOOST_TEST(contains(absent, "MLFLOW_EXPERIMENT_ID must name an existing one"), absent);
    BOOST_TEST(experiment({{"MLFLOW_EXPERIMENT_NAME", ""}, {"MLFLOW_EXPERIMENT_ID", ""}}) == "0");
}

BOOST_AUTO_TEST_CASE(the_programs_choice_comes_first) {
    const test::scratch_directory scratch;
    const auto chosen = [](test::error_log& log) {
        mlscribe::run_options options;
        options.on_error = log.handler();
        options.experiment_id = "0";
        options.experiment = "by name";
        const std::string by_id(mlscribe::start_run(options).experiment_id());
        options.experiment_id.clear();
        return by_id + ' ' + std::string(mlscribe::start_run(options).experiment_id());
    };
    const std::string ids =
        with(scratch, {{"MLFLOW_EXPERIMENT_NAME", "x"}, {"MLFLOW_EXPERIMENT_ID", "12345"}}, chosen);
    BOOST_TEST(ids.substr(0, 2) == "0 ");
    BOOST_TEST(test::meta(scratch.store() + '/' + ids.substr(2), "name") == "by name");
}

BOOST_AUTO_TEST_CASE(tags_from_the_job) {
    const test::scratch_directory scratch;
    const auto tags = [&](const std::string& context, const std::string& key) {
        const std::string id = with(scratch, {{"MLFLOW_RUN_CONTEXT", context}, {"LOGNAME", "bob"}},
                                    [](test::error_log& log) {
                                        mlscribe::run_options options;
                                        options.on_error = log.handler();
                                        options.tags = {{"queue", "program"}};
                                        return std::string(mlscribe::start_run(options).id());
                                    });
        if (id.size() != 32) return id;
        return test::read_file(scratch.store() + "/0/" + id + "/tags/" + key);
    };
    BOOST_TEST(tags(R"({"job": "42", "nodes": 8})", "job") == "42");
    BOOST_TEST(tags(R"({"job": "42", "nodes": 8})", "nodes") == "8");
    BOOST_TEST(tags(R"({"mlflow.user": "service"})", "mlflow.user") == "service");
    BOOST_TEST(tags(R"({"queue": "job"})", "queue") == "program");
    BOOST_TEST(tags("", "mlflow.user") == "bob");
    const std::string bad = tags("{job: 42}", "job");
    BOOST_TEST(contains(bad, "|MLFLOW_RUN_CONTEXT is no JSON object"), bad);
    BOOST_TEST(bad.find('|') == 32u);  // the run is made all the same
}

BOOST_AUTO_TEST_CASE(journals_in_a_directory_of_their_own) {
    const test::scratch_directory scratch;
    const std::string place = scratch / "journals";
    std::filesystem::create_directories(place);
    const auto seen = [&](test::error_log& log) {
        mlscribe::run run = start(log);
        mlscribe::run other = start(log);
        run.log_metric("loss", 1.0);
        const std::string folder = scratch.store() + "/0/" + std::string(run.id());
        std::string text;
        for (const std::string& path : test::tree(folder)) {
            if (contains(path, "mlscribe-journal")) text += "in the run; ";
            if (path == "tags/mlscribe.journal")
                text += test::read_file(folder + '/' + path) + "; ";
        }
        for (const std::string& name : test::tree(place)) {
            if (contains(name, std::string(run.id()) + ".mlscribe-journal")) text += "there; ";
        }
        run.end();
        other.end();
        if (test::exists(folder + "/tags/mlscribe.journal")) text += "a tag is left; ";
        if (!test::tree(place).empty()) text += "something is left; ";
        return text + std::to_string(test::points(folder, "loss").size()) + " point";
    };
    BOOST_TEST(with(scratch, {{"MLSCRIBE_JOURNAL_DIR", place}}, seen) ==
               place + "; there; 1 point");
    BOOST_TEST(with(scratch, {{"MLSCRIBE_JOURNAL_DIR", ""}}, seen) == "in the run; 1 point");
    // A relative one, seen from a working directory that lies beside it.
    const std::string here = std::filesystem::current_path().string();
    const std::string relative = std::filesystem::path(place).lexically_relative(here).string();
    BOOST_TEST(with(scratch, {{"MLSCRIBE_JOURNAL_DIR", relative}}, seen) ==
               here + '/' + relative + "; there; 1 point");
    // Where it is refused the run says so and keeps its journal itself.
    const std::string refused = with(scratch, {{"MLSCRIBE_JOURNAL_DIR", scratch / "absent"}}, seen);
    BOOST_TEST(refused.substr(0, 19) == "in the run; 1 point", refused);
    BOOST_TEST(contains(refused, "|cannot keep the journal in \"" + (scratch / "absent")), refused);
}

BOOST_AUTO_TEST_SUITE_END()
