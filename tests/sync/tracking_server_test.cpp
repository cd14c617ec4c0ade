// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/sync/tracking_server.hpp>

#include <fcntl.h>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "scratch_directory.hpp"
#include "sync/stand_in_server.hpp"

namespace {

using mlscribe::error;
using mlscribe::error_code;
using mlscribe::detail::batch_body;
using mlscribe::detail::remote_run;
using mlscribe::detail::tracking_server;
using test::way;

constexpr const char* json_type = "Content-Type: application/json\r\n";
constexpr const char* no_runs = "{}";

test::scripted_answer lost() {
    return {200, "{}", json_type, way::drop};
}

std::string run_text(const std::string& id, const std::string& stage = "active", int start = 1) {
    return R"({"info": {"run_id": ")" + id + R"(", "experiment_id": "1", "lifecycle_stage": ")" +
           stage + R"(", "start_time": )" + std::to_string(start) + "}}";
}
std::string one_run(const std::string& id, const std::string& stage = "active") {
    return "{\"run\": " + run_text(id, stage) + '}';
}
std::string refused(const std::string& name) {
    return R"({"error_code": ")" + name + R"(", "message": "words"})";
}

/// The calls that came in, by the end of their path.
std::string calls(const test::stand_in_server& server) {
    std::string all;
    for (const test::seen_request& each : server.seen()) {
        const std::string path = each.target.substr(0, each.target.find('?'));
        const std::size_t end = path.rfind('/');
        const std::size_t before = end == 0 ? 0 : path.rfind('/', end - 1);
        all += (all.empty() ? "" : " ") + path.substr(before + 1);
    }
    return all;
}

batch_body some_batch() {
    batch_body body;
    body.add_metric("loss", {1, 0.5, 2});
    return body;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sync_tracking_server)

BOOST_AUTO_TEST_CASE(a_server_is_known_by_its_answer_and_its_version) {
    const test::stand_in_server server({{},
                                        {200, "3.17.2", "Content-Type: text/html\r\n"},
                                        {},
                                        {200, "2.22.5", ""},
                                        {},
                                        {404, "<html>", ""},
                                        {},
                                        {200, "<html>3", ""},
                                        {},
                                        {200, "10.0", ""}});
    tracking_server asked(server.settings());
    for (const auto& [version, has_models] :
         {std::pair("3.17.2", true), std::pair("2.22.5", false), std::pair("", true),
          std::pair("", true), std::pair("10.0", true)}) {
        BOOST_TEST(!asked.check());
        BOOST_TEST(asked.version() == version);
        BOOST_TEST(asked.has_models() == has_models);
    }
    BOOST_TEST(server.seen()[0].target == "/api/2.0/mlflow/experiments/search");
}

BOOST_AUTO_TEST_CASE(who_is_not_there_is_asked_once_by_check) {
    mlscribe::detail::server_settings settings;
    {
        const test::stand_in_server server;
        settings.url = server.url();
    }
    // Longer than a test may take, if it were asked again.
    settings.most_retries = 9;
    settings.backoff_factor = 120;
    const error failure = tracking_server(settings).check();
    BOOST_TEST((failure.code == error_code::unreachable));
    BOOST_TEST(failure.message.find(settings.url) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(who_answers_in_words_is_asked_once) {
    for (const test::scripted_answer& each :
         {test::scripted_answer{200, "hello", ""}, test::scripted_answer{501, "<html>", ""}}) {
        const test::stand_in_server server({each, each});
        const error failure = tracking_server(server.settings()).check();
        BOOST_TEST((failure.code == error_code::unreachable));
        BOOST_TEST(failure.message.find("no MLflow server") != std::string::npos, failure.message);
        BOOST_TEST(server.seen().size() == 1u);
    }
}

BOOST_AUTO_TEST_CASE(busy_servers_and_broken_connections_are_asked_again) {
    const std::string whole = "{\"a\": \"bcdefghijkl\"}";
    const test::stand_in_server server({{429, ""},
                                        {503, ""},
                                        lost(),
                                        {},
                                        {500, ""},
                                        {200, whole, json_type, way::cut},
                                        {200, "{\"a\""},
                                        {}});
    tracking_server asked(server.settings());
    BOOST_TEST(!asked.log_batch("ab", some_batch()));
    BOOST_TEST(!asked.log_batch("ab", some_batch()));
    const std::vector<test::seen_request> seen = server.seen();
    BOOST_TEST(seen.size() == 8u);
    for (const test::seen_request& each : seen) BOOST_TEST(each.body == some_batch().text("ab"));
}

BOOST_AUTO_TEST_CASE(a_pause_that_the_server_asks_for_is_made) {
    const test::stand_in_server server({{429, "", "Retry-After: 1\r\n"}, {}});
    const auto begin = std::chrono::steady_clock::now();
    BOOST_TEST(!tracking_server(server.settings()).log_batch("ab", some_batch()));
    BOOST_TEST((std::chrono::steady_clock::now() - begin >= std::chrono::seconds(1)));
    const test::stand_in_server other({{429, "", "Retry-After: 86400\r\n"}});
    const error failure = tracking_server(other.settings()).log_batch("ab", some_batch());
    BOOST_TEST((failure.code == error_code::unreachable));
    BOOST_TEST(failure.message.find("86400 s") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(no_server_is_asked_for_ever) {
    const test::stand_in_server server({lost(), {500, ""}, {502, ""}, {504, refused("X")}});
    const error failure = tracking_server(server.settings()).log_batch("ab", some_batch());
    BOOST_TEST((failure.code == error_code::unreachable));
    BOOST_TEST(failure.message.find("(504): words") != std::string::npos, failure.message);
    BOOST_TEST(server.seen().size() == 4u);
}

BOOST_AUTO_TEST_CASE(what_does_not_pass_is_asked_once) {
    for (const auto& [status, body] :
         {std::pair(401, ""), std::pair(403, ""), std::pair(404, "<html>"),
          std::pair(400, "{\"message\": \"bad\"}"), std::pair(302, ""), std::pair(200, "<html>"),
          std::pair(200, "")}) {
        const test::stand_in_server server({{status, body}});
        BOOST_TEST_CONTEXT(status << body) {
            BOOST_TEST(!!tracking_server(server.settings()).log_batch("ab", some_batch()));
            BOOST_TEST(server.seen().size() == 1u);
        }
    }
}

BOOST_AUTO_TEST_CASE(an_empty_batch_is_not_sent) {
    const test::stand_in_server server;
    tracking_server asked(server.settings());
    BOOST_TEST(!asked.log_batch("ab", batch_body()));
    BOOST_TEST(!asked.log_inputs("ab", {}, {}));
    BOOST_TEST(!asked.log_outputs("ab", {}));
    BOOST_TEST(!asked.set_model_tags("m-1", {}));
    BOOST_TEST(server.connections() == 0u);
}

BOOST_AUTO_TEST_CASE(a_run_is_made_with_what_finds_it_again) {
    const test::stand_in_server server({{200, one_run("ab")}});
    remote_run made;
    BOOST_TEST(!tracking_server(server.settings())
                    .create_run({"1", "local", "", "me", 5, {{"a", "b"}}}, made));
    BOOST_TEST(made.run_id == "ab");
    BOOST_TEST(server.seen()[0].body ==
               R"({"experiment_id":"1","start_time":5,"tags":[{"key":"a","value":"b"},)"
               R"({"key":"mlscribe.local_run_id","value":"local"}],"user_id":"me"})");
}

BOOST_AUTO_TEST_CASE(a_run_whose_answer_was_lost_is_not_made_twice) {
    const test::stand_in_server server(
        {{}, lost(), {500, ""}, {200, "{\"runs\": [" + run_text("ab") + "]}"}});
    tracking_server asked(server.settings());
    asked.log_batch("x", some_batch());  // its connection is kept
    remote_run made;
    BOOST_TEST(!asked.create_run({"1", "local", "name", "", 5, {}}, made));
    BOOST_TEST(made.run_id == "ab");
    BOOST_TEST(calls(server) == "runs/log-batch runs/create runs/search runs/search");
    BOOST_TEST(server.seen()[3].body ==
               R"({"experiment_ids":["1"],"filter":"tags.`mlscribe.local_run_id` = 'local'",)"
               R"("max_results":100,"run_view_type":"ALL"})");
}

BOOST_AUTO_TEST_CASE(a_run_that_was_not_made_is_made) {
    const test::stand_in_server server(
        {lost(), {200, no_runs}, {502, ""}, {200, no_runs}, {429, ""}, {200, one_run("ab")}});
    remote_run made;
    BOOST_TEST(!tracking_server(server.settings()).create_run({"1", "l", "", "", 5, {}}, made));
    BOOST_TEST(made.run_id == "ab");
    BOOST_TEST(calls(server) ==
               "runs/create runs/search runs/create runs/search runs/create runs/create");
}

BOOST_AUTO_TEST_CASE(of_two_runs_everybody_takes_the_same) {
    const std::string runs = "{\"runs\": [" + run_text("c", "active", 2) + ',' +
                             run_text("b", "deleted", 1) + ',' + run_text("d", "active", 1) + "]}";
    const test::stand_in_server server({{200, runs}, {200, no_runs}});
    tracking_server asked(server.settings());
    std::optional<remote_run> found;
    BOOST_TEST(!asked.find_run({"1"}, "local", found));
    BOOST_TEST_REQUIRE(found.has_value());
    BOOST_TEST(found->run_id == "b");
    BOOST_TEST((found->stage == mlscribe::lifecycle::deleted));
    BOOST_TEST(!asked.find_run({"1"}, "local", found));
    BOOST_TEST(!found.has_value());
    // It stands in a filter.
    BOOST_TEST((asked.find_run({"1"}, "a' OR 'b", found).code == error_code::invalid_value));
    BOOST_TEST(server.seen().size() == 2u);
}

BOOST_AUTO_TEST_CASE(an_id_that_is_a_path_is_refused) {
    const test::stand_in_server server(
        {{200, one_run("../../x")}, {200, "{\"experiment_id\": \"/etc\"}"}, {200, "{}"}});
    tracking_server asked(server.settings());
    remote_run made;
    BOOST_TEST((asked.create_run({"1", "l", "", "", 5, {}}, made).code == error_code::unreachable));
    std::string id;
    BOOST_TEST((asked.create_experiment("e", {}, id).code == error_code::unreachable));
    BOOST_TEST((asked.get_run("ab", made).code == error_code::unreachable));
}

BOOST_AUTO_TEST_CASE(an_experiment_that_is_there_is_found) {
    const std::string there =
        R"({"experiment": {"experiment_id": "7", "name": "e", "lifecycle_stage": "deleted",)"
        R"( "creation_time": 9, "tags": [{"key": "a", "value": "b"}]}})";
    const test::stand_in_server server({{200, there},
                                        {404, refused("RESOURCE_DOES_NOT_EXIST")},
                                        {200, "{\"experiment_id\": \"8\"}"},
                                        {400, refused("RESOURCE_ALREADY_EXISTS")},
                                        {200, there},
                                        lost(),
                                        {200, there}});
    tracking_server asked(server.settings());
    std::optional<mlscribe::detail::remote_experiment> found;
    BOOST_TEST(!asked.find_experiment("a b&c", found));
    BOOST_TEST_REQUIRE(found.has_value());
    BOOST_TEST(found->experiment_id == "7");
    BOOST_TEST(found->creation_time == 9);
    BOOST_TEST((found->stage == mlscribe::lifecycle::deleted));
    BOOST_TEST(!asked.find_experiment("e", found));
    BOOST_TEST(!found.has_value());
    std::string id;
    for (const char* const expected : {"8", "7", "7"}) {
        BOOST_TEST(!asked.create_experiment("e", {{"a", "b"}}, id));
        BOOST_TEST(id == expected);
    }
    BOOST_TEST(server.seen()[0].target ==
               "/api/2.0/mlflow/experiments/get-by-name?experiment_name=a%20b%26c");
    BOOST_TEST(server.seen().size() == 7u);
}

BOOST_AUTO_TEST_CASE(what_is_deleted_already_is_no_failure) {
    const std::string stays = refused("INVALID_PARAMETER_VALUE");
    const std::string experiment =
        R"({"experiment": {"experiment_id": "7", "lifecycle_stage": "deleted"}})";
    const test::stand_in_server server({{400, stays},
                                        {200, one_run("ab", "deleted")},
                                        {400, stays},
                                        {200, one_run("ab", "deleted")},
                                        {404, refused("RESOURCE_DOES_NOT_EXIST")},
                                        {200, experiment},
                                        {404, refused("RESOURCE_DOES_NOT_EXIST")}});
    tracking_server asked(server.settings());
    BOOST_TEST(!asked.delete_run("ab"));
    BOOST_TEST((asked.restore_run("ab").code == error_code::invalid_value));
    BOOST_TEST(!asked.delete_experiment("7"));
    BOOST_TEST(!asked.delete_tag("ab", "t"));
}

// The server adds a model to a run as often as it is told to.
BOOST_AUTO_TEST_CASE(the_models_of_a_run_are_told_once) {
    const std::string with_one = R"({"run": {"info": {"run_id": "ab", "experiment_id": "1"},)"
                                 R"("outputs": {"model_outputs": [{"model_id": "m-1"}]}}})";
    const std::string with_both =
        R"({"run": {"info": {"run_id": "ab", "experiment_id": "1"},)"
        R"("outputs": {"model_outputs": [{"model_id": "m-1"}, {"model_id": "m-2"}]}}})";
    const test::stand_in_server server(
        {{200, with_one}, lost(), {200, with_both}, {200, with_both}});
    tracking_server asked(server.settings());
    BOOST_TEST(!asked.log_outputs("ab", {{"m-1", 0}, {"m-2", 3}}));
    BOOST_TEST(!asked.log_outputs("ab", {{"m-1", 0}, {"m-2", 3}}));
    BOOST_TEST(calls(server) == "runs/get runs/outputs runs/get runs/get");
    BOOST_TEST(server.seen()[1].body ==
               R"({"models":[{"model_id":"m-2","step":3}],"run_id":"ab"})");
}

BOOST_AUTO_TEST_CASE(a_model_is_made_once_and_completed) {
    const std::string model = R"({"info": {"model_id": "m-9", "experiment_id": "1"}})";
    const test::stand_in_server server({lost(), {200, "{\"models\": [" + model + "]}"}, {}, {}});
    tracking_server asked(server.settings());
    mlscribe::detail::remote_model made;
    BOOST_TEST(!asked.create_model({"1", "m-1", "net", "", "ab", {{"p", "1"}}, {}}, made));
    BOOST_TEST(made.model_id == "m-9");
    BOOST_TEST(!asked.set_model_tags("m-9", {{"t", "u"}}));
    BOOST_TEST(!asked.finalize_model("m-9", "LOGGED_MODEL_UPLOAD_FAILED"));
    BOOST_TEST(calls(server) ==
               "mlflow/logged-models logged-models/search m-9/tags logged-models/m-9");
    const std::vector<test::seen_request> seen = server.seen();
    BOOST_TEST(seen[2].method == "PATCH");
    BOOST_TEST(seen[3].method == "PATCH");
    BOOST_TEST(seen[3].body == R"({"model_id":"m-9","status":"LOGGED_MODEL_UPLOAD_FAILED"})");
}

BOOST_AUTO_TEST_CASE(datasets_and_models_that_a_run_read) {
    const test::stand_in_server server;
    BOOST_TEST(!tracking_server(server.settings())
                    .log_inputs("ab",
                                {{"iris", "d1", "local", "{}", "", "p", {{"context", "train"}}}},
                                {"m-1"}));
    BOOST_TEST(
        server.seen()[0].body ==
        R"({"datasets":[{"dataset":{"digest":"d1","name":"iris","profile":"p","source":"{}",)"
        R"("source_type":"local"},"tags":[{"key":"context","value":"train"}]}],)"
        R"("models":[{"model_id":"m-1"}],"run_id":"ab"})");
}

BOOST_AUTO_TEST_CASE(artifacts_are_listed_and_sent_through_the_server) {
    const test::stand_in_server server(
        {{200, R"({"files": [{"path": "a", "is_dir": true}, {"path": "b", "is_dir": false,
                  "file_size": "5"}, {"path": "empty"}, 3, null]})"},
         {200, ""},
         lost(),
         {200, ""},
         {200, "<html>", "Content-Type: text/html\r\n"}});
    tracking_server asked(server.settings());
    const std::string root = "mlflow-artifacts:/1/ab/artifacts";
    std::vector<mlscribe::detail::remote_artifact> found;
    BOOST_TEST(!asked.list_artifacts(root, "x y", found));
    BOOST_TEST_REQUIRE(found.size() == 5u);
    BOOST_TEST(found[0].path == "x y/a");
    BOOST_TEST(found[0].directory);
    BOOST_TEST(found[1].path == "x y/b");
    BOOST_TEST(found[1].size == 5);
    BOOST_TEST(found[2].size == 0);
    const test::scratch_directory scratch;
    test::write_file(scratch / "f", "bytes");
    const mlscribe::detail::descriptor file(::open((scratch / "f").c_str(), O_RDONLY | O_CLOEXEC));
    BOOST_TEST(!asked.put_artifact(root, "x y/\xC3\xBC?", file.get(), 5));
    BOOST_TEST(!asked.put_artifact(root, "again", file.get(), 5));
    const error failure = asked.put_artifact(root, "page", file.get(), 5);
    BOOST_TEST((failure.code == error_code::unreachable));
    BOOST_TEST(failure.message.find("\"page\"") != std::string::npos);
    const std::vector<test::seen_request> seen = server.seen();
    BOOST_TEST(seen[0].target == "/api/2.0/mlflow-artifacts/artifacts?path=1/ab/artifacts/x%20y");
    BOOST_TEST(seen[1].target ==
               "/api/2.0/mlflow-artifacts/artifacts/1/ab/artifacts/x%20y/%C3%BC%3F");
    for (std::size_t i = 1; i < 5; ++i) BOOST_TEST(seen[i].body == "bytes");
    BOOST_TEST(
        (asked.put_artifact("s3://b", "x", file.get(), 5).code == error_code::unsupported_uri));
    BOOST_TEST((asked.put_artifact(root, "../x", file.get(), 5).code == error_code::invalid_path));
    BOOST_TEST((asked.put_artifact(root, "a%20b", file.get(), 5).code == error_code::invalid_path));
    BOOST_TEST(server.seen().size() == 5u);
}

BOOST_AUTO_TEST_CASE(a_run_is_ended_and_renamed) {
    const test::stand_in_server server;
    tracking_server asked(server.settings());
    BOOST_TEST(!asked.update_run("ab", mlscribe::run_status::failed, 7, "name"));
    BOOST_TEST(!asked.update_run("ab", mlscribe::run_status::running, {}, ""));
    BOOST_TEST(!asked.set_experiment_tag("1", "k", "v"));
    const std::vector<test::seen_request> seen = server.seen();
    BOOST_TEST(seen[0].body ==
               R"({"end_time":7,"run_id":"ab","run_name":"name","status":"FAILED"})");
    BOOST_TEST(seen[1].body == R"({"run_id":"ab","status":"RUNNING"})");
    BOOST_TEST(seen[2].body == R"({"experiment_id":"1","key":"k","value":"v"})");
}

BOOST_AUTO_TEST_SUITE_END()
