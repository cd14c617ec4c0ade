// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/sync.hpp>

#include <cstddef>
#include <stdexcept>
#include <string>

#include "child_process.hpp"
#include "environment.hpp"
#include "few_descriptors.hpp"
#include "scratch_directory.hpp"
#include "small_stack.hpp"
#include "stand_in_server.hpp"
#include "tracking_answers.hpp"

using namespace mlscribe::detail;

namespace {

const std::string experiment = R"({"experiment": {"experiment_id": "7", "name": "trials",
    "lifecycle_stage": "active", "creation_time": "1"}})";
const std::string remote = R"({"run": {"info": {"run_id": "remote", "experiment_id": "7",
    "lifecycle_stage": "active", "artifact_uri": "mlflow-artifacts:/7/remote/artifacts"}}})";

/// A store of one run.
struct pushed_store {
    test::scratch_directory scratch;
    test::variable home{"XDG_STATE_HOME", (scratch / "state").c_str()};
    test::error_log log;
    std::string run_id;
    std::string folder;

    pushed_store() {
        mlscribe::run_options chosen = test::options(scratch, log);
        mlscribe::run run = mlscribe::start_run(chosen);
        run.log_metric("loss", 0.5, 0);
        run_id = run.id();
        folder = test::folder(scratch, run);
        run.end();
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(sync_store_push, pushed_store)

BOOST_AUTO_TEST_CASE(a_push_that_an_exception_ended_is_not_whole) {
    const test::stand_in_server server(
        {{}, {200, "2.22.5", ""}, {200, experiment}, {200, experiment}, {}, {200, remote}});
    mlscribe::sync_options options;
    options.on_run = [](const mlscribe::pushed_run&) { throw std::runtime_error("mine"); };
    const mlscribe::sync_report report = mlscribe::sync(scratch.store(), server.url(), options);
    BOOST_TEST(!report.is_complete());
    BOOST_TEST(report.stopped.message.find("on_run") != std::string::npos, report.stopped.message);
    BOOST_TEST(report.runs.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_name_that_is_longer_than_a_server_takes_is_none) {
    const std::string meta = test::read_file(folder + "/meta.yaml");
    const std::size_t at = meta.find("run_name: ");
    const std::size_t end = meta.find('\n', at);
    const test::stand_in_server server(test::tracking_answer);
    mlscribe::sync_options options;
    options.dry_run = true;
    const auto name = [&](const std::string& in_meta, const std::string& in_tag) {
        std::string text = meta;
        test::write_file(folder + "/meta.yaml",
                         text.replace(at, end - at, "run_name: '" + in_meta + '\''));
        test::write_file(folder + "/tags/mlflow.runName", in_tag);
        const mlscribe::sync_report report = mlscribe::sync(scratch.store(), server.url(), options);
        BOOST_REQUIRE(report.runs.size() == 1u);
        return report.runs[0].run_name;
    };
    const std::string most(65536, 'x');
    BOOST_TEST(name("one", "two") == "one");
    BOOST_TEST(name("", "two") == "two");
    BOOST_TEST((name("", most) == most));
    BOOST_TEST(name("", most + 'x') == "");
    BOOST_TEST((name(most, "") == most));
    BOOST_TEST(name(most + 'x', "") == "");
}

BOOST_AUTO_TEST_CASE(who_pushes_a_run_keeps_nobody_from_finding_it) {
    const test::stand_in_server server({{200, experiment}, {}, {200, remote}, {200, remote}});
    store_root store;
    remote_place place;
    const mlscribe::sync_options options;
    tracking_server asked(server.settings());
    BOOST_REQUIRE(!store_root::open(scratch.store(), store));
    push_context push(store, options);
    BOOST_REQUIRE(!push.shelf.open(server.url(), scratch.store(), false));
    remote_experiments experiments(push);
    remote_runs first(push, experiments);
    BOOST_TEST(!first.find(asked, run_id, place));
    // Another process pushes it, and would wait here for ever where this one waits for it.
    const push_turn turn = push.shelf.turn(run_id);
    remote_runs second(push, experiments);
    place = {};
    BOOST_TEST(!second.find(asked, run_id, place));
    BOOST_TEST(place.id == "remote");
    BOOST_TEST(place.artifact_uri == "mlflow-artifacts:/7/remote/artifacts");
}

BOOST_AUTO_TEST_CASE(runs_in_each_other_are_found_on_a_small_stack) {
    const std::string meta = test::read_file(folder + "/meta.yaml");
    const auto id_of = [](int level) { return std::string(29, 'a') + std::to_string(level); };
    const auto add = [&](int level, const std::string& parent) {
        std::string text = meta;
        for (std::size_t at = 0; (at = text.find(run_id)) != text.npos;) {
            text.replace(at, run_id.size(), id_of(level));
        }
        test::write_file(folder + "/../" + id_of(level) + "/meta.yaml", text);
        test::write_file(folder + "/../" + id_of(level) + "/tags/mlflow.parentRunId", parent);
    };
    add(100, "");
    for (int level = 101; level != 201; ++level) add(level, id_of(level - 1));
    add(500, id_of(501));
    add(501, id_of(500));
    const test::stand_in_server server(test::tracking_answer);
    store_root store;
    BOOST_REQUIRE(!store_root::open(scratch.store(), store));
    const mlscribe::sync_options options;
    const std::string said = test::on_a_small_stack([&]() -> std::string {
        push_context push(store, options);
        tracking_server asked(server.settings());
        if (push.shelf.open(server.url(), scratch.store(), false)) return "no shelf";
        remote_experiments experiments(push);
        remote_runs runs(push, experiments);
        std::string ids;
        for (const int level : {200, 500}) {
            remote_place place;
            if (const mlscribe::error failure = runs.find(asked, id_of(level), place)) {
                return failure.message;
            }
            ids += place.id + ' ';
        }
        return ids;
    });
    BOOST_TEST(said == "remote remote ");
    std::size_t made = 0;
    std::string first;
    for (const test::seen_request& each : server.seen()) {
        if (each.target.find("runs/create") == std::string::npos) continue;
        if (++made == 1) first = each.body;
    }
    BOOST_TEST(made == 103u);
    BOOST_TEST(first.find(id_of(100)) != first.npos, first);
}

BOOST_AUTO_TEST_CASE(more_experiments_than_a_process_may_have_files_open) {
    const std::size_t count = 60;
    for (std::size_t i = 1; i != count; ++i) {
        mlscribe::run_options chosen = test::options(scratch, log);
        chosen.experiment = "experiment " + std::to_string(i);
        mlscribe::start_run(chosen).end();
    }
    const test::stand_in_server server(test::tracking_answer);
    const std::string said = test::in_child([&] {
        const test::few_descriptors few(count / 2);
        mlscribe::sync_options options;
        options.jobs = 2;
        const mlscribe::sync_report report = mlscribe::sync(scratch.store(), server.url(), options);
        std::string told = std::to_string(report.runs.size()) + " runs";
        if (report.stopped) told += '\n' + report.stopped.message;
        for (const mlscribe::error& each : report.failures) told += '\n' + each.message;
        for (const mlscribe::pushed_run& each : report.runs) {
            for (const mlscribe::error& failure : each.failures) told += '\n' + failure.message;
        }
        return told;
    });
    BOOST_TEST(said == "60 runs");
}

BOOST_AUTO_TEST_SUITE_END()
