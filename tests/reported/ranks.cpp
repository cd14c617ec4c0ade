// SPDX-License-Identifier: MIT
/// \file Every process of a parallel job made a run of its own, where one was meant.
#include <boost/test/unit_test.hpp>

#include <stdlib.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "child_process.hpp"
#include "environment.hpp"
#include "scratch_directory.hpp"

namespace {

using variables = std::map<std::string, std::string>;

constexpr int ranks = 4;
const char* const launchers[] = {"OMPI_COMM_WORLD_RANK", "PMIX_RANK",    "PMI_RANK",
                                 "MV2_COMM_WORLD_RANK",  "SLURM_PROCID", "RANK"};

/// As every launcher sets it, and whatever else of it is needed.
variables of_rank(const std::string& launcher, int rank) {
    variables all = {{launcher, std::to_string(rank)}};
    if (launcher == "SLURM_PROCID") all["SLURM_STEP_ID"] = "0";
    if (launcher == "RANK") all["WORLD_SIZE"] = std::to_string(ranks);
    return all;
}

/// What `body` says in each of the ranks, which run at once.
std::vector<std::string> in_ranks(const std::string& launcher,
                                  const std::function<std::string()>& body) {
    std::vector<std::unique_ptr<test::child_process>> processes;
    for (int rank = 0; rank < ranks; ++rank) {
        processes.push_back(std::make_unique<test::child_process>([&] {
            for (const char* other : launchers) ::unsetenv(other);
            for (const auto& [name, value] : of_rank(launcher, rank)) {
                ::setenv(name.c_str(), value.c_str(), 1);
            }
            return body();
        }));
    }
    std::vector<std::string> said;
    for (const auto& process : processes) said.push_back(process->result());
    return said;
}

/// A loop with calls of every kind. \return its steps, and whether it is recorded
std::string train(mlscribe::run& run) {
    std::string seen = run.recording() ? "records" : "silent";
    mlscribe::metric_handle loss = run.metric("loss");
    auto mean = run.metric<mlscribe::mean>("mean");
    run.log_param("lr", 0.1);
    run.log_text("text", "notes.txt");
    for (auto epoch : run.epochs(5)) {
        loss.log(0.5);
        mean.add(0.5);
        if (epoch == 2) run.checkpoint("middle");
        seen += ' ' + std::to_string(epoch);
    }
    mlscribe::run child = run.start_child("child");
    seen += child.recording() == run.recording() ? "" : " but its child";
    return seen;
}

std::string started(const mlscribe::run_options& chosen, const test::error_log& log) {
    mlscribe::run run = mlscribe::start_run(chosen);
    std::string seen = train(run);
    run.end();
    for (const mlscribe::error& failure : log.all()) seen += '|' + failure.message;
    return seen;
}

std::vector<std::string> runs_of(const test::scratch_directory& scratch) {
    std::vector<std::string> found;
    if (!test::exists(scratch.store())) return found;
    for (const std::string& name : test::tree(scratch.store())) {
        const std::size_t slash = name.rfind('/');
        if (slash == std::string::npos || name.substr(slash) != "/meta.yaml") continue;
        const std::string folder = scratch.store() + '/' + name.substr(0, slash);
        if (name.find('/') != slash) found.push_back(folder);
    }
    return found;
}

const std::vector<std::string> one_records = {"records 0 1 2 3 4", "silent 0 1 2 3 4",
                                              "silent 0 1 2 3 4", "silent 0 1 2 3 4"};
const std::vector<std::string> all_record(ranks, "records 0 1 2 3 4");

}  // namespace

BOOST_AUTO_TEST_SUITE(ranks_of_a_job)

BOOST_AUTO_TEST_CASE(the_first_logs_for_all) {
    for (const char* launcher : launchers) {
        const test::scratch_directory scratch;
        test::error_log log;
        const mlscribe::run_options options = test::options(scratch, log);
        BOOST_TEST(in_ranks(launcher, [&] { return started(options, log); }) == one_records,
                   boost::test_tools::per_element());
        const auto runs = runs_of(scratch);
        BOOST_TEST(runs.size() == 2u, launcher);  // one, and its child
        for (const std::string& folder : runs) BOOST_TEST(test::meta(folder, "status") == "3");
    }
}

BOOST_AUTO_TEST_CASE(the_others_touch_nothing) {
    const test::variable second("OMPI_COMM_WORLD_RANK", "1");
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run_options options = test::options(scratch, log);
    options.run_id = "../illegal";
    options.errors = mlscribe::strictness::raise;
    BOOST_TEST(started(options, log) == "silent 0 1 2 3 4");
    mlscribe::run resumed = mlscribe::resume_run("missing");
    BOOST_TEST(train(resumed) == "silent 0 1 2 3 4");
    BOOST_TEST(resumed.id() == "");
    BOOST_TEST(resumed.lost_points() == 0u);
    BOOST_TEST(log.all().empty());
    BOOST_TEST(test::tree(scratch.path()).empty());
}

BOOST_AUTO_TEST_CASE(every_one_logs_where_the_program_or_the_environment_says_so) {
    for (const bool by_environment : {false, true}) {
        const test::scratch_directory scratch;
        test::error_log log;
        mlscribe::run_options options = test::options(scratch, log);
        if (!by_environment) options.ranks = mlscribe::rank_policy::every_logs;
        const test::variable chosen("MLSCRIBE_RANKS", by_environment ? "every" : nullptr);
        BOOST_TEST(in_ranks("SLURM_PROCID", [&] { return started(options, log); }) == all_record,
                   boost::test_tools::per_element());
        BOOST_TEST(runs_of(scratch).size() == 8u);
        const test::variable first("MLSCRIBE_RANKS", "first");
        options.ranks = mlscribe::rank_policy::every_logs;
        BOOST_TEST(in_ranks("SLURM_PROCID", [&] { return started(options, log); }) == one_records,
                   boost::test_tools::per_element());
        BOOST_TEST(runs_of(scratch).size() == 10u);
    }
}

BOOST_AUTO_TEST_CASE(a_misspelt_switch_is_told_by_the_one_that_logs) {
    const test::variable misspelt("MLSCRIBE_RANKS", "all");
    const test::scratch_directory scratch;
    test::error_log log;
    const mlscribe::run_options options = test::options(scratch, log);
    const auto said = in_ranks("PMI_RANK", [&] { return started(options, log); });
    const std::string told =
        "MLSCRIBE_RANKS is \"all\"; it may be \"first\", \"every\", \"children\", \"one\" or "
        "\"node\"";
    BOOST_TEST(said[0].find(told) != std::string::npos, said[0]);
    BOOST_TEST(said[1] == one_records[1]);
}

BOOST_AUTO_TEST_CASE(resumed_by_the_first_and_the_loop_goes_on_in_all) {
    const test::scratch_directory scratch;
    test::error_log log;
    std::string id;
    {
        mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
        id = run.id();
        train(run);
    }
    const mlscribe::resume_options options = test::resuming(scratch, log);
    const auto resumed = [&](auto... from) {
        return in_ranks("OMPI_COMM_WORLD_RANK", [&] {
            mlscribe::run run = mlscribe::resume_run(id, from..., options);
            std::string seen = run.recording() ? "records" : "silent";
            for (auto epoch : run.epochs(5)) {
                run.log_metric("loss", 0.5);
                seen += ' ' + std::to_string(epoch);
            }
            for (const mlscribe::error& failure : log.all()) seen += '|' + failure.message;
            return seen;
        });
    };
    const std::vector<std::string> from_3 = {"records 3 4", "silent 3 4", "silent 3 4",
                                             "silent 3 4"};
    BOOST_TEST(resumed(mlscribe::from_checkpoint{"middle"}) == from_3,
               boost::test_tools::per_element());
    BOOST_TEST(resumed(mlscribe::from_step{3}) == from_3, boost::test_tools::per_element());
    BOOST_TEST(resumed() == one_records, boost::test_tools::per_element());
    const auto unknown = resumed(mlscribe::from_checkpoint{"unknown"});
    BOOST_TEST(unknown[0].find("has no checkpoint \"unknown\"") != std::string::npos);
    BOOST_TEST(unknown[1] == one_records[1]);
    BOOST_TEST(runs_of(scratch).size() == 2u);
    // The environment names the run.
    const test::variable named("MLFLOW_RUN_ID", id.c_str());
    const mlscribe::run_options start = test::options(scratch, log);
    BOOST_TEST(in_ranks("PMIX_RANK", [&] { return started(start, log); }) == one_records,
               boost::test_tools::per_element());
    BOOST_TEST(runs_of(scratch).size() == 3u);  // and one more child
}

BOOST_AUTO_TEST_SUITE_END()
