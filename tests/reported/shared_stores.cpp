// SPDX-License-Identifier: MIT
/// \file Stores that other people, other tools and other processes use as well.
#include <boost/test/unit_test.hpp>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <set>
#include <thread>

#include "scratch_directory.hpp"

namespace {

unsigned int mode(const std::string& path) {
    struct stat found {};
    if (::lstat(path.c_str(), &found) != 0) return 0;
    return found.st_mode & 07777u;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(shared_stores)

BOOST_AUTO_TEST_CASE(foreign_directories_are_named_and_left_alone) {
    const test::scratch_directory scratch;
    test::error_log log;
    for (const char* name : {"/.snapshot/x", "/lost+found/x", "/README.txt"}) {
        test::write_file(scratch.store() + name, "");
    }
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
    run.log_metric("loss", 1);
    run.end();
    BOOST_TEST(log.tells({"\".snapshot\"", "\"lost+found\"", "MLflow's UI fails"}));
    std::set<std::string> top;
    for (const std::string& name : test::tree(scratch.store()))
        top.insert(name.substr(0, name.find('/')));
    const std::set<std::string> expected = {".snapshot",
                                            "lost+found",
                                            "README.txt",
                                            ".trash",
                                            "models",
                                            "0",
                                            std::string(run.experiment_id())};
    BOOST_TEST(top == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(modes_follow_the_umask_and_the_group) {
    for (const mode_t mask : {mode_t{0022}, mode_t{0007}}) {
        const test::scratch_directory scratch;
        test::error_log log;
        const mode_t before = ::umask(mask);
        ::mkdir(scratch.store().c_str(), 0777);
        BOOST_REQUIRE(::chmod(scratch.store().c_str(), 02777) == 0);
        mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
        run.log_metric("train/loss", 1);
        run.log_param("lr", 1);
        run.log_text("x", "notes/a.txt");
        test::write_file(scratch / "source", "x");
        ::chmod((scratch / "source").c_str(), 0400);
        run.log_artifact(scratch / "source");
        run.end();
        ::umask(before);
        BOOST_TEST(log.all().empty());
        for (const std::string& name : test::tree(scratch.store())) {
            const bool folder = name.back() == '/';
            const std::string path =
                scratch.store() + '/' + name.substr(0, name.size() - (folder ? 1 : 0));
            const unsigned int expected = (folder ? 0777u : 0666u) & ~mask;
            BOOST_TEST((mode(path) & 0777u) == expected, name);
            if (folder) BOOST_TEST((mode(path) & 02000u) == 02000u, name);
        }
    }
}

BOOST_AUTO_TEST_CASE(many_threads_on_one_run) {
    const test::scratch_directory scratch;
    test::error_log log;
    constexpr int threads = 8;
    constexpr int points = 20000;
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
    mlscribe::metric_handle shared = run.metric("shared");
    std::vector<std::thread> workers;
    for (int t = 0; t < threads; ++t) {
        workers.emplace_back([&run, shared, t]() mutable {
            mlscribe::metric_handle own = run.metric("own" + std::to_string(t));
            for (int i = 0; i < points; ++i) {
                shared.log(0.001 * i);
                own.log(0.001 * i);
                if (i % 100 == 0) run.log_metric("by name", i, i);
            }
        });
    }
    for (std::thread& worker : workers) worker.join();
    run.end();
    BOOST_TEST(run.lost_points() == 0u);
    const std::string folder = test::folder(scratch, run);
    std::vector<std::int64_t> steps = test::steps(folder, "shared");
    BOOST_TEST(steps.size() == std::size_t{threads} * points);
    std::sort(steps.begin(), steps.end());
    BOOST_TEST(steps.back() == threads * points - 1);
    BOOST_TEST((std::unique(steps.begin(), steps.end()) == steps.end()));
    for (int t = 0; t < threads; ++t) {
        BOOST_TEST(test::steps(folder, "own" + std::to_string(t)).size() == std::size_t{points});
    }
    BOOST_TEST(test::steps(folder, "by name").size() == std::size_t{threads} * points / 100);
}

BOOST_AUTO_TEST_CASE(meta_yaml_is_whole_at_every_instant) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
    const std::string folder = test::folder(scratch, run);
    std::atomic<bool> done{false};
    std::atomic<int> bad{0};
    std::atomic<int> reads{0};
    std::thread reader([&] {
        while (!done) {
            const auto document =
                mlscribe::meta_document::parse(test::read_file(folder + "/meta.yaml"));
            if (!document || !mlscribe::read_run_meta(*document)) ++bad;
            ++reads;
        }
    });
    for (int i = 0; i < 500; ++i) {
        run.set_tag("mlflow.runName", "name " + std::to_string(i));
        run.end(i % 2 == 0 ? mlscribe::run_status::killed : mlscribe::run_status::failed);
        run = mlscribe::resume_run(std::string(run.id()), test::resuming(scratch, log));
    }
    done = true;
    reader.join();
    BOOST_TEST(bad == 0);
    BOOST_TEST(reads > 100);
    BOOST_TEST(test::meta(folder, "run_name") == "name 499");
    BOOST_TEST(log.all().empty());
}

BOOST_AUTO_TEST_CASE(children_of_a_parent_in_another_process) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run parent = mlscribe::start_run(test::options(scratch, log));
    const std::string folder = test::folder(scratch, parent);
    const std::string before = test::read_file(folder + "/meta.yaml");
    const auto start_children = [&] {
        std::vector<pid_t> children;
        for (int i = 0; i < 8; ++i) {
            children.push_back(::fork());
            if (children.back() != 0) continue;
            mlscribe::run_options options = test::options(scratch, log);
            options.parent_run_id = std::string(folder.substr(folder.rfind('/') + 1));
            const bool recorded = mlscribe::start_run(options).recording();
            ::_exit(recorded ? 0 : 1);
        }
        for (const pid_t child : children) {
            int status = 0;
            ::waitpid(child, &status, 0);
            BOOST_TEST(status == 0);
        }
    };
    start_children();
    BOOST_TEST(test::read_file(folder + "/meta.yaml") == before);
    parent.end();
    start_children();
    int children = 0;
    for (const std::string& name : test::tree(scratch.store())) {
        const std::string tag = "/tags/mlflow.parentRunId";
        if (name.size() < tag.size() || name.substr(name.size() - tag.size()) != tag) continue;
        BOOST_TEST(test::read_file(scratch.store() + '/' + name) ==
                   folder.substr(folder.rfind('/') + 1));
        ++children;
    }
    BOOST_TEST(children == 16);
}

BOOST_AUTO_TEST_SUITE_END()
