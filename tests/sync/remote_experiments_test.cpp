// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/sync.hpp>

#include <string>

#include "remembering_server.hpp"

using test::seen_request;

namespace {

/// An experiment "test" of one run, and one without any.
struct pushed_experiments : test::remembered_pushes {
    std::string id;
    std::string empty;
    mlscribe::client here{scratch.store()};

    pushed_experiments() {
        mlscribe::run run = mlscribe::start_run(named("run"));
        id = run.experiment_id();
        run.end();
        empty = here.create_experiment("empty");
    }
    test::remembering_server::json& there(const std::string& name) {
        for (auto& each : server.experiments) {
            if (each.second["name"] == name) return each.second;
        }
        test::give_up("the server has no experiment " + name);
    }
    std::string stage(const std::string& name) { return there(name)["lifecycle_stage"]; }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(sync_remote_experiments, pushed_experiments)

BOOST_AUTO_TEST_CASE(each_is_made_once_with_its_tags) {
    here.set_experiment_tag(id, "team", "vision");
    here.set_experiment_tag(empty, "refused", "x");
    server.refuses = [](const seen_request& request) -> std::optional<test::scripted_answer> {
        if (!has(request.body, "refused")) return std::nullopt;
        return test::remembering_server::illegal("no such tag");
    };
    const std::string told = complaints(push());
    BOOST_TEST(has(told, "tag \"refused\" of experiment \"empty\": "), told);
    BOOST_TEST(there("test")["tags"].dump() == R"([{"key":"team","value":"vision"}])");
    server.refuses = {};
    BOOST_TEST(push().is_complete());
    BOOST_TEST(there("empty")["tags"].size() == 1u);
    BOOST_TEST(requests("experiments/create") == 3u);  // and MLflow's Default
    // One that is renamed there is still the same.
    there("empty")["name"] = "renamed";
    here.set_experiment_tag(empty, "more", "x");
    BOOST_TEST(push().is_complete());
    BOOST_TEST(there("renamed")["tags"].size() == 2u);
    BOOST_TEST(requests("experiments/create") == 3u);
}

BOOST_AUTO_TEST_CASE(one_that_is_deleted_here_is_deleted_there_behind_its_runs) {
    BOOST_TEST(push().is_complete());
    BOOST_REQUIRE(here.delete_experiment(id));
    BOOST_TEST(push().is_complete());
    BOOST_TEST(stage("test") == "deleted");
    BOOST_TEST(std::string(server.run_named("run")["info"]["lifecycle_stage"]) == "deleted");
    BOOST_TEST(push().is_complete());
    BOOST_TEST(requests("experiments/delete") == 1u);
    BOOST_REQUIRE(here.restore_experiment(id));
    const auto report = push();
    BOOST_TEST(report.is_complete(), complaints(report));
    BOOST_TEST(stage("test") == "active");
    BOOST_TEST(std::string(server.run_named("run")["info"]["lifecycle_stage"]) == "active");
}

BOOST_AUTO_TEST_CASE(one_that_others_made_or_deleted_there_is_theirs) {
    server.experiments["9"] = {{"experiment_id", "9"},
                               {"name", "test"},
                               {"lifecycle_stage", "active"},
                               {"creation_time", "5"},
                               {"tags", test::remembering_server::json::array()}};
    BOOST_TEST(push().is_complete());
    BOOST_REQUIRE(here.delete_experiment(id));
    BOOST_TEST(push().is_complete());
    BOOST_TEST(stage("test") == "active");
    BOOST_REQUIRE(here.restore_experiment(id));
    there("test")["lifecycle_stage"] = "deleted";
    const std::string told = complaints(push());
    BOOST_TEST(has(told, "experiment \"test\" is deleted on the server"), told);
}

BOOST_AUTO_TEST_CASE(one_whose_deletion_was_answered_by_a_refusal_is_looked_at) {
    BOOST_TEST(push().is_complete());
    BOOST_REQUIRE(here.delete_experiment(id));
    bool is_lost = true;
    server.refuses = [&](const seen_request& request) -> std::optional<test::scripted_answer> {
        if (!has(request.target, "experiments/delete")) return std::nullopt;
        if (is_lost) there("test")["lifecycle_stage"] = "deleted";
        return server.illegal("it is deleted, or cannot be");
    };
    const auto report = push();
    BOOST_TEST(report.is_complete(), complaints(report));
    is_lost = false;
    BOOST_REQUIRE(here.restore_experiment(id));
    BOOST_TEST(push().is_complete());
    BOOST_REQUIRE(here.delete_experiment(id));
    const std::string told = complaints(push());
    BOOST_TEST(has(told, "it is deleted, or cannot be"), told);
}

BOOST_AUTO_TEST_SUITE_END()
