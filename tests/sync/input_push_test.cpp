// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/mlscribe.hpp>
#include <mlscribe/sync.hpp>

#include <string>

#include "remembering_server.hpp"

using test::seen_request;

namespace {

/// A run that was given two datasets and a model, which another experiment has.
struct pushed_inputs : test::remembered_pushes {
    std::string model = "m-" + std::string(32, '1');
    std::string folder;

    pushed_inputs() {
        mlscribe::run run = mlscribe::start_run(named("run"));
        folder = test::folder(scratch, run);
        log(run, "first");
        log(run, "second");
        run.end();
        mlscribe::run_options other = named("maker");
        other.experiment = "others";
        mlscribe::run maker = mlscribe::start_run(other);
        const std::string place =
            scratch.store() + '/' + std::string(maker.experiment_id()) + "/models/" + model;
        test::write_file(place + "/meta.yaml",
                         "artifact_location: s3://bucket/place\ncreation_timestamp: 1\n"
                         "experiment_id: '" +
                             std::string(maker.experiment_id()) +
                             "'\nlast_updated_timestamp: 1\nmodel_id: " + model +
                             "\nname: tree\nstatus: 2\n");
        maker.end();
        add("inputs", "i", "source_id: " + model + "\nsource_type: MODEL\n");
    }
    static void log(mlscribe::run& run, const std::string& name) {
        mlscribe::dataset used;
        used.name = name;
        used.digest = "976f33e0";
        used.profile = "{\"num_rows\": 2}";
        used.set_source("/data/train.csv");
        run.log_input(used, "training");
    }
    void add(const std::string& kind, const std::string& name, const std::string& meta) const {
        test::write_file(folder + '/' + kind + '/' + name + "/meta.yaml", meta);
    }
    test::remembering_server::json& inputs() { return server.run_named("run")["inputs"]; }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(sync_input_push, pushed_inputs)

BOOST_AUTO_TEST_CASE(datasets_and_models_come_once) {
    add("outputs", "o", "destination_id: " + model + "\nstep: 7\n");
    options.experiments = {"test"};
    for (int time = 0; time != 2; ++time) {
        const auto report = push();
        BOOST_TEST(report.is_complete(), complaints(report));
        BOOST_REQUIRE(inputs()["datasets"].size() == 2u);
        const auto& sent = inputs()["datasets"][0];
        BOOST_TEST(sent["tags"].dump() == R"([{"key":"mlflow.data.context","value":"training"}])");
        BOOST_TEST(std::string(sent["dataset"]["digest"]) == "976f33e0");
        BOOST_TEST(std::string(sent["dataset"]["profile"]) == "{\"num_rows\": 2}");
        // It was made there for this run, in the experiment that it is of.
        BOOST_REQUIRE(server.models.size() == 1u);
        BOOST_TEST(inputs()["models"].dump() ==
                   R"([{"model_id":")" + server.models.begin()->first + "\"}]");
        const auto& outputs = server.run_named("run")["outputs"]["model_outputs"];
        BOOST_REQUIRE(outputs.size() == 1u);
        BOOST_TEST(outputs[0]["step"].get<int>() == 7);
    }
}

BOOST_AUTO_TEST_CASE(one_that_is_refused_keeps_no_other_out) {
    server.refuses = [](const seen_request& request) -> std::optional<test::scripted_answer> {
        if (!has(request.target, "log-inputs")) return std::nullopt;
        if (!has(request.body, "second") && !has(request.body, "model_id")) return std::nullopt;
        return test::remembering_server::illegal("too many");
    };
    const std::string told = complaints(push());
    BOOST_TEST(has(told, "dataset \"second\": "), told);
    BOOST_TEST(has(told, "model \""), told);
    BOOST_TEST(has(told, "too many"), told);
    BOOST_REQUIRE(inputs()["datasets"].size() == 1u);
    BOOST_TEST(std::string(inputs()["datasets"][0]["dataset"]["name"]) == "first");
}

BOOST_AUTO_TEST_CASE(large_ones_come_in_several_requests) {
    const std::string profile(std::size_t{3} << 20, '1');
    const std::string experiment = folder.substr(0, folder.rfind('/'));
    for (const std::string id : {"a", "b", "c"}) {
        test::write_file(experiment + "/datasets/" + id + "/meta.yaml",
                         "digest: '1'\nname: " + id + "\nprofile: '" + profile +
                             "'\nsource: s\nsource_type: local\n");
        add("inputs", id, "source_id: " + id + "\nsource_type: DATASET\n");
    }
    options.experiments = {"test"};
    const auto report = push();
    BOOST_TEST(report.is_complete(), complaints(report));
    BOOST_TEST(inputs()["datasets"].size() == 5u);
    BOOST_TEST(requests("runs/log-inputs") == 2u);
}

BOOST_AUTO_TEST_CASE(a_server_of_mlflow_2_lists_no_models) {
    server.version = "2.22.5";
    const auto report = push();
    BOOST_TEST(report.is_complete(), complaints(report));
    BOOST_TEST(has(notes(report), "is of MLflow 2, which lists no model \"" + model + '"'),
               notes(report));
    BOOST_TEST(inputs()["datasets"].size() == 2u);
    BOOST_TEST(server.models.empty());
}

BOOST_AUTO_TEST_CASE(what_leads_nowhere_is_told_or_left_out) {
    add("inputs", "gone", "source_id: m-gone\nsource_type: MODEL\n");
    add("inputs", "damaged", "\"");
    add("inputs", "no dataset", "source_id: nowhere\nsource_type: DATASET\n");
    add("inputs", "escaping", "source_id: ../../x\nsource_type: DATASET\n");
    add("inputs", "of another kind", "source_id: x\nsource_type: PROMPT\n");
    const std::string told = complaints(push());
    BOOST_TEST(has(told, "no model \"m-gone\""), told);
    BOOST_TEST(has(told, "inputs/damaged"), told);
    BOOST_TEST(inputs()["datasets"].size() == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
