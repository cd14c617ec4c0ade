// SPDX-License-Identifier: MIT
/// \file The ranks and the starts of a job make the runs that its policy says, and no others.
#include <boost/test/unit_test.hpp>

#include <mlscribe/doctor.hpp>
#include <mlscribe/hpc.hpp>
#include <mlscribe/mlscribe.hpp>
#include <mlscribe/monitor.hpp>
#include <mlscribe/query.hpp>

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "environment.hpp"
#include "job_ranks.hpp"
#include "scratch_directory.hpp"

namespace {

constexpr int ranks = 4;
const test::variables slurm = {{"SLURM_JOB_ID", "77"}, {"SLURM_CLUSTER_NAME", "alps"}};

test::variables with(test::variables job, const std::string& name, const std::string& value) {
    job[name] = value;
    return job;
}

/// The folder of a run; "" where it is not.
std::string folder_of(const test::scratch_directory& scratch, const std::string& id) {
    if (!test::exists(scratch.store())) return {};
    const std::string end = '/' + id + "/meta.yaml";
    for (const std::string& path : test::tree(scratch.store())) {
        const std::size_t at = path.rfind(end);
        if (at == std::string::npos || at + end.size() != path.size()) continue;
        return scratch.store() + '/' + path.substr(0, path.rfind('/'));
    }
    return {};
}

std::size_t count_runs(const test::scratch_directory& scratch) {
    std::size_t count = 0;
    if (!test::exists(scratch.store())) return 0;
    for (const std::string& path : test::tree(scratch.store())) {
        // mlruns/<experiment>/<run>/meta.yaml
        const bool is_meta = path.size() > 10 && path.substr(path.size() - 10) == "/meta.yaml";
        if (is_meta && std::count(path.begin(), path.end(), '/') == 2) ++count;
    }
    return count;
}

std::string tag(const std::string& folder, const std::string& key) {
    return test::read_file(folder + "/tags/" + key);
}

struct job {
    const test::scratch_directory& scratch;
    mlscribe::rank_policy policy = mlscribe::rank_policy::first_logs;

    mlscribe::run_options options(test::error_log& log) const {
        mlscribe::run_options chosen = test::options(scratch, log);
        chosen.ranks = policy;
        return chosen;
    }

    /// A rank with three steps. \return the run's id, then what was told
    std::string train(int rank) const {
        test::error_log log;
        mlscribe::run run = mlscribe::start_job_run(options(log));
        for (auto step : run.steps(3)) run.log_metric("loss", step + rank);
        run.log_param("lr", 0.1);
        run.set_tag("device", std::to_string(rank));
        std::string said = run.recording() ? std::string(run.id()) : "silent";
        run.end();
        for (const mlscribe::error& failure : log.all()) said += '|' + failure.message;
        return said;
    }

    std::vector<std::string> start(const test::variables& environment) const {
        return test::in_ranks(ranks, environment, [this](int rank) { return train(rank); });
    }
};

const std::vector<std::int64_t> three = {0, 1, 2};

}  // namespace

BOOST_AUTO_TEST_SUITE(job_runs)

BOOST_AUTO_TEST_CASE(the_first_rank_logs_and_the_run_tells_of_the_job) {
    const test::scratch_directory scratch;
    test::variables environment = slurm;
    environment["SLURM_JOB_PARTITION"] = "gpu";
    environment["SLURM_JOB_NODELIST"] = "n[1-2]";
    environment["SLURM_JOB_NUM_NODES"] = "2";
    environment["SLURM_JOB_START_TIME"] = "1700000000";
    environment["SLURM_JOB_END_TIME"] = "1700000090";
    const std::vector<std::string> said = job{scratch}.start(environment);
    const std::vector<std::string> expected = {"slurm-alps-77", "silent", "silent", "silent"};
    BOOST_TEST(said == expected, boost::test_tools::per_element());
    BOOST_TEST(count_runs(scratch) == 1u);
    const std::string folder = folder_of(scratch, "slurm-alps-77");
    BOOST_TEST(test::meta(folder, "status") == "3");
    const test::variables tags = {
        {"scheduler", "slurm"}, {"id", "77"},           {"cluster", "alps"},
        {"partition", "gpu"},   {"nodes", "n[1-2]"},    {"node_count", "2"},
        {"restarts", "0"},      {"ranks", "4"},         {"time_limit_seconds", "90"},
        {"start", "77 0"},      {"launcher", "openmpi"}};
    for (const auto& [key, value] : tags) {
        BOOST_TEST(tag(folder, "mlscribe.job." + key) == value, key);
    }
}

BOOST_AUTO_TEST_CASE(a_rank_that_does_not_log_opens_no_file) {
    const test::scratch_directory scratch;
    const auto descriptors = [] {
        int count = 0;
        DIR* const open = ::opendir("/proc/self/fd");
        while (open != nullptr && ::readdir(open) != nullptr) ++count;
        if (open != nullptr) ::closedir(open);
        return count;
    };
    const test::job_environment environment(test::of_rank(1, ranks, slurm));
    test::error_log log;
    mlscribe::run_options options = test::options(scratch, log);
    options.tracking_uri = "no uri at all:";
    const int before = descriptors();
    mlscribe::run run = mlscribe::start_job_run(options);
    mlscribe::run other = mlscribe::start_job_run(options, mlscribe::from_last_checkpoint{});
    run.log_metric("loss", 1);
    BOOST_TEST(descriptors() == before);
    BOOST_TEST(!run.recording());
    BOOST_TEST(!other.recording());
    BOOST_TEST(log.all().empty());
    BOOST_TEST(test::tree(scratch.path()).empty());
}

BOOST_AUTO_TEST_CASE(every_rank_has_a_run_or_a_child_of_the_first_ones) {
    for (const bool child : {false, true}) {
        const test::scratch_directory scratch;
        const auto policy =
            child ? mlscribe::rank_policy::children_log : mlscribe::rank_policy::every_logs;
        const std::vector<std::string> said = job{scratch, policy}.start(slurm);
        const std::vector<std::string> expected = {"slurm-alps-77", "slurm-alps-77-rank-1",
                                                   "slurm-alps-77-rank-2", "slurm-alps-77-rank-3"};
        BOOST_TEST(said == expected, boost::test_tools::per_element());
        BOOST_TEST(count_runs(scratch) == 4u);
        for (const std::string& id : said) {
            const std::string folder = folder_of(scratch, id);
            BOOST_TEST(test::steps(folder, "loss") == three, boost::test_tools::per_element());
            BOOST_TEST(test::meta(folder, "status") == "3");
            const bool has_parent = child && id != "slurm-alps-77";
            BOOST_TEST(test::exists(folder + "/tags/mlflow.parentRunId") == has_parent);
            if (has_parent) BOOST_TEST(tag(folder, "mlflow.parentRunId") == "slurm-alps-77");
        }
        // A second start of the job goes on with all of them.
        const std::vector<std::string> again =
            job{scratch, policy}.start(with(slurm, "SLURM_RESTART_COUNT", "1"));
        BOOST_TEST(again == expected, boost::test_tools::per_element());
        BOOST_TEST(count_runs(scratch) == 4u);
        BOOST_TEST(test::steps(folder_of(scratch, said[2]), "loss").size() == 6u);
        BOOST_TEST(tag(folder_of(scratch, said[2]), "mlscribe.job.restarts") == "1");
    }
}

BOOST_AUTO_TEST_CASE(all_ranks_log_into_one_run) {
    const test::scratch_directory scratch;
    const std::vector<std::string> said = job{scratch, mlscribe::rank_policy::one_run}.start(slurm);
    const std::vector<std::string> expected(ranks, "slurm-alps-77");
    BOOST_TEST(said == expected, boost::test_tools::per_element());
    BOOST_TEST(count_runs(scratch) == 1u);
    const std::string folder = folder_of(scratch, "slurm-alps-77");
    BOOST_TEST(test::meta(folder, "status") == "3");
    for (int rank = 0; rank < ranks; ++rank) {
        const std::string prefix = rank == 0 ? "" : "rank_" + std::to_string(rank) + '/';
        const auto points = test::points(folder, prefix + "loss");
        BOOST_REQUIRE(points.size() == 3u);
        BOOST_TEST(points[1].value == 1 + rank);
        BOOST_TEST(tag(folder, prefix + "device") == std::to_string(rank));
    }
    for (const std::string& path : test::tree(scratch.store())) {
        BOOST_TEST(path.find(".mlscribe-") == std::string::npos, path);
    }
}

BOOST_AUTO_TEST_CASE(the_first_rank_of_each_node_logs) {
    const test::scratch_directory scratch;
    const std::vector<std::string> said =
        job{scratch, mlscribe::rank_policy::one_run_by_node}.start(slurm);
    const std::vector<std::string> expected = {"slurm-alps-77", "silent", "silent", "silent"};
    BOOST_TEST(said == expected, boost::test_tools::per_element());
    const std::string folder = folder_of(scratch, "slurm-alps-77");
    const std::string node = mlscribe::current_job_place().node;
    const std::string prefix = node.substr(0, node.find('.')) + '/';
    BOOST_TEST(test::steps(folder, prefix + "loss") == three, boost::test_tools::per_element());
    BOOST_TEST(tag(folder, "device") == "0");
    BOOST_TEST(test::meta(folder, "status") == "3");
}

BOOST_AUTO_TEST_CASE(system_metrics_of_ranks_do_not_mix) {
    const std::string name = "process_memory_usage_megabytes";
    for (const auto policy :
         {mlscribe::rank_policy::one_run, mlscribe::rank_policy::one_run_by_node}) {
        const test::scratch_directory scratch;
        const job of{scratch, policy};
        const bool one = policy == mlscribe::rank_policy::one_run;
        const auto said = test::in_ranks(ranks, slurm, [&](int rank) -> std::string {
            test::error_log log;
            mlscribe::run_options options = of.options(log);
            options.flush_interval = std::chrono::milliseconds(2);
            mlscribe::run run = mlscribe::start_job_run(options);
            mlscribe::monitor_options every;
            every.interval = std::chrono::milliseconds(1);
            const auto watch = mlscribe::monitor_system(run, every);
            const std::string node = mlscribe::current_job_place().node;
            const std::string prefix = !one        ? node.substr(0, node.find('.')) + '/'
                                       : rank == 0 ? std::string()
                                                   : "rank_" + std::to_string(rank) + '/';
            const std::string file = "/metrics/system/" + prefix + name;
            const auto lines = [&] {
                const std::string path = folder_of(scratch, "slurm-alps-77") + file;
                if (!test::exists(path)) return std::ptrdiff_t{0};
                const std::string text = test::read_file(path);
                return std::count(text.begin(), text.end(), '\n');
            };
            for (int i = 0; run.recording() && i < 5000 && lines() < 3; ++i) ::usleep(2000);
            const bool is_there = !run.recording() || lines() >= 3;
            run.end();
            std::string told = is_there ? "" : "no " + file;
            for (const auto& failure : log.all()) told += '|' + failure.message;
            return told;
        });
        for (const std::string& text : said) BOOST_TEST(text == "");
        const std::string folder = folder_of(scratch, "slurm-alps-77");
        std::size_t series = 0;
        for (const std::string& path : test::tree(folder + "/metrics/system")) {
            const std::size_t at = path.rfind(name);
            if (at == std::string::npos || at + name.size() != path.size()) continue;
            ++series;
            const std::vector<std::int64_t> steps = test::steps(folder, "system/" + path);
            for (std::size_t i = 0; i < steps.size(); ++i) {
                BOOST_TEST(steps[i] == static_cast<std::int64_t>(i), path);
            }
        }
        BOOST_TEST(series == (one ? std::size_t{ranks} : 1u));
    }
}

BOOST_AUTO_TEST_CASE(without_a_common_id_the_first_rank_logs_alone_and_says_so) {
    for (const auto policy : {mlscribe::rank_policy::children_log, mlscribe::rank_policy::one_run,
                              mlscribe::rank_policy::one_run_by_node}) {
        const test::scratch_directory scratch;
        const std::vector<std::string> said = job{scratch, policy}.start({});
        BOOST_TEST(said[0].find("no run id in common") != std::string::npos, said[0]);
        for (int rank = 1; rank < ranks; ++rank) {
            BOOST_TEST(said[static_cast<std::size_t>(rank)] == "silent");
        }
        BOOST_TEST(count_runs(scratch) == 1u);
    }
}

BOOST_AUTO_TEST_CASE(start_run_cannot_have_ranks_join_and_says_so) {
    const test::scratch_directory scratch;
    const test::job_environment environment(test::of_rank(0, ranks, slurm));
    const test::variable chosen("MLSCRIBE_RANKS", "one");
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
    BOOST_TEST(run.recording());
    BOOST_TEST(log.tells({"start_job_run"}));
}

BOOST_AUTO_TEST_CASE(the_id_is_from_the_environment_or_a_file_that_the_first_one_makes) {
    const auto policy = mlscribe::rank_policy::one_run;
    {
        const test::scratch_directory scratch;
        const std::vector<std::string> said =
            job{scratch, policy}.start({{"MLSCRIBE_RUN_ID", "night-3"}});
        BOOST_TEST(said == std::vector<std::string>(ranks, "night-3"),
                   boost::test_tools::per_element());
        BOOST_TEST(count_runs(scratch) == 1u);
    }
    const test::scratch_directory scratch;
    const test::variables by_file = {{"MLSCRIBE_RUN_ID_FILE", scratch / "id"}};
    const std::vector<std::string> said = job{scratch, policy}.start(by_file);
    BOOST_TEST(test::read_file(scratch / "id") == said[0] + '\n');
    BOOST_TEST(said == std::vector<std::string>(ranks, said[0]), boost::test_tools::per_element());
    BOOST_TEST(count_runs(scratch) == 1u);
    test::write_file(scratch / "id", "../outside\n");
    const std::vector<std::string> refused = job{scratch}.start(by_file);
    BOOST_TEST(refused[0].find("silent|run id \"../outside\"") == 0u, refused[0]);
    BOOST_TEST(count_runs(scratch) == 1u);
}

BOOST_AUTO_TEST_CASE(a_rank_waits_for_the_first_one_so_long_and_no_longer) {
    const test::scratch_directory scratch;
    const job late{scratch, mlscribe::rank_policy::one_run};
    const test::variables environment = with(slurm, "MLSCRIBE_JOIN_SECONDS", "0");
    const test::job_environment second(test::of_rank(1, ranks, environment));
    const std::string said = late.train(1);
    BOOST_TEST(
        said.find("silent|rank 1 has waited 0 s for rank 0 to open run \"slurm-alps-77\"") == 0u,
        said);
    BOOST_TEST(count_runs(scratch) == 0u);
    // Nor does the run of an earlier start pass for this one's.
    late.start(slurm);
    const test::variable again("SLURM_RESTART_COUNT", "1");
    BOOST_TEST(late.train(1).find("silent|rank 1 has waited") == 0u);
}

BOOST_AUTO_TEST_CASE(tasks_of_an_array_are_children_of_one_run_whoever_comes_first) {
    const test::scratch_directory scratch;
    std::vector<std::unique_ptr<test::child_process>> tasks;
    constexpr int count = 6;
    for (int task = 0; task < count; ++task) {
        tasks.push_back(std::make_unique<test::child_process>([&] {
            const test::job_environment environment(
                {{"SLURM_JOB_ID", std::to_string(500 + task)},
                 {"SLURM_CLUSTER_NAME", "alps"},
                 {"SLURM_ARRAY_JOB_ID", "500"},
                 {"SLURM_ARRAY_TASK_ID", std::to_string(task)}});
            return job{scratch}.train(task);
        }));
    }
    for (int task = 0; task < count; ++task) {
        const std::string id = "slurm-alps-500_" + std::to_string(task);
        BOOST_TEST(tasks[static_cast<std::size_t>(task)]->result() == id);
        const std::string folder = folder_of(scratch, id);
        BOOST_TEST(tag(folder, "mlflow.parentRunId") == "slurm-alps-500");
        BOOST_TEST(tag(folder, "mlscribe.job.array_index") == std::to_string(task));
        BOOST_TEST(test::meta(folder, "status") == "3");
    }
    BOOST_TEST(count_runs(scratch) == std::size_t{count} + 1);
    const std::string parent = folder_of(scratch, "slurm-alps-500");
    BOOST_TEST(test::meta(parent, "status") == "3");
    BOOST_TEST(test::meta(parent, "end_time") >= test::meta(parent, "start_time"));
    BOOST_TEST(tag(parent, "mlflow.runName") == "run (array)");
    BOOST_TEST(tag(parent, "mlscribe.job.array_id") == "500");
}

BOOST_AUTO_TEST_CASE(processes_of_one_job_that_start_at_once_make_one_run) {
    for (int round = 0; round < 10; ++round) {
        const test::scratch_directory scratch;
        std::vector<std::unique_ptr<test::child_process>> processes;
        test::rank_barrier begin(ranks);
        for (int i = 0; i < ranks; ++i) {
            processes.push_back(std::make_unique<test::child_process>([&] {
                const test::job_environment environment(slurm);
                test::error_log log;
                begin.wait();
                mlscribe::run run = mlscribe::start_job_run(job{scratch}.options(log));
                run.log_metric("loss " + std::to_string(i), 1);
                begin.wait();
                std::string said(run.id());
                for (const auto& failure : log.all()) said += '|' + failure.message;
                return said;
            }));
        }
        for (const auto& process : processes) BOOST_TEST(process->result() == "slurm-alps-77");
        BOOST_TEST(count_runs(scratch) == 1u);
        const std::string folder = folder_of(scratch, "slurm-alps-77");
        for (int i = 0; i < ranks; ++i) {
            BOOST_TEST(test::points(folder, "loss " + std::to_string(i)).size() == 1u);
        }
        BOOST_TEST(test::meta(folder, "status") == "3");
    }
}

BOOST_AUTO_TEST_CASE(a_rank_that_is_killed_loses_no_point_and_changes_no_status) {
    for (const int dead : {0, 2}) {
        BOOST_TEST_CONTEXT("rank " << dead << " dies") {
            const test::scratch_directory scratch;
            const job of{scratch, mlscribe::rank_policy::one_run};
            test::rank_barrier all_open(ranks);
            test::in_ranks(ranks, slurm, [&](int rank) -> std::string {
                test::error_log log;
                mlscribe::run run = mlscribe::start_job_run(of.options(log));
                for (auto step : run.steps(100)) run.log_metric("loss", step);
                all_open.wait();
                if (rank == dead) ::kill(::getpid(), SIGKILL);
                return {};
            });
            const std::string folder = folder_of(scratch, "slurm-alps-77");
            BOOST_TEST(test::meta(folder, "status") == (dead == 0 ? "1" : "3"));
            const auto seen =
                mlscribe::store(scratch.store())
                    .metric_history("slurm-alps-77", dead == 0 ? "loss" : "rank_2/loss");
            BOOST_TEST(seen.size() == 100u);
            mlscribe::recover(scratch.store());
            for (const mlscribe::finding& each : mlscribe::examine(scratch.store()).findings) {
                BOOST_TEST_ERROR(each.message);
            }
            BOOST_TEST(test::meta(folder, "status") == (dead == 0 ? "5" : "3"));
            for (int rank = 0; rank < ranks; ++rank) {
                const std::string prefix = rank == 0 ? "" : "rank_" + std::to_string(rank) + '/';
                BOOST_TEST(test::points(folder, prefix + "loss").size() == 100u, prefix);
            }
            for (const std::string& path : test::tree(scratch.store())) {
                BOOST_TEST(path.find(".mlscribe-") == std::string::npos, path);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(journals_that_lie_elsewhere_are_found_there_though_one_rank_has_ended) {
    const test::scratch_directory scratch;
    const test::scratch_directory journals;
    const job of{scratch, mlscribe::rank_policy::one_run};
    const test::variable elsewhere("MLSCRIBE_JOURNAL_DIR", journals.path().c_str());
    test::rank_barrier all_open(ranks);
    test::in_ranks(ranks, slurm, [&](int rank) -> std::string {
        test::error_log log;
        mlscribe::run run = mlscribe::start_job_run(of.options(log));
        for (auto step : run.steps(100)) run.log_metric("loss", step);
        all_open.wait();
        if (rank != 2) run.end();
        all_open.wait();
        if (rank == 2) ::kill(::getpid(), SIGKILL);
        return {};
    });
    mlscribe::recover(scratch.store());
    const std::string folder = folder_of(scratch, "slurm-alps-77");
    BOOST_TEST(test::points(folder, "rank_2/loss").size() == 100u);
    BOOST_TEST(test::meta(folder, "status") == "3");
    BOOST_TEST(!test::exists(folder + "/tags/mlscribe.journal"));
}

BOOST_AUTO_TEST_CASE(the_place_of_the_first_ranks_journal_is_known_though_another_cannot_use_it) {
    const test::scratch_directory scratch;
    const test::scratch_directory journals;
    const job of{scratch, mlscribe::rank_policy::one_run};
    test::rank_barrier all_open(ranks);
    test::in_ranks(ranks, slurm, [&](int rank) -> std::string {
        // As on a node that lacks the disk.
        const std::string place = rank == 0 ? journals.path() : "/nonexistent/mlscribe";
        const test::variable elsewhere("MLSCRIBE_JOURNAL_DIR", place.c_str());
        test::error_log log;
        mlscribe::run run = mlscribe::start_job_run(of.options(log));
        for (auto step : run.steps(100)) run.log_metric("loss", step);
        all_open.wait();
        all_open.die();
        return {};
    });
    mlscribe::recover(scratch.store());
    const std::string folder = folder_of(scratch, "slurm-alps-77");
    BOOST_TEST(test::points(folder, "loss").size() == 100u);
    BOOST_TEST(test::points(folder, "rank_2/loss").size() == 100u);
    BOOST_TEST(test::meta(folder, "status") == "5");
}

BOOST_AUTO_TEST_CASE(what_each_rank_prints_and_loses_is_told_apart) {
    const test::scratch_directory scratch;
    const job of{scratch, mlscribe::rank_policy::one_run};
    test::in_ranks(ranks, slurm, [&](int rank) -> std::string {
        test::error_log log;
        mlscribe::run run = mlscribe::start_job_run(of.options(log));
        run.capture_output();
        const std::string said = "I am " + std::to_string(rank) + '\n';
        std::size_t written = 0;
        mlscribe::detail::write_all(STDOUT_FILENO, said, written);
        for (int i = 0; i < rank; ++i) run.log_metric("no key?", 1);
        return {};
    });
    const std::string folder = folder_of(scratch, "slurm-alps-77");
    for (int rank = 0; rank < ranks; ++rank) {
        const std::string number = std::to_string(rank);
        const std::string prefix = rank == 0 ? "" : "rank_" + number + '/';
        BOOST_TEST(test::read_file(folder + "/artifacts/logs/" + prefix + "stdout.log") ==
                   "I am " + number + '\n');
        const std::string lost = "/tags/" + prefix + "mlscribe.lost_points";
        BOOST_TEST(test::exists(folder + lost) == (rank > 0));
        if (rank > 0) BOOST_TEST(test::read_file(folder + lost) == number);
    }
}

BOOST_AUTO_TEST_CASE(ranks_of_a_later_start_wait_for_its_first_one_whatever_tells_starts_apart) {
    // Two jobs that go on with one run; and one of which nobody tells that it is started again.
    for (const bool has_job : {true, false}) {
        const test::scratch_directory scratch;
        for (const int start : {0, 1}) {
            test::variables environment = {{"MLSCRIBE_RUN_ID", "night-3"}};
            if (has_job) environment["SLURM_JOB_ID"] = std::to_string(77 + start);
            const auto said = test::in_ranks(ranks, environment, [&](int rank) -> std::string {
                if (rank == 0) ::usleep(300000);
                test::error_log log;
                mlscribe::run run = mlscribe::start_job_run(
                    job{scratch, mlscribe::rank_policy::one_run}.options(log),
                    mlscribe::from_step{0});
                for (auto step : run.steps(3)) run.log_metric("loss", step);
                std::string told(run.id());
                for (const auto& failure : log.all()) told += '|' + failure.message;
                return told;
            });
            BOOST_TEST(said == std::vector<std::string>(ranks, "night-3"),
                       boost::test_tools::per_element());
            const std::string folder = folder_of(scratch, "night-3");
            for (const char* key : {"loss", "rank_2/loss"}) {
                BOOST_TEST(test::steps(folder, key) == three, boost::test_tools::per_element());
            }
            // The start before was long ago.
            const std::string tag = folder + "/tags/mlscribe.job.start";
            const timespec long_ago[2] = {{1000000000, 0}, {1000000000, 0}};
            BOOST_TEST(::utimensat(AT_FDCWD, tag.c_str(), long_ago, 0) == 0);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_further_experiment_of_a_job_is_not_logged_into_the_first_ones_run) {
    const test::scratch_directory scratch;
    const test::job_environment environment(slurm);
    test::error_log log;
    mlscribe::run_options options = job{scratch}.options(log);
    BOOST_TEST(mlscribe::start_job_run(options).recording());
    options.experiment = "another";
    BOOST_TEST(!mlscribe::start_job_run(options).recording());
    BOOST_TEST(log.tells({"job_run_id"}));
    options.run_id = mlscribe::job_run_id("another");
    BOOST_TEST(mlscribe::start_job_run(options).recording());
    BOOST_TEST(count_runs(scratch) == 2u);
}

BOOST_AUTO_TEST_CASE(mlflows_variable_names_a_run_that_exists) {
    const test::scratch_directory scratch;
    const test::job_environment environment(slurm);
    const test::variable missing("MLFLOW_RUN_ID", "missing");
    test::error_log log;
    BOOST_TEST(!mlscribe::start_job_run(job{scratch}.options(log)).recording());
    BOOST_TEST(log.count(mlscribe::error_code::not_found) == 1u);
    BOOST_TEST(count_runs(scratch) == 0u);
}

BOOST_AUTO_TEST_CASE(a_guest_that_fails_says_so_in_a_run_that_finishes) {
    const test::scratch_directory scratch;
    const job of{scratch, mlscribe::rank_policy::one_run};
    test::in_ranks(ranks, slurm, [&](int rank) -> std::string {
        test::error_log log;
        mlscribe::run run = mlscribe::start_job_run(of.options(log));
        run.log_metric("loss", 1);
        if (rank == 3) run.end(mlscribe::run_status::failed);
        return {};
    });
    const std::string folder = folder_of(scratch, "slurm-alps-77");
    BOOST_TEST(test::meta(folder, "status") == "3");
    BOOST_TEST(tag(folder, "rank_3/status") == "FAILED");
    BOOST_TEST(!test::exists(folder + "/tags/rank_2/status"));
    // Until it starts again.
    of.start(with(slurm, "SLURM_RESTART_COUNT", "1"));
    BOOST_TEST(!test::exists(folder + "/tags/rank_3/status"));
    BOOST_TEST(tag(folder, "rank_3/device") == "3");
}

BOOST_AUTO_TEST_CASE(a_guest_that_is_told_to_end_says_so_in_a_run_that_finishes) {
    const test::scratch_directory scratch;
    const job of{scratch, mlscribe::rank_policy::one_run};
    test::in_ranks(ranks, slurm, [&](int rank) -> std::string {
        test::error_log log;
        mlscribe::run_options options = of.options(log);
        options.signals = mlscribe::on_signal::end_run;
        options.signal_wait = std::chrono::seconds(30);
        mlscribe::run run = mlscribe::start_job_run(options);
        for (auto step : run.steps(3)) run.log_metric("loss", step);
        if (rank == 2) ::kill(::getpid(), SIGTERM);
        return {};
    });
    const std::string folder = folder_of(scratch, "slurm-alps-77");
    BOOST_TEST(test::meta(folder, "status") == "3");
    BOOST_TEST(tag(folder, "rank_2/status") == "KILLED");
    BOOST_TEST(!test::exists(folder + "/tags/mlscribe.ended_by"));
    BOOST_TEST(test::points(folder, "rank_2/loss").size() == 3u);
}

BOOST_AUTO_TEST_SUITE_END()
