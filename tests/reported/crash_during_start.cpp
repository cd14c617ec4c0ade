// SPDX-License-Identifier: MIT
/// \file A job that was killed while its run began left an empty or cut meta.yaml, and with it an
/// experiment that showed no runs at all.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <random>
#include <set>
#include <string>

#include "child_process.hpp"
#include "scratch_directory.hpp"
#include "seed.hpp"

BOOST_AUTO_TEST_SUITE(crash_during_start)

BOOST_AUTO_TEST_CASE(leaves_no_run_that_mlflow_cannot_read) {
    const test::scratch_directory scratch;
    std::mt19937 random(test::seed(7));
    // Kills must fall into and behind a start, however slow this build and machine are.
    const auto begin = std::chrono::steady_clock::now();
    BOOST_REQUIRE(test::in_child([&] {
                      test::error_log log;
                      mlscribe::start_run(test::options(scratch, log));
                      return std::string();
                  }).empty());
    const auto start = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::steady_clock::now() - begin);
    const auto window =
        static_cast<unsigned>(std::clamp<std::int64_t>(2 * start.count(), 5000, 200000));
    for (int round = 0; round < 200; ++round) {
        test::child_process job([&] {
            for (;;) {
                test::error_log log;
                mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
                run.log_metric("loss", 1.0);
                run.log_param("lr", 0.1);
            }
            return std::string();
        });
        ::usleep(static_cast<useconds_t>(random() % window));
        job.kill();
        BOOST_REQUIRE(job.result() == "signal 9");
    }
    std::size_t runs = 0;
    std::set<std::string> tops;
    for (const std::string& name : test::tree(scratch.store())) {
        tops.insert(name.substr(0, name.find('/')));
        const std::string path = scratch.store() + '/' + name;
        if (name.find("/metrics/") != std::string::npos && name.back() != '/') {
            const std::string lines = test::read_file(path);
            BOOST_REQUIRE(!lines.empty());
            BOOST_REQUIRE(lines.back() == '\n');
        }
        const std::size_t slash = name.rfind('/');
        if (slash == std::string::npos || name.substr(slash) != "/meta.yaml") continue;
        if (name.find("/datasets/.mlscribe-") != std::string::npos) continue;  // no run yet
        std::string why;
        const auto document = mlscribe::meta_document::parse(test::read_file(path));
        BOOST_REQUIRE_MESSAGE(document, name << " is no YAML");
        if (name.find('/') != slash) {
            ++runs;
            BOOST_REQUIRE_MESSAGE(mlscribe::read_run_meta(*document, &why), name << ": " << why);
            const std::string folder = path.substr(0, path.rfind('/'));
            for (const char* child :
                 {"/metrics", "/params", "/artifacts", "/tags/mlflow.runName"}) {
                BOOST_REQUIRE(test::exists(folder + child));
            }
        } else {
            BOOST_REQUIRE_MESSAGE(mlscribe::read_experiment_meta(*document, &why),
                                  name << ": " << why);
        }
    }
    BOOST_TEST(runs > 1u);
    // One experiment of that name, whoever was killed while making it.
    const std::string id = mlscribe::detail::experiment_id_candidate("test", 0);
    tops.erase(id);
    for (const char* known : {".trash", "models", "0"}) tops.erase(known);
    BOOST_TEST(tops.empty());
    test::error_log log;
    mlscribe::run last = mlscribe::start_run(test::options(scratch, log));
    BOOST_TEST(last.recording());
    BOOST_TEST(last.experiment_id() == id);
    BOOST_TEST(log.all().empty());
}

BOOST_AUTO_TEST_SUITE_END()
