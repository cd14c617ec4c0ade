// SPDX-License-Identifier: MIT
/// \file Repairs of stores in use. What single damages become is shown beside the real MLflow.
#include <boost/test/unit_test.hpp>

#include <mlscribe/doctor.hpp>
#include <mlscribe/mlscribe.hpp>
#include <mlscribe/query.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "child_process.hpp"
#include "scratch_directory.hpp"

namespace {

std::size_t count(const std::vector<mlscribe::finding>& findings, mlscribe::damage what) {
    return static_cast<std::size_t>(
        std::count_if(findings.begin(), findings.end(),
                      [what](const mlscribe::finding& each) { return each.what == what; }));
}

std::size_t count(const std::vector<mlscribe::repair_change>& changes, mlscribe::damage what) {
    return static_cast<std::size_t>(std::count_if(
        changes.begin(), changes.end(),
        [what](const mlscribe::repair_change& each) { return each.what.what == what; }));
}

/// A store with one ended run of ten points.
struct store_to_repair {
    test::scratch_directory scratch;
    test::error_log log;
    std::string run;

    store_to_repair() {
        mlscribe::run made = mlscribe::start_run(test::options(scratch, log));
        auto loss = made.metric("loss");
        for (int step = 0; step != 10; ++step) loss.log(step, step);
        made.log_param("opt", "adam");
        run = test::folder(scratch, made);
    }
    std::string id() const { return run.substr(run.rfind('/') + 1); }
};

void append(const std::string& path, const std::string& text) {
    const int file = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    BOOST_TEST(::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
    ::close(file);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(repair)

BOOST_AUTO_TEST_CASE(a_sound_store_has_no_damage_and_stays_as_it_is) {
    const store_to_repair store;
    const auto before = test::tree(store.scratch.path());
    const mlscribe::examination found = mlscribe::examine(store.scratch.store());
    BOOST_TEST(found.findings.empty());
    BOOST_TEST(found.runs == 1u);
    BOOST_TEST(found.experiments == 2u);
    const mlscribe::repair_report done = mlscribe::repair(store.scratch.store());
    BOOST_TEST(done.changes.empty());
    BOOST_TEST(done.left.empty());
    BOOST_TEST(done.quarantine.empty());
    BOOST_TEST(test::tree(store.scratch.path()) == before, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_points_and_the_end_of_a_killed_run_are_written) {
    const test::scratch_directory scratch;
    test::child_process child([&scratch] {
        test::error_log log;
        mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
        auto loss = run.metric("loss");
        for (int step = 0; step != 50; ++step) loss.log(step, step);
        ::kill(::getpid(), SIGKILL);
        return std::string();
    });
    BOOST_TEST(child.result() == "signal 9");
    const auto found = mlscribe::examine(scratch.store()).findings;
    BOOST_TEST(count(found, mlscribe::damage::undrained_journal) == 1u);
    const auto done = mlscribe::repair(scratch.store());
    BOOST_TEST(count(done.changes, mlscribe::damage::undrained_journal) == 1u);
    BOOST_TEST(done.left.empty());
    const mlscribe::store store(scratch.store());
    const auto runs = store.search_runs();
    BOOST_TEST_REQUIRE(runs.size() == 1u);
    BOOST_TEST((runs[0].info.status == mlscribe::run_status::killed));
    BOOST_TEST(store.metric_history(runs[0].info.run_id, "loss").size() == 50u);
    BOOST_TEST(mlscribe::repair(scratch.store()).changes.empty());
}

BOOST_AUTO_TEST_CASE(a_run_that_is_written_is_left_until_it_has_ended) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
    auto loss = run.metric("loss");
    loss.log(1.0, 0);
    run.flush();
    const std::string file = test::folder(scratch, run) + "/metrics/loss";
    append(file, "broken\n");
    const std::string before = test::read_file(file);
    const auto done = mlscribe::repair(scratch.store());
    BOOST_TEST(done.changes.empty());
    BOOST_TEST(count(done.left, mlscribe::damage::wrong_fields) == 1u);
    BOOST_TEST(test::read_file(file) == before);
    loss.log(2.0, 1);
    run.end();
    BOOST_TEST(count(mlscribe::repair(scratch.store()).changes, mlscribe::damage::wrong_fields) ==
               1u);
    const mlscribe::store store(scratch.store());
    BOOST_TEST(store.metric_history(std::string(run.id()), "loss").size() == 2u);
}

BOOST_AUTO_TEST_CASE(nothing_that_another_program_appends_meanwhile_is_lost) {
    const store_to_repair store;
    const std::string file = store.run + "/metrics/shared";
    std::atomic<std::size_t> repairs{0};
    std::atomic<std::size_t> rows{0};
    std::atomic<bool> done{false};
    std::thread writer([&] {
        // As MLflow's client: opened and closed for each line.
        while (repairs < 20 && rows < 20000) {
            append(file, "1700000000000 0.5 " + std::to_string(rows++) + '\n');
            if (rows % 20 != 0) continue;
            append(file, "\n");
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        done = true;
    });
    while (!done) repairs += mlscribe::repair(store.scratch.store()).changes.size();
    writer.join();
    mlscribe::repair(store.scratch.store());
    BOOST_TEST(mlscribe::examine(store.scratch.store()).findings.empty());
    std::set<std::int64_t> steps;
    for (const mlscribe::point& row : test::points(store.run, "shared")) steps.insert(row.step);
    BOOST_TEST(steps.size() == rows.load());
    BOOST_TEST(repairs != 0u);
}

BOOST_AUTO_TEST_CASE(a_file_that_somebody_has_open_for_writing_is_left) {
    const store_to_repair store;
    const std::string path = store.run + "/metrics/loss";
    append(path, "broken\n");
    const int held = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
    const bool is_told = mlscribe::detail::has_writers(
        mlscribe::detail::descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC)));
    if (is_told) {
        const auto done = mlscribe::repair(store.scratch.store());
        BOOST_TEST(done.changes.empty());
        BOOST_TEST(count(done.left, mlscribe::damage::wrong_fields) == 1u);
    } else {
        BOOST_TEST_MESSAGE("this file system does not tell who writes a file");
    }
    ::close(held);
    BOOST_TEST(mlscribe::repair(store.scratch.store()).changes.size() == 1u);
}

BOOST_AUTO_TEST_CASE(only_what_was_asked_for_is_mended) {
    const store_to_repair store;
    append(store.run + "/metrics/loss", "\n1700000000000 0,5 11\n1700000000000 0,5 11\n");
    mlscribe::repair_options options;
    options.only = {mlscribe::damage::decimal_comma};
    const auto done = mlscribe::repair(store.scratch.store(), options);
    BOOST_TEST(count(done.changes, mlscribe::damage::decimal_comma) == 1u);
    BOOST_TEST(count(done.left, mlscribe::damage::blank_line) == 1u);
    BOOST_TEST(count(done.left, mlscribe::damage::duplicate_row) == 1u);
    const std::string text = test::read_file(store.run + "/metrics/loss");
    BOOST_TEST_INFO(text);
    BOOST_TEST(text.find("\n\n1700000000000 0.5 11\n1700000000000 0.5 11\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_rehearsal_tells_what_a_repair_does) {
    const store_to_repair store;
    append(store.run + "/metrics/loss", "\n1700000000000 0,5 11\n");
    test::write_file(store.run + "/metrics/a@b", "1700000000000 0.5 1\n");
    mlscribe::repair_options options;
    options.dry_run = true;
    const auto before = test::read_file(store.run + "/metrics/loss");
    const auto planned = mlscribe::repair(store.scratch.store(), options);
    BOOST_TEST(test::read_file(store.run + "/metrics/loss") == before);
    BOOST_TEST(planned.quarantine.empty());
    const auto done = mlscribe::repair(store.scratch.store());
    BOOST_TEST_REQUIRE(planned.changes.size() == done.changes.size());
    for (std::size_t i = 0; i != done.changes.size(); ++i) {
        BOOST_TEST(planned.changes[i].done == done.changes[i].done);
    }
    BOOST_TEST(test::read_file(store.run + "/metrics/a_x40_b") == "1700000000000 0.5 1\n");
    BOOST_TEST(test::read_file(store.run + "/tags/mlscribe.key.a_x40_b") == "a@b");
}

BOOST_AUTO_TEST_CASE(modes_are_changed_only_when_they_are_asked_for) {
    const store_to_repair store;
    const std::string path = store.run + "/metrics/loss";
    ::chmod(store.run.c_str(), 0755);
    ::chmod((store.run + "/metrics").c_str(), 0755);
    ::chmod(path.c_str(), 0600);
    BOOST_TEST(count(mlscribe::examine(store.scratch.store()).findings,
                     mlscribe::damage::unreadable_mode) == 1u);
    BOOST_TEST(mlscribe::repair(store.scratch.store()).changes.empty());
    mlscribe::repair_options options;
    options.only = {mlscribe::damage::unreadable_mode};
    BOOST_TEST(mlscribe::repair(store.scratch.store(), options).changes.size() == 1u);
    struct stat found {};
    BOOST_TEST(::stat(path.c_str(), &found) == 0);
    BOOST_TEST((found.st_mode & 07777) == 0644u);
}

BOOST_AUTO_TEST_CASE(temporary_files_of_the_dead_are_moved_away) {
    const store_to_repair store;
    const std::string name = test::in_child([] { return mlscribe::detail::staged_name(); });
    test::write_file(store.run + '/' + name, "half");
    const auto done = mlscribe::repair(store.scratch.store());
    BOOST_TEST_REQUIRE(count(done.changes, mlscribe::damage::leftover) == 1u);
    BOOST_TEST(test::read_file(done.changes[0].kept) == "half");
}

BOOST_AUTO_TEST_CASE(a_copy_of_an_experiment_is_told_and_left) {
    const store_to_repair store;
    const std::string experiment = store.run.substr(0, store.run.rfind('/'));
    test::write_file(store.scratch.store() + "/123/meta.yaml",
                     test::read_file(experiment + "/meta.yaml"));
    // Just made, it may be a copy that is not finished.
    const auto done = mlscribe::repair(store.scratch.store());
    BOOST_TEST(done.changes.empty());
    BOOST_TEST(count(done.left, mlscribe::damage::foreign_experiment) == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
