// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/sync.hpp>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

#include "child_process.hpp"
#include "remembering_server.hpp"

using mlscribe::error_code;
using test::seen_request;

BOOST_FIXTURE_TEST_SUITE(sync_run_push, test::remembered_pushes)

BOOST_AUTO_TEST_CASE(a_run_comes_with_its_parents_and_all_it_has) {
    std::string child;
    {
        mlscribe::run run = mlscribe::start_run(named("parent"));
        mlscribe::run inner = run.start_child("child");
        child = inner.id();
        inner.log_param("lr", 0.5);
        inner.log_metric("loss", 0.25, 3);
        inner.log_text("words", "notes/a.txt");
    }
    mlscribe::start_run(named("other")).end();
    options.runs = {child};
    const auto report = push();
    BOOST_TEST(report.is_complete(), complaints(report));
    BOOST_TEST(report.runs.size() == 2u);
    BOOST_TEST(server.runs.size() == 2u);
    auto& sent = server.run_named("child");
    const std::string id = sent["info"]["run_id"];
    BOOST_TEST(server.tag(sent, "mlflow.parentRunId") ==
               std::string(server.run_named("parent")["info"]["run_id"]));
    BOOST_TEST(std::string(sent["info"]["status"]) == "FINISHED");
    BOOST_TEST(sent["data"]["params"].dump() == R"([{"key":"lr","value":"0.5"}])");
    BOOST_TEST(server.metrics[id] == "loss 0.25 3 - -\n");
    BOOST_TEST(server.files["/1/" + id + "/notes/a.txt"] == "words");
    // Again it costs nothing.
    const std::size_t before = server.seen().size();
    BOOST_TEST(push().is_complete());
    for (std::size_t i = before; i != server.seen().size(); ++i) {
        const seen_request each = server.seen()[i];
        BOOST_TEST((each.method == "GET" || has(each.target, "search")), each.target);
    }
}

BOOST_AUTO_TEST_CASE(what_is_named_and_not_there_is_told) {
    mlscribe::start_run(named("run")).end();
    options.runs = {std::string(32, 'a')};
    options.experiments = {"unknown"};
    const std::string told = complaints(push());
    BOOST_TEST(has(told, std::string(32, 'a')), told);
    BOOST_TEST(has(told, "no experiment \"unknown\""), told);
    BOOST_TEST(server.runs.empty());
}

BOOST_AUTO_TEST_CASE(a_dry_push_counts_and_sends_nothing) {
    mlscribe::run run = mlscribe::start_run(named("run"));
    run.log_metric("loss", 1, 0);
    run.log_metric("loss", 2, 1);
    run.log_text("12345", "a.txt");
    run.end();
    options.dry_run = true;
    const auto report = push();
    BOOST_TEST(report.is_complete(), complaints(report));
    BOOST_REQUIRE(report.runs.size() == 1u);
    BOOST_TEST(report.runs[0].is_changed);
    BOOST_TEST(report.runs[0].points == 2u);
    BOOST_TEST(report.runs[0].artifacts == 1u);
    BOOST_TEST(server.experiments.empty());
    BOOST_TEST(!test::exists(scratch / "state"));
}

BOOST_AUTO_TEST_CASE(a_deleted_run_is_deleted_there_and_comes_back_with_the_one_here) {
    mlscribe::run run = mlscribe::start_run(named("run"));
    const std::string id(run.id());
    run.end();
    mlscribe::client here(scratch.store());
    BOOST_TEST(push().is_complete());
    const auto stage = [&] {
        return std::string(server.run_named("run")["info"]["lifecycle_stage"]);
    };
    BOOST_REQUIRE(here.delete_run(id));
    BOOST_TEST(push().is_complete());
    BOOST_TEST(stage() == "deleted");
    // What is new of a deleted run goes into it as well.
    test::write_file(scratch.store() + "/1/" + id + "/tags/late", "news");
    for (const auto& each : std::filesystem::directory_iterator(scratch.store())) {
        const std::string folder = each.path().string() + '/' + id;
        if (test::exists(folder)) test::write_file(folder + "/tags/late", "news");
    }
    BOOST_TEST(push().is_complete());
    BOOST_TEST(stage() == "deleted");
    BOOST_TEST(server.tag(server.run_named("run"), "late") == "news");
    BOOST_REQUIRE(here.restore_run(id));
    BOOST_TEST(push().is_complete());
    BOOST_TEST(stage() == "active");
    // One that others deleted there stays deleted.
    server.run_named("run")["info"]["lifecycle_stage"] = "deleted";
    mlscribe::resume_run(id, test::resuming(scratch, log)).log_metric("loss", 1, 1);
    const std::string told = complaints(push());
    BOOST_TEST(has(told, "deleted on the server"), told);
    BOOST_TEST(stage() == "deleted");
}

BOOST_AUTO_TEST_CASE(a_run_that_is_removed_while_it_is_sent_is_made_anew) {
    mlscribe::run run = mlscribe::start_run(named("run"));
    run.log_metric("loss", 1, 0);
    run.end();
    bool is_removed = false;
    server.refuses = [&](const seen_request& request) -> std::optional<test::scripted_answer> {
        if (is_removed || !has(request.target, "log-batch")) return std::nullopt;
        is_removed = true;
        server.runs.clear();
        return server.no_such_thing();
    };
    const auto report = push();
    BOOST_TEST(report.is_complete(), complaints(report));
    BOOST_REQUIRE(server.runs.size() == 1u);
    BOOST_TEST(server.runs.begin()->first == "remote2");
    BOOST_TEST(server.metrics["remote2"] == "loss 1.0 0 - -\n");
}

BOOST_AUTO_TEST_CASE(what_the_server_refuses_is_told_and_keeps_no_other_out) {
    mlscribe::run run = mlscribe::start_run(named("run"));
    run.log_param("bad param", 1);
    run.log_param("good", 1);
    run.set_tag("bad tag", "x");
    run.log_metric("bad metric", 1, 0);
    run.log_metric("good", 2, 0);
    run.end();
    server.refuses = [](const seen_request& request) -> std::optional<test::scripted_answer> {
        if (!has(request.target, "log-batch") || !has(request.body, "\"bad")) return std::nullopt;
        return test::remembering_server::illegal("it is bad");
    };
    for (int time = 0; time != 2; ++time) {
        const std::string told = complaints(push());
        BOOST_TEST(has(told, "param \"bad param\": "), told);
        BOOST_TEST(has(told, "tag \"bad tag\": "), told);
        BOOST_TEST(has(told, "metric \"bad metric\", some points: "), told);
        BOOST_TEST(has(told, "it is bad"), told);
        BOOST_TEST(server.metrics["remote1"] == "good 2.0 0 - -\n");
    }
}

BOOST_AUTO_TEST_CASE(who_may_not_write_is_not_asked_for_the_rest) {
    mlscribe::start_run(named("first")).end();
    mlscribe::start_run(named("second")).end();
    server.refuses = [](const seen_request& request) -> std::optional<test::scripted_answer> {
        if (!has(request.target, "runs/create")) return std::nullopt;
        return test::scripted_answer{403, R"({"error_code": "PERMISSION_DENIED"})"};
    };
    const auto report = push();
    BOOST_TEST((report.stopped.code == error_code::access_denied));
    BOOST_TEST(requests("runs/create") == 1u);
    BOOST_TEST(has(complaints(report), "it was not pushed any more"), complaints(report));
}

BOOST_AUTO_TEST_CASE(points_of_a_killed_process_are_recovered_and_sent) {
    test::in_child([this] {
        mlscribe::run run = mlscribe::start_run(named("killed"));
        run.log_metric("loss", 0.5, 7);
        ::raise(SIGKILL);
        return std::string();
    });
    const auto report = push();
    BOOST_TEST(report.is_complete(), complaints(report));
    BOOST_TEST(server.metrics["remote1"] == "loss 0.5 7 - -\n");
    BOOST_REQUIRE(report.runs.size() == 1u);
    BOOST_TEST(std::string(server.run_named("killed")["info"]["status"]) ==
               to_string(report.runs[0].status));
    BOOST_TEST((report.runs[0].status != mlscribe::run_status::running));
}

BOOST_AUTO_TEST_CASE(artifacts_that_are_elsewhere_are_named) {
    mlscribe::run run = mlscribe::start_run(named("run"));
    const std::string meta = test::folder(scratch, run) + "/meta.yaml";
    run.end();
    std::string text = test::read_file(meta);
    const std::size_t uri = text.find("artifact_uri: ");
    text.replace(uri, text.find('\n', uri) - uri, "artifact_uri: s3://bucket/place");
    test::write_file(meta, text);
    const auto report = push();
    BOOST_TEST(report.is_complete(), complaints(report));
    BOOST_TEST(has(notes(report), "s3://bucket/place"), notes(report));
}

BOOST_AUTO_TEST_CASE(a_long_metric_goes_in_batches_and_tells_its_progress) {
    mlscribe::run run = mlscribe::start_run(named("run"));
    for (int step = 0; step != 2500; ++step) run.log_metric("loss", step, step);
    run.log_text("12345", "a.txt");
    run.end();
    mlscribe::sync_progress last;
    options.on_progress = [&last](const mlscribe::sync_progress& now) {
        BOOST_TEST(now.points_done >= last.points_done);
        last = now;
    };
    // The server is gone behind the first batch; what it has is not sent again.
    server.refuses = [this](const seen_request& request) -> std::optional<test::scripted_answer> {
        if (!has(request.target, "log-batch") || server.metrics.empty()) return std::nullopt;
        return test::scripted_answer{503, "{}"};
    };
    BOOST_TEST((push().stopped.code == error_code::unreachable));
    server.refuses = {};
    const auto report = push();
    BOOST_TEST(report.is_complete(), complaints(report));
    const std::string& lines = server.metrics["remote1"];
    BOOST_TEST(std::count(lines.begin(), lines.end(), '\n') == 2500);
    BOOST_TEST(last.runs_done == 1u);
    BOOST_TEST(last.bytes_done == 5u);
}

BOOST_AUTO_TEST_CASE(a_store_that_is_none_and_a_run_that_is_damaged_are_told) {
    mlscribe::run run = mlscribe::start_run(named("run"));
    const std::string meta = test::folder(scratch, run) + "/meta.yaml";
    run.end();
    mlscribe::start_run(named("other")).end();
    std::string text = test::read_file(meta);
    for (const char* const key : {"run_id: ", "run_uuid: "}) {
        const std::size_t at = text.find(key);
        text.replace(at, text.find('\n', at) - at, key + std::string(32, 'c'));
    }
    test::write_file(meta, text);
    const std::string told = complaints(push());
    BOOST_TEST(has(told, "is that of run \"" + std::string(32, 'c')), told);
    BOOST_TEST(server.runs.size() == 1u);
    const auto refused = mlscribe::sync("uc", server.url(), options);
    BOOST_TEST((refused.stopped.code == error_code::unsupported_uri), refused.stopped.message);
}

BOOST_AUTO_TEST_SUITE_END()
