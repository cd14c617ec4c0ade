// SPDX-License-Identifier: MIT
/// \file Credentials go to the server that was named, and are found nowhere afterwards.
#include <boost/test/unit_test.hpp>

#include <mlscribe/report.hpp>
#include <mlscribe/sync.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "child_process.hpp"
#include "environment.hpp"
#include "scratch_directory.hpp"
#include "stand_in_server.hpp"
#include "tracking_answers.hpp"

namespace {

// Put together: a model keeps this very source.
const std::string token = std::string("T0kEn") + "-of/the+owner";
const std::string user = std::string("us3r") + "-of.the_owner";
const std::string password = std::string("p4ss") + ":w0rd@&%?of the owner";

/// One way to say who asks.
struct asker {
    const char* name;
    std::map<std::string, std::string> variables;
    std::string in_url;
    std::vector<std::string> secrets;

    /// In each spelling that a message or file may have.
    std::vector<std::string> spellings() const {
        std::vector<std::string> all = secrets;
        for (const std::string& secret : secrets) {
            all.push_back(mlscribe::percent_encoded_path(secret));
        }
        if (secrets.size() == 2) {
            all.push_back(mlscribe::detail::base64(secrets[0] + ':' + secrets[1]));
        }
        return all;
    }
    /// What of them stands in a text.
    std::string found_in(const std::string& text) const {
        for (const std::string& each : spellings()) {
            if (text.find(each) != text.npos) return each;
        }
        return {};
    }
};

std::vector<asker> askers() {
    std::string in_url;
    for (const char c : user + ':' + password) {
        in_url += c == ':' && in_url.find(':') == in_url.npos
                      ? std::string(1, c)
                      : mlscribe::percent_encoded_path(std::string(1, c));
    }
    return {{"a token", {{"MLFLOW_TRACKING_TOKEN", token}}, "", {token}},
            {"a name",
             {{"MLFLOW_TRACKING_USERNAME", user}, {"MLFLOW_TRACKING_PASSWORD", password}},
             "",
             {user, password}},
            {"the URL", {}, in_url + '@', {user, password}}};
}

/// What the server makes of it: it tells back what it was told.
std::map<std::string, std::function<test::scripted_answer(const test::seen_request&)>> behaviours(
    const asker& who, const std::string& other) {
    const auto echoes = [who](int status, const char* code) {
        return [status, code, who](const test::seen_request& request) {
            std::string all = request.head;
            for (const std::string& each : who.spellings()) all += ' ' + each;
            std::string message;
            mlscribe::detail::append_json_string(message, all);
            return test::scripted_answer{status, std::string("{\"error_code\": \"") + code +
                                                     "\", \"message\": " + message + '}'};
        };
    };
    return {{"welcomes", &test::tracking_answer},
            {"knows nobody", echoes(401, "UNAUTHENTICATED")},
            {"refuses", echoes(403, "PERMISSION_DENIED")},
            {"breaks", echoes(500, "INTERNAL_ERROR")},
            {"takes no value", echoes(400, "INVALID_PARAMETER_VALUE")},
            {"speaks in plain words",
             [](const test::seen_request& request) {
                 return test::scripted_answer{400, request.head, "Content-Type: text/plain\r\n"};
             }},
            {"sends on",
             [other](const test::seen_request&) {
                 std::string target = other + "/?token=" + token + "&user=" + user;
                 return test::scripted_answer{302, "", "Location: " + target + "\r\n"};
             }},
            {"sends on with a name",
             [other](const test::seen_request&) {
                 const std::string target = "http://" + user + ':' + token + '@' + other.substr(7);
                 return test::scripted_answer{307, "", "Location: " + target + "\r\n"};
             }},
            {"refuses only files",
             [echo = echoes(400, "INVALID_PARAMETER_VALUE")](const test::seen_request& request) {
                 return request.method == "PUT" ? echo(request) : test::tracking_answer(request);
             }},
            {"refuses only batches",
             [echo = echoes(400, "INVALID_PARAMETER_VALUE")](const test::seen_request& request) {
                 return request.target.find("log-batch") != request.target.npos
                            ? echo(request)
                            : test::tracking_answer(request);
             }},
            {"hangs up", [](const test::seen_request&) {
                 return test::scripted_answer{200, "", "", test::way::drop};
             }}};
}

/// All messages of a push.
std::string said_by(const mlscribe::sync_report& report) {
    std::string all = report.stopped.message;
    for (const auto& each : report.failures) all += '\n' + each.message;
    for (const auto& run : report.runs) {
        for (const auto& each : run.failures) all += '\n' + each.message;
        for (const auto& each : run.notes) all += '\n' + each.message;
    }
    return all;
}

void check_files(const std::string& folder, const asker& who, const std::string& after) {
    for (const std::string& name : test::tree(folder)) {
        BOOST_TEST(who.found_in(name).empty(), name << " after " << after);
        const std::string path = folder + '/' + name;
        if (name.back() == '/' || std::filesystem::is_symlink(path)) continue;
        const std::string secret = who.found_in(test::read_file(path));
        BOOST_TEST(secret.empty(), name << " has " << secret << " after " << after);
    }
}

/// Runs `body` with these variables, and what it prints in a file.
template <class Body>
std::string with(const test::scratch_directory& scratch, const asker& who, Body&& body) {
    return test::in_child([&] {
        for (const auto& [name, value] : who.variables) ::setenv(name.c_str(), value.c_str(), 1);
        ::setenv("XDG_STATE_HOME", (scratch / "state").c_str(), 1);
        ::setenv("HOME", scratch.path().c_str(), 1);
        ::setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0", 1);
        const int printed =
            ::open((scratch / "printed").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
        ::dup2(printed, 1);
        ::dup2(printed, 2);
        return std::string(body());
    });
}

struct vector_pair {
    double slope = 1;
    double offset = 2;
};
MLSCRIBE_DESCRIBE(vector_pair, slope, offset)

}  // namespace

BOOST_AUTO_TEST_SUITE(sync_secrets)

BOOST_AUTO_TEST_CASE(a_push_leaves_none_however_it_ends) {
    const test::stand_in_server other;
    for (const asker& who : askers()) {
        for (const auto& [name, behaviour] : behaviours(who, other.url())) {
            const test::scratch_directory scratch;
            test::error_log log;
            test::log_run(scratch, log);
            const test::stand_in_server server(behaviour);
            const std::string url = "http://" + who.in_url + server.url().substr(7);
            const std::string after = std::string(who.name) + " and a server that " + name;
            const std::string said =
                with(scratch, who, [&] { return said_by(mlscribe::sync(scratch.store(), url)); });
            BOOST_TEST(who.found_in(said).empty(), after << ": " << said);
            check_files(scratch.path(), who, after);
            BOOST_TEST(!server.seen().empty(), after);
            for (const test::seen_request& request : server.seen()) {
                BOOST_TEST(request.head.find("\r\nAuthorization: B") != request.head.npos, after);
                BOOST_TEST(who.found_in(request.target + request.body).empty(), after);
            }
        }
    }
    BOOST_TEST(other.connections() == 0u);
}

BOOST_AUTO_TEST_CASE(nor_does_one_that_never_began) {
    std::string closed;
    {
        const test::stand_in_server gone;
        closed = gone.url().substr(7);
    }
    const test::stand_in_server plain;
    const std::string hosts[] = {
        "http://@" + closed, "https://@" + closed, "https://@" + plain.url().substr(7),
        "http://@[::1",      "http://@",           "http://@h/?token=" + token,
        "ftp://@h"};
    for (asker who : askers()) {
        // Who does not speak TLS is silent.
        who.variables["MLFLOW_HTTP_REQUEST_TIMEOUT"] = "1";
        for (const std::string& host : hosts) {
            const test::scratch_directory scratch;
            test::error_log log;
            test::log_run(scratch, log);
            std::string url = host;
            url.replace(url.find('@'), 1, who.in_url);
            const std::string said =
                with(scratch, who, [&] { return said_by(mlscribe::sync(scratch.store(), url)); });
            BOOST_TEST(!said.empty(), host);
            BOOST_TEST(who.found_in(said).empty(), host << ": " << said);
            check_files(scratch.path(), who, host);
        }
    }
}

BOOST_AUTO_TEST_CASE(nor_does_a_run_while_the_variables_are_set) {
    for (asker who : askers()) {
        const test::scratch_directory scratch;
        who.variables["MLFLOW_TRACKING_URI"] =
            "http://" + who.in_url + "127.0.0.1:1/?token=" + token;
        const std::string said = with(scratch, who, [&] {
            if (::chdir(scratch.path().c_str()) != 0) return std::string("no such folder");
            test::write_file(scratch / "own.txt", "own");
            mlscribe::run run = mlscribe::start_run("secrets", "run");
            run.capture_output();
            run.log_param("lr", 0.1);
            run.log_metric("loss", 1.0);
            run.log_model("line", vector_pair{});
            run.log_artifact("own.txt");
            run.log_report();
            run.checkpoint("saved");
            run.start_child("child").log_metric("loss", 2.0);
            auto data = mlscribe::dataset_of(std::vector<double>{1.0}, "numbers");
            data.set_source("https://" + who.in_url + "h/data?token=" + token);
            run.end(mlscribe::run_status::failed);
            return std::string(run.id().empty() ? "nothing was recorded" : "");
        });
        BOOST_TEST(said.empty(), said);
        BOOST_TEST(test::exists(scratch / "mlruns"));
        check_files(scratch.path(), who, std::string("a run with ") + who.name);
    }
}

BOOST_AUTO_TEST_SUITE_END()
