// SPDX-License-Identifier: MIT
#include <mlscribe/layout/meta_yaml.hpp>
#include <mlscribe/layout/metric_reader.hpp>

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "recorded_texts.hpp"

namespace {

namespace fs = std::filesystem;
using mlscribe::lifecycle;
using mlscribe::meta_document;
using mlscribe::read_experiment_meta;
using mlscribe::read_run_meta;
using mlscribe::run_status;

const std::string run_text =
    "artifact_uri: file:///r/219160639440920645/a0b027bfadc54c49b3659cd870ff79c4/artifacts\n"
    "end_time: 1795576368613\nentry_point_name: ''\nexperiment_id: '219160639440920645'\n"
    "lifecycle_stage: active\nrun_id: a0b027bfadc54c49b3659cd870ff79c4\nrun_name: 'parent: run "
    "#1'\n"
    "run_uuid: a0b027bfadc54c49b3659cd870ff79c4\nsource_name: ''\nsource_type: 4\nsource_version: "
    "''\n"
    "start_time: 1795576368300\nstatus: 3\ntags: []\nuser_id: root\n";

const std::string experiment_text =
    "artifact_location: file:///r/1\ncreation_time: 1795578424732\nexperiment_id: '1'\n"
    "last_update_time: 1795578424733\nlifecycle_stage: active\nname: 'golden experiment: ü'\n";

std::string slurp(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return std::string((std::istreambuf_iterator<char>(file)), {});
}

// `text` with the line of `key` replaced; an empty line takes the key away.
std::string with(std::string text, const std::string& key, const std::string& line) {
    const std::size_t at = ("\n" + text).find("\n" + key + ":");
    BOOST_REQUIRE(at != std::string::npos);
    return text.replace(at, text.find('\n', at) + 1 - at, line.empty() ? "" : line + "\n");
}

std::optional<mlscribe::run_meta> run_of(const std::string& text, std::string* why = nullptr) {
    const auto document = meta_document::parse(text);
    BOOST_REQUIRE(document);
    return read_run_meta(*document, why);
}

std::optional<mlscribe::experiment_meta> experiment_of(const std::string& text,
                                                       std::string* why = nullptr) {
    const auto document = meta_document::parse(text);
    BOOST_REQUIRE(document);
    return read_experiment_meta(*document, why);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(layout_meta_yaml)

BOOST_AUTO_TEST_CASE(a_run_is_written_as_mlflow_does) {
    mlscribe::run_meta run;
    run.run_id = "a0b027bfadc54c49b3659cd870ff79c4";
    run.run_name = "parent: run #1";
    run.experiment_id = "219160639440920645";
    run.user_id = "root";
    run.artifact_uri = "file:///r/219160639440920645/a0b027bfadc54c49b3659cd870ff79c4/artifacts";
    run.status = run_status::finished;
    run.start_time = 1795576368300;
    run.end_time = 1795576368613;
    BOOST_TEST(to_document(run).text() == run_text);
    run.end_time.reset();
    run.status = run_status::running;
    run.lifecycle_stage = lifecycle::deleted;
    std::string expected = with(run_text, "end_time", "end_time: null");
    expected =
        with(with(expected, "status", "status: 1"), "lifecycle_stage", "lifecycle_stage: deleted");
    BOOST_TEST(to_document(run).text() == expected);
}

BOOST_AUTO_TEST_CASE(a_run_of_digits_stays_a_text) {
    mlscribe::run_meta run;
    run.run_id = "12345678901234567890123456789012";
    run.experiment_id = "0";
    run.user_id = "yes";
    run.run_name = "2024-01-01";
    const auto read = run_of(to_document(run).text());
    BOOST_REQUIRE(read);
    BOOST_TEST(read->run_id == run.run_id);
    BOOST_TEST(read->user_id == run.user_id);
    BOOST_TEST(to_document(run).text().find("run_name: '2024-01-01'") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_experiment_is_written_as_mlflow_does) {
    const mlscribe::experiment_meta experiment{"1",           "golden experiment: ü",
                                               "file:///r/1", lifecycle::active,
                                               1795578424732, 1795578424733};
    BOOST_TEST(to_document(experiment).text() == experiment_text);
    const auto read = experiment_of(experiment_text);
    BOOST_REQUIRE(read);
    BOOST_TEST(read->experiment_id == "1");
    BOOST_TEST(read->name == experiment.name);
    BOOST_TEST(read->artifact_location == experiment.artifact_location);
    BOOST_TEST((read->creation_time == experiment.creation_time));
    BOOST_TEST((read->last_update_time == experiment.last_update_time));
}

BOOST_AUTO_TEST_CASE(a_run_is_read) {
    const auto run = run_of(run_text);
    BOOST_REQUIRE(run);
    BOOST_TEST(run->run_id == "a0b027bfadc54c49b3659cd870ff79c4");
    BOOST_TEST(run->run_name == "parent: run #1");
    BOOST_TEST(run->experiment_id == "219160639440920645");
    BOOST_TEST(run->user_id == "root");
    BOOST_TEST((run->status == run_status::finished));
    BOOST_TEST(run->start_time == 1795576368300);
    BOOST_TEST((run->end_time == 1795576368613));
    BOOST_TEST((run->lifecycle_stage == lifecycle::active));
}

BOOST_AUTO_TEST_CASE(what_mlflow_lets_pass) {
    BOOST_TEST((run_of(with(run_text, "status", ""))->status == run_status::running));
    BOOST_TEST(
        (run_of(with(run_text, "lifecycle_stage", ""))->lifecycle_stage == lifecycle::active));
    BOOST_TEST(run_of(with(run_text, "run_id", ""))->run_id == "a0b027bfadc54c49b3659cd870ff79c4");
    BOOST_TEST(run_of(with(run_text, "run_name", ""))->run_name == "");
    BOOST_TEST(run_of(with(run_text, "run_name", "run_name: null"))->run_name == "");
    BOOST_TEST(run_of(with(run_text, "run_name", "run_name: 123"))->run_name == "123");
    BOOST_TEST(run_of(with(run_text, "artifact_uri", ""))->artifact_uri == "");
    BOOST_TEST(run_of(with(run_text, "user_id", "user_id: ''"))->user_id == "");
    BOOST_TEST(run_of(with(run_text, "experiment_id", "experiment_id: 12"))->experiment_id == "12");
    BOOST_TEST(run_of(with(run_text, "experiment_id", "experiment_id: 0"))->experiment_id == "0");
    BOOST_TEST(!run_of(with(run_text, "end_time", "end_time: null"))->end_time);
    BOOST_TEST(!run_of(with(run_text, "end_time", "end_time: ''"))->end_time);
    BOOST_TEST(run_of(with(run_text, "start_time", "start_time: 0"))->start_time == 0);
    BOOST_TEST(run_of(with(run_text, "start_time", "start_time: -5"))->start_time == -5);
    BOOST_TEST(run_of(with(run_text, "start_time", "start_time: 1700000000000.75"))->start_time ==
               1700000000000);
    BOOST_TEST(run_of(with(run_text, "start_time", "start_time: -010.5"))->start_time == -10);
    BOOST_TEST(run_of(run_text + "deleted_time: 5\nunknown:\n- x\n").has_value());
    for (const char* key :
         {"entry_point_name", "source_name", "source_type", "source_version", "tags", "run_uuid"}) {
        BOOST_TEST(run_of(with(run_text, key, "")).has_value());
    }
}

BOOST_AUTO_TEST_CASE(where_mlflows_search_would_break) {
    const std::pair<const char*, const char*> cases[] = {
        {"end_time", ""},
        {"end_time", "end_time: soon"},
        {"experiment_id", ""},
        {"experiment_id", "experiment_id: null"},
        {"experiment_id", "experiment_id: [1]"},
        {"lifecycle_stage", "lifecycle_stage: null"},
        {"lifecycle_stage", "lifecycle_stage: ACTIVE"},
        {"run_id", "run_id: null"},
        {"run_id", "run_id: 12345678901234567890123456789012"},
        {"run_id", "run_id: ''"},
        {"start_time", ""},
        {"start_time", "start_time: null"},
        {"start_time", "start_time: '1795576368300'"},
        {"start_time", "start_time: 1.7e12"},
        {"start_time", "start_time: .nan"},
        {"status", "status: null"},
        {"status", "status: FINISHED"},
        {"status", "status: '3'"},
        {"status", "status: 0"},
        {"status", "status: 6"},
        {"status", "status: 9"},
        {"user_id", ""},
        {"user_id", "user_id: null"},
    };
    for (const auto& [key, line] : cases) {
        BOOST_TEST_CONTEXT(key << " -> " << line) {
            std::string why;
            BOOST_TEST(!run_of(with(run_text, key, line), &why));
            BOOST_TEST(why.find(std::string("\"") + key + "\"") != std::string::npos);
        }
    }
    std::string why;
    BOOST_TEST(!run_of(with(with(run_text, "run_id", ""), "run_uuid", ""), &why));
    BOOST_TEST(why == "meta.yaml key \"run_id\" is missing");
}

BOOST_AUTO_TEST_CASE(experiments_that_mlflow_refuses) {
    for (const char* key : {"artifact_location", "experiment_id", "lifecycle_stage", "name"}) {
        std::string why;
        BOOST_TEST(!experiment_of(with(experiment_text, key, ""), &why));
        BOOST_TEST(why == std::string("meta.yaml key \"") + key + "\" is missing");
    }
    BOOST_TEST(!experiment_of(with(experiment_text, "lifecycle_stage", "lifecycle_stage: gone")));
    BOOST_TEST(!experiment_of(with(experiment_text, "creation_time", "creation_time: x")));
    BOOST_TEST(!experiment_of(with(experiment_text, "creation_time", ""))->creation_time);
    BOOST_TEST(!experiment_of(with(experiment_text, "last_update_time", "last_update_time: null"))
                    ->last_update_time);
}

// Every run and experiment that the real MLflow wrote.
BOOST_AUTO_TEST_CASE(golden_records_are_read) {
    std::size_t runs = 0;
    std::size_t experiments = 0;
    for (const fs::path& path : test::golden_files("/meta.yaml")) {
        const std::string text = slurp(path);
        const auto document = meta_document::parse(text);
        BOOST_TEST_CONTEXT(path) {
            BOOST_REQUIRE(document);
            std::string why;
            if (document->find("artifact_uri") != nullptr) {
                const auto run = read_run_meta(*document, &why);
                BOOST_REQUIRE_MESSAGE(run, why);
                BOOST_TEST(path.parent_path().filename() == run->run_id);
                BOOST_TEST(path.parent_path().parent_path().filename() == run->experiment_id);
                // MLflow 2 writes exactly our keys.
                const bool ours = document->find("run_uuid") != nullptr &&
                                  document->find("deleted_time") == nullptr;
                if (ours) BOOST_TEST(to_document(*run).text() == text);
                BOOST_TEST(document->text() == text);
                ++runs;
            } else if (document->find("artifact_location") != nullptr &&
                       document->find("model_id") == nullptr) {
                const auto experiment = read_experiment_meta(*document, &why);
                BOOST_REQUIRE_MESSAGE(experiment, why);
                BOOST_TEST(path.parent_path().filename() == experiment->experiment_id);
                BOOST_TEST(document->text() == text);
                ++experiments;
            }
        }
    }
    BOOST_TEST(runs >= 27u);
    BOOST_TEST(experiments >= 12u);
}

BOOST_AUTO_TEST_CASE(golden_metrics_are_read) {
    std::size_t rows = 0;
    for (const fs::path& path : test::golden_files("/metrics/")) {
        const std::string text = slurp(path);
        const bool of_model = path.generic_string().find("/models/") != std::string::npos;
        const auto summary =
            mlscribe::for_each_metric_line(text, [](const mlscribe::metric_file_line&) {});
        BOOST_TEST_CONTEXT(path) {
            BOOST_TEST(summary.torn_bytes == 0u);
            // The lines of a model have a run id behind the step, which is no metric of a run.
            if (!of_model) BOOST_TEST(summary.damaged == 0u);
            if (!of_model) BOOST_TEST(summary.rows != 0u);
        }
        rows += static_cast<std::size_t>(summary.rows);
    }
    BOOST_TEST(rows > 30u);
}

BOOST_AUTO_TEST_SUITE_END()
