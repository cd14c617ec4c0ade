// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/model.hpp>
#include <mlscribe/sync.hpp>

#include <filesystem>
#include <string>
#include <vector>

#include "remembering_server.hpp"

using test::seen_request;

namespace {

struct line {
    double slope = 0;
};
MLSCRIBE_DESCRIBE(line, slope)

/// A run that made a model, which MLflow 3 lists.
struct pushed_models : test::remembered_pushes {
    std::string experiment;
    std::string id;
    std::string run_id;

    pushed_models() {
        mlscribe::run run = mlscribe::start_run(named("run"));
        mlscribe::model_options bare;
        bare.source = false;
        bare.logged_model = true;
        run.log_param("depth", 3);
        run.log_model("tree", line{0.5}, bare);
        experiment = scratch.store() + '/' + std::string(run.experiment_id());
        run_id = run.id();
        run.end();
        std::vector<std::string> names = test::tree(experiment + "/models");
        BOOST_REQUIRE(!names.empty());
        id = names[0].substr(0, names[0].find('/'));
    }
    std::string place() const { return experiment + "/models/" + id; }
    void change_meta(const std::string& from, const std::string& to) const {
        std::string text = test::read_file(place() + "/meta.yaml");
        const std::size_t at = text.find(from);
        BOOST_REQUIRE(at != text.npos);
        test::write_file(place() + "/meta.yaml", text.replace(at, from.size(), to));
    }
    test::remembering_server::json& info() {
        BOOST_REQUIRE(server.models.size() == 1u);
        return server.models.begin()->second["info"];
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(sync_model_push, pushed_models)

BOOST_AUTO_TEST_CASE(it_is_made_once_with_all_it_has) {
    test::write_file(place() + "/tags/kind", "tree");
    test::write_file(place() + "/metrics/accuracy", "1700000000000 0.75 3 " + run_id +
                                                        "\n1700000000000 0.5 4 " + run_id +
                                                        " the test set 0123\n");
    auto report = push();
    BOOST_TEST(report.is_complete(), complaints(report));
    const std::string remote = info()["model_id"];
    BOOST_TEST(std::string(info()["name"]) == "tree");
    BOOST_TEST(std::string(info()["status"]) == "LOGGED_MODEL_READY");
    BOOST_TEST(std::string(info()["source_run_id"]) == "remote1");
    BOOST_TEST(info()["params"].dump() == R"([{"key":"depth","value":"3"}])");
    BOOST_TEST(server.metrics["remote1"] ==
               "accuracy 0.75 3 " + remote + " -\naccuracy 0.5 4 " + remote + " the test set\n");
    BOOST_TEST(server.files.count("/models/" + remote + "/MLmodel") == 1u);
    BOOST_TEST(server.run_named("run")["outputs"]["model_outputs"].size() == 1u);
    // Later only what is new.
    test::write_file(place() + "/tags/kind", "bush");
    test::write_file(place() + "/metrics/accuracy", test::read_file(place() + "/metrics/accuracy") +
                                                        "1700000000000 1.0 5 " + run_id + "\n");
    server.metrics.clear();
    report = push();
    BOOST_TEST(report.is_complete(), complaints(report));
    BOOST_TEST(server.metrics["remote1"] == "accuracy 1.0 5 " + remote + " -\n");
    BOOST_TEST(has(info()["tags"].dump(), R"("value":"bush")"));
    BOOST_TEST(requests("/logged-models/search") == 1u);
    // Also where all that was remembered is lost.
    std::filesystem::remove_all(scratch / "state");
    report = push();
    BOOST_TEST(report.is_complete(), complaints(report));
    BOOST_TEST(server.models.size() == 1u);
}

BOOST_AUTO_TEST_CASE(one_that_is_not_ready_or_never_will_be_is_so_there) {
    change_meta("status: 2", "status: 1");
    BOOST_TEST(push().is_complete());
    BOOST_TEST(std::string(info()["status"]) == "LOGGED_MODEL_PENDING");
    change_meta("status: 1", "status: 3");
    BOOST_TEST(push().is_complete());
    BOOST_TEST(std::string(info()["status"]) == "LOGGED_MODEL_UPLOAD_FAILED");
}

BOOST_AUTO_TEST_CASE(a_deleted_one_is_not_made) {
    test::write_file(place() + "/meta.yaml",
                     test::read_file(place() + "/meta.yaml") + "lifecycle_stage: deleted\n");
    const auto report = push();
    BOOST_TEST(report.is_complete(), complaints(report));
    BOOST_TEST(server.models.empty());
}

BOOST_AUTO_TEST_CASE(damage_and_refusals_are_told_by_the_models_id) {
    test::write_file(place() + "/metrics/accuracy", "no line\n1700000000000 0.75 3 " +
                                                        std::string(32, 'f') +
                                                        "\n1700000000000 0.5 3 " + run_id + '\n');
    server.refuses = [](const seen_request& request) -> std::optional<test::scripted_answer> {
        if (!has(request.body, "accuracy")) return std::nullopt;
        return test::remembering_server::illegal("it has enough");
    };
    const std::string told = complaints(push());
    BOOST_TEST(has(told, "has the line \"no line\", which MLflow cannot read either"), told);
    BOOST_TEST(has(told, std::string(32, 'f')), told);
    BOOST_TEST(has(told, "metric \"accuracy\" of model \"" + id + "\": "), told);
    BOOST_TEST(has(told, "it has enough"), told);
}

BOOST_AUTO_TEST_CASE(files_that_are_elsewhere_are_named) {
    const std::string text = test::read_file(place() + "/meta.yaml");
    const std::size_t at = text.find("artifact_location: ");
    BOOST_REQUIRE(at != text.npos);
    change_meta(text.substr(at, text.find('\n', at) - at), "artifact_location: s3://bucket/place");
    const std::string told = complaints(push());
    BOOST_TEST(has(told, "model \"" + id + "\": its files are at \"s3://bucket/place\""), told);
}

BOOST_AUTO_TEST_CASE(a_model_that_cannot_be_made_keeps_no_run_out) {
    server.refuses = [](const seen_request& request) -> std::optional<test::scripted_answer> {
        if (request.target != "/api/2.0/mlflow/logged-models") return std::nullopt;
        return test::remembering_server::illegal("no such name");
    };
    const auto report = push();
    BOOST_TEST(has(complaints(report), "no such name"), complaints(report));
    BOOST_TEST(std::string(server.run_named("run")["info"]["status"]) == "FINISHED");
}

BOOST_AUTO_TEST_CASE(with_a_run_that_is_named_come_only_its_models) {
    mlscribe::run other = mlscribe::start_run(named("other"));
    options.runs = {std::string(other.id())};
    other.end();
    BOOST_TEST(push().is_complete());
    BOOST_TEST(server.models.empty());
    options.runs = {run_id};
    BOOST_TEST(push().is_complete());
    BOOST_TEST(server.models.size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
