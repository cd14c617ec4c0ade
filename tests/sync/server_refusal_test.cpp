// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/sync/server_refusal.hpp>

#include <cerrno>
#include <string>
#include <utility>

namespace {

using mlscribe::error;
using mlscribe::error_code;
using mlscribe::detail::http_answer;
using mlscribe::detail::http_outcome;
using mlscribe::detail::server_settings;

server_settings settings() {
    server_settings chosen;
    chosen.url = "https://h:5000";
    chosen.username = "me";
    chosen.password = "pass.word";
    chosen.token = "to-ken";
    return chosen;
}

error refusal(long status, const std::string& body, const std::string& type = "application/json") {
    http_answer answer;
    answer.outcome = http_outcome::answered;
    answer.status = status;
    answer.body = body;
    answer.content_type = type;
    return mlscribe::detail::refusal_of(settings(), "create a run", answer);
}

bool has(const error& failure, const std::string& part) {
    return failure.message.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sync_server_refusal)

BOOST_AUTO_TEST_CASE(each_kind_has_its_code_and_its_way_out) {
    const struct {
        long status;
        std::string body;
        error_code code;
        std::string part;
    } cases[] = {
        {401, "You are not authenticated.", error_code::access_denied, "MLFLOW_TRACKING_TOKEN"},
        {403, "Permission denied", error_code::access_denied,
         "(403): Permission denied; ask who runs the server for leave to write"},
        {403, "<html>", error_code::access_denied, "(403); ask"},
        {403, "Invalid Host header - possible DNS rebinding attack detected",
         error_code::access_denied, "attack detected; have it started with --allowed-hosts"},
        {503, "no healthy upstream", error_code::unreachable, "(503): no healthy upstream"},
        {407, "", error_code::access_denied, "https_proxy"},
        {200, "<!doctype html>", error_code::unreachable, "a web page answers (200)"},
        {404, "<html>", error_code::unreachable, "prefix"},
        {405, "x", error_code::unreachable, "not MLflow's"},
        {501, "<!DOCTYPE HTML>", error_code::unreachable, "no MLflow server"},
        {413, "<html>", error_code::invalid_value, "larger bodies"},
        {400, R"({"error_code": "RESOURCE_ALREADY_EXISTS", "message": "there"})",
         error_code::already_exists, "there"},
        {404, R"({"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "No run"})",
         error_code::not_found, "No run"},
        {400, R"({"error_code": "INVALID_PARAMETER_VALUE", "message": "too long"})",
         error_code::invalid_value, "too long"},
        {500, R"({"error_code": "INTERNAL_ERROR", "message": "disk full"})",
         error_code::unreachable, "disk full"},
        {429, "", error_code::unreachable, "busy"},
        {418, "", error_code::invalid_value, "418"},
    };
    for (const auto& each : cases) {
        BOOST_TEST_CONTEXT(each.status << ' ' << each.body) {
            const error failure = refusal(each.status, each.body, "");
            BOOST_TEST((failure.code == each.code));
            BOOST_TEST(has(failure, "cannot create a run on tracking server https://h:5000: "));
            BOOST_TEST(has(failure, each.part), failure.message);
        }
    }
}

BOOST_AUTO_TEST_CASE(an_echoed_secret_is_not_shown) {
    const error failure = refusal(
        400,
        R"({"error_code": "X", "message": "to-ken pass.word Authorization: Basic bWU6cGFzcw== )"
        R"('authorization': 'bearer abc.def', basic"})");
    for (const char* const secret : {"to-ken", "pass.word", "bWU6", "abc.def"}) {
        BOOST_TEST(!has(failure, secret), failure.message);
    }
    BOOST_TEST(has(failure, "'authorization': 'bearer ***'"), failure.message);
}

BOOST_AUTO_TEST_CASE(no_spelling_of_a_secret_is_shown) {
    mlscribe::detail::server_settings asked = settings();
    asked.username = "Z";
    asked.password = "c0rrect horse";
    asked.token = "ab/cd+e%25f==";
    http_answer answer;
    answer.outcome = http_outcome::answered;
    answer.status = 400;
    // The base64 of them has a Z in it.
    answer.body =
        "got WjpjMHJyZWN0IGhvcnNl, WjpjMHJyZWN0IGhvcnNl and WjpjMHJyZWN0IGhvcnNl; "
        "ab%2Fcd%2Be%2525f%3D%3D ab%2fcd%2be%2525f== ab/cd%2Be%2525f%3D%3D ab/cd+e%25f==; "
        "c0rrect%20horse c0rrect horse %630rrect%20horse";
    const error failure = mlscribe::detail::refusal_of(asked, "create a run", answer);
    BOOST_TEST(has(failure, "got ***, *** and ***; *** *** *** ***; *** *** ***"), failure.message);
}

BOOST_AUTO_TEST_CASE(an_echo_without_end_shows_no_part_of_a_secret) {
    mlscribe::detail::server_settings asked = settings();
    asked.token = std::string(999, 't') + '!';
    std::string body;
    while (body.size() < 70000) body += asked.token;
    http_answer answer;
    answer.outcome = http_outcome::answered;
    answer.status = 400;
    answer.body = body;
    const error failure = mlscribe::detail::refusal_of(asked, "create a run", answer);
    BOOST_TEST(!has(failure, "ttt"), failure.message);
}

BOOST_AUTO_TEST_CASE(what_a_server_says_is_one_short_line) {
    const error failure =
        refusal(400, "{\"message\": \"a\\n\\u001b[31m" + std::string(5000, 'x') + "\"}");
    BOOST_TEST(has(failure, "a\\n\\x1B[31mxxx"), failure.message);
    BOOST_TEST(failure.message.size() < 600u);
    BOOST_TEST(failure.message.find('\n') == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_redirect_is_named_without_its_ticket) {
    http_answer answer;
    answer.outcome = http_outcome::answered;
    answer.status = 302;
    answer.location = "https://user:pw@login.example/sso?ticket=abc";
    const error failure = mlscribe::detail::refusal_of(settings(), "answer", answer);
    BOOST_TEST((failure.code == error_code::unreachable));
    BOOST_TEST(has(failure, "https://***@login.example/sso"), failure.message);
    BOOST_TEST(!has(failure, "ticket"));
    BOOST_TEST(!has(failure, "pw"));
}

BOOST_AUTO_TEST_CASE(no_answer_says_what_was_tried) {
    http_answer answer;
    answer.reason = "Failed to connect";
    for (const auto& [outcome, part] :
         {std::pair(http_outcome::not_sent, "is it running"),
          std::pair(http_outcome::lost, "broke"), std::pair(http_outcome::too_large, "larger"),
          std::pair(http_outcome::distrust, "MLFLOW_TRACKING_SERVER_CERT_PATH")}) {
        answer.outcome = outcome;
        const error failure = mlscribe::detail::refusal_of(settings(), "answer", answer);
        BOOST_TEST((failure.code == error_code::unreachable));
        BOOST_TEST(has(failure, part), failure.message);
    }
    answer.outcome = http_outcome::bad_file;
    answer.system_code = EIO;
    const error failure = mlscribe::detail::refusal_of(settings(), "answer", answer);
    BOOST_TEST((failure.code == error_code::system));
    BOOST_TEST(failure.system_code == EIO);
}

BOOST_AUTO_TEST_SUITE_END()
