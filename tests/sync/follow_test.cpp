// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/sync.hpp>

#include <optional>
#include <string>

#include "remembering_server.hpp"

using test::seen_request;

namespace {

/// A run that goes on.
struct followed_run : test::remembered_pushes {
    std::optional<mlscribe::run> run;

    followed_run() {
        options.follow = true;
        options.interval = std::chrono::milliseconds(1);
        run.emplace(mlscribe::start_run(named("run")));
        run->log_metric("loss", 4, 0);
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(sync_follow, followed_run)

BOOST_AUTO_TEST_CASE(it_lasts_until_the_run_has_ended) {
    int told = 0;
    options.on_run = [&](const mlscribe::pushed_run& pushed) {
        if (++told == 1) {
            BOOST_TEST((pushed.status == mlscribe::run_status::running));
            run->log_metric("loss", 2, 1);
            run->flush();
        } else if (run) {
            run->log_metric("loss", 1, 2);
            run.reset();
        }
    };
    const auto report = push();
    BOOST_TEST(report.is_complete(), complaints(report));
    BOOST_TEST(server.metrics["remote1"] == "loss 4.0 0 - -\nloss 2.0 1 - -\nloss 1.0 2 - -\n");
    BOOST_TEST(std::string(server.run_named("run")["info"]["status"]) == "FINISHED");
    BOOST_REQUIRE(report.runs.size() == 1u);
    BOOST_TEST(report.runs[0].points == 3u);
    BOOST_TEST((report.runs[0].status == mlscribe::run_status::finished));
}

BOOST_AUTO_TEST_CASE(a_server_that_is_away_for_a_while_is_asked_again) {
    int answers = 0;
    server.refuses = [&](const seen_request& request) -> std::optional<test::scripted_answer> {
        if (!has(request.target, "log-batch")) return std::nullopt;
        if (++answers > 2) return std::nullopt;
        return test::scripted_answer{503, "{}"};
    };
    options.on_run = [&](const mlscribe::pushed_run& pushed) {
        if (pushed.failures.empty()) run.reset();
    };
    const auto report = push();
    BOOST_TEST(report.is_complete(), complaints(report));
    BOOST_TEST(answers > 2);
    BOOST_TEST(has(server.metrics["remote1"], "loss 4.0 0 - -\n"));
}

BOOST_AUTO_TEST_CASE(who_may_not_write_does_not_wait_for_leave) {
    server.refuses = [](const seen_request& request) -> std::optional<test::scripted_answer> {
        if (!has(request.target, "log-batch")) return std::nullopt;
        return test::scripted_answer{403, R"({"error_code": "PERMISSION_DENIED"})"};
    };
    BOOST_TEST((push().stopped.code == mlscribe::error_code::access_denied));
    BOOST_TEST(requests("log-batch") == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
