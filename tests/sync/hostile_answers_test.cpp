// SPDX-License-Identifier: MIT
/// \file A server that lies, whatever it is asked: nothing is written but what a push remembers,
/// memory is bounded, and who pushes is told which server it was.
#include <boost/test/unit_test.hpp>

#include <mlscribe/sync.hpp>

#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "bounded_memory.hpp"
#include "child_process.hpp"
#include "environment.hpp"
#include "folder_snapshot.hpp"
#include "scratch_directory.hpp"
#include "stand_in_server.hpp"
#include "tracking_answers.hpp"

namespace {

struct lie {
    const char* name;
    test::scripted_answer answer;
};

std::string repeated(const std::string& text, std::size_t count) {
    std::string all;
    for (std::size_t i = 0; i != count; ++i) all += text;
    return all;
}

/// A run as a server tells of one, in every answer that may have one.
std::string run_with(const std::string& id, const std::string& uri) {
    const std::string info = R"({"info": {"run_id": ")" + id + R"(", "experiment_id": ")" + id +
                             R"(", "artifact_uri": ")" + uri + R"(", "start_time": -1}})";
    return R"({"run": )" + info + R"(, "runs": [)" + info + R"(], "experiment_id": ")" + id +
           R"(", "experiment": {"experiment_id": ")" + id +
           R"(", "creation_time": "-9223372036854775809", "tags": [7, null, {"key": 7}]}})";
}

std::vector<lie> lies(const std::string& other, const std::string& outside) {
    std::vector<lie> all;
    const auto says = [&all](const char* name, std::string body, int status = 200) {
        all.push_back({name, {status, std::move(body)}});
    };
    says("no JSON", "Hello");
    says("nothing", "");
    says("a web page", "<html>Welcome</html>");
    says("no object", "[[], null, 7]");
    says("null", "null");
    says("half of it", R"({"run": {"info": {"run_id": "re)");
    says("no UTF-8", "{\"run\": \"\xFF\xFE\"}");
    says("other types",
         R"({"run": [], "runs": {"0": 1}, "experiment": 7, "files": "a", "info": -1})");
    says("items of other types",
         R"({"runs": [1, null, "x", []], "experiment": {"experiment_id": 7}})");
    says("numbers beyond all",
         R"({"experiment": {"experiment_id": "7", "creation_time": 1e400}, "run": -1e400})");
    says("lists in lists",
         R"({"run": )" + std::string(100000, '[') + std::string(100000, ']') + '}');
    says("objects in objects", repeated(R"({"run":)", 100000) + '1' + std::string(100000, '}'));
    says("more values than memory", R"({"runs": [)" + repeated("{},", 5000000) + "{}]}");
    says("many values", R"({"runs": [)" + repeated("{},", 900000) + "{}]}");
    says("a huge text", R"({"run": ")" + std::string(20000000, 'x') + "\"}");
    for (const char* const id :
         {"..", "../x", "/x", "7/../8", "7?x=1", "7\\n", "7\\u0000", "", "%2e%2e"}) {
        says(id, run_with(id, "mlflow-artifacts:/7/remote/artifacts"));
    }
    says("a long id", run_with(std::string(100000, '7'), "mlflow-artifacts:/7/remote/artifacts"));
    const std::string uris[] = {"..",
                                "/",
                                outside,
                                "file://" + outside,
                                "mlflow-artifacts:/../../../api/2.0/mlflow/x",
                                "mlflow-artifacts:/7/..",
                                "mlflow-artifacts:/7//x",
                                "mlflow-artifacts:/%2e%2e/%2e%2e/x",
                                "mlflow-artifacts://elsewhere.example/7",
                                "mlflow-artifacts:/7\\r\\nX-Mine: 1",
                                other + "/api/2.0/mlflow-artifacts/artifacts/7",
                                "s3://bucket/7",
                                std::string(100000, 'u')};
    for (const std::string& uri : uris) says("an artifact_uri", run_with("remote", uri));
    all.push_back({"a redirect", {302, "", "Location: " + other + "/api\r\n"}});
    all.push_back({"a redirect of all", {307, "", "Location: " + other + "/api\r\n"}});
    all.push_back({"a redirect to a file", {301, "", "Location: file://" + outside + "/x\r\n"}});
    all.push_back({"long headers", {200, "{}", "X: " + std::string(90000, 'x') + "\r\n"}});
    all.push_back({"half an answer", {200, "{}", "", test::way::cut}});
    all.push_back({"none", {200, "", "", test::way::drop}});
    all.push_back(
        {"an answer without end", {200, std::string(65536, 'x'), "", test::way::endless}});
    all.push_back({"a pause", {429, "{}", "Retry-After: 99999999999999999999\r\n"}});
    says("an error",
         R"({"error_code": "INTERNAL_ERROR", "message": "\u001b[2J\u0000 )" +
             std::string(100000, 'e') + "\"}",
         500);
    says("an error of other types", R"({"error_code": {}, "message": []})", 400);
    says("not found", R"({"error_code": "RESOURCE_DOES_NOT_EXIST"})", 404);
    return all;
}

const char* const calls[] = {"experiments/search", "/version",    "experiments/get-by-name",
                             "runs/search",        "runs/create", "runs/log-batch",
                             "/artifacts/",        "runs/update"};

/// What is wrong with what came of it: nothing where all is well.
std::string fault_of(const mlscribe::sync_report& report, const std::string& url) {
    std::vector<mlscribe::error> all = report.failures;
    if (report.stopped) all.push_back(report.stopped);
    for (const auto& run : report.runs) {
        all.insert(all.end(), run.failures.begin(), run.failures.end());
    }
    std::string wrong;
    bool is_named = all.empty();
    for (const mlscribe::error& each : all) {
        const bool is_plain = each.message == mlscribe::detail::plain_text(each.message);
        if (!is_plain || each.message.size() > 3000) wrong += " tells what is no plain line";
        is_named = is_named || each.message.find(url) != std::string::npos;
    }
    if (!is_named) wrong += " names no server: " + all[0].message;
    return wrong;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sync_hostile_answers)

BOOST_AUTO_TEST_CASE(nothing_is_written_and_who_pushes_is_told) {
    const test::scratch_directory scratch;
    test::error_log log;
    test::log_run(scratch, log);
    test::write_file(scratch / "outside/x", "x");
    const auto before = test::snapshot(scratch.path());
    const test::variable state("XDG_STATE_HOME", (scratch / "state").c_str());
    const test::variable retries("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0");
    const test::stand_in_server other;
    for (const lie& each : lies(other.url(), scratch / "outside")) {
        std::atomic<const char*> answered{""};
        std::vector<test::seen_request> seen;
        const test::stand_in_server server([&](const test::seen_request& request) {
            return request.target.find(answered.load()) != std::string::npos
                       ? each.answer
                       : tracking_answer(request);
        });
        for (const char* const call : calls) {
            answered = call;
            const std::string wrong = test::in_child([&] {
                test::bound_memory(512);
                mlscribe::sync_options options;
                options.jobs = 1;
                return fault_of(mlscribe::sync(scratch.store(), server.url(), options),
                                server.url());
            });
            BOOST_TEST(wrong.empty(), each.name << " as an answer to " << call << wrong);
            std::filesystem::remove_all(scratch / "state");
        }
        for (const test::seen_request& request : server.seen()) {
            const bool is_ours =
                request.target == "/version" ||
                request.target.compare(0, 16, "/api/2.0/mlflow/") == 0 ||
                request.target.compare(0, 35, "/api/2.0/mlflow-artifacts/artifacts") == 0;
            const bool is_clean = is_ours && request.target.find("/..") == std::string::npos &&
                                  request.head.find("X-Mine") == std::string::npos;
            BOOST_TEST(is_clean, each.name << " had us ask for " << request.target);
        }
    }
    BOOST_TEST(other.connections() == 0u);
    BOOST_TEST((test::snapshot(scratch.path()) == before));
}

BOOST_AUTO_TEST_CASE(a_true_server_is_believed) {
    const test::scratch_directory scratch;
    test::error_log log;
    test::log_run(scratch, log);
    const test::variable state("XDG_STATE_HOME", (scratch / "state").c_str());
    const test::stand_in_server server(&test::tracking_answer);
    const mlscribe::sync_report report = mlscribe::sync(scratch.store(), server.url());
    BOOST_TEST(report.is_complete());
    for (const char* const call : calls) {
        bool is_asked = false;
        for (const auto& each : server.seen()) {
            is_asked = is_asked || each.target.find(call) != std::string::npos;
        }
        BOOST_TEST(is_asked, call);
    }
}

BOOST_AUTO_TEST_SUITE_END()
