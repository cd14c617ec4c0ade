// SPDX-License-Identifier: MIT
/// \file A store that somebody made to hurt who pushes it: memory is bounded, and what is sound in
/// it is pushed.
#include <boost/test/unit_test.hpp>

#include <mlscribe/sync.hpp>

#include <filesystem>
#include <string>

#include "bounded_memory.hpp"
#include "child_process.hpp"
#include "environment.hpp"
#include "scratch_directory.hpp"
#include "stand_in_server.hpp"
#include "tracking_answers.hpp"

namespace {

std::string crowded(const std::string& before, const std::string& part, std::size_t bytes) {
    std::string text = before;
    while (text.size() < bytes) text += part;
    return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sync_hostile_stores)

BOOST_AUTO_TEST_CASE(files_of_many_values) {
    const test::scratch_directory scratch;
    test::error_log log;
    test::log_run(scratch, log);
    std::string run;
    for (const std::string& each : test::tree(scratch.store())) {
        if (each.find("/metrics/loss") != each.npos) {
            run = scratch.store() + '/' + each.substr(0, each.find("/metrics/loss"));
        }
    }
    const test::variable state("XDG_STATE_HOME", (scratch / "state").c_str());
    const std::string metas[] = {crowded("a: [x", ",x", std::size_t{6} << 20) + "]\n",
                                 crowded("a: [x", ",x", std::size_t{1000} << 10) + "]\n"};
    const std::string list = crowded("[[]", ",[]", std::size_t{6} << 20) + ']';
    for (const char* const tag : {"mlflow.loggedArtifacts", "mlflow.log-model.history"}) {
        test::write_file(run + "/tags/" + tag, list);
    }
    test::write_file(run + "/artifacts/model/MLmodel", metas[0]);
    test::write_file(run + "/artifacts/rows.json", list);
    int number = 10;
    for (const std::string& meta : metas) {
        const std::string other = std::to_string(++number);
        for (const std::string& path :
             {run + "/../" + std::string(30, '0') + other, run + "/../../" + other,
              run + "/inputs/" + other, run + "/../datasets/" + other, run + "/outputs/m-" + other,
              run + "/../models/m-" + other}) {
            test::write_file(path + "/meta.yaml", meta);
        }
    }
    const test::stand_in_server server(test::tracking_answer);
    const std::string said = test::in_child([&] {
        test::bound_memory(256);
        mlscribe::sync_options options;
        options.jobs = 1;
        const mlscribe::sync_report report = mlscribe::sync(scratch.store(), server.url(), options);
        std::string told = report.stopped.message + '\n';
        for (const mlscribe::error& each : report.failures) told += each.message + '\n';
        for (const mlscribe::pushed_run& each : report.runs) {
            for (const mlscribe::error& failure : each.failures) told += failure.message + '\n';
        }
        return told + "all was pushed";
    });
    BOOST_TEST(said.find("all was pushed") != said.npos, said);
    BOOST_TEST(said.find("memory") == said.npos, said);
    for (const char* const rule : {"at most 1 MiB", "65536 values"}) {
        BOOST_TEST(said.find(rule) != said.npos, rule << ": " << said);
    }
    bool is_sent = false;
    for (const test::seen_request& each : server.seen()) {
        is_sent = is_sent || each.body.find("\"lr\"") != std::string::npos;
    }
    BOOST_TEST(is_sent);
}

BOOST_AUTO_TEST_SUITE_END()
