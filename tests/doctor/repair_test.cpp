// SPDX-License-Identifier: MIT
/// \file Repairs of stores in use. What single damages become is shown beside the real MLflow.
#include <boost/test/unit_test.hpp>

#include <mlscribe/doctor.hpp>
#include <mlscribe/mlscribe.hpp>
#include <mlscribe/query.hpp>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "child_process.hpp"
#include "scratch_directory.hpp"
#include "skipped.hpp"

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
    std::string experiment() const { return run.substr(0, run.rfind('/')); }
};

void append(const std::string& path, const std::string& text) {
    const int file = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    BOOST_TEST(::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
    ::close(file);
}

/// Makes a file look as if it was last written so many seconds ago.
void age(const std::string& path, int seconds) {
    const auto now = std::filesystem::file_time_type::clock::now();
    std::filesystem::last_write_time(path, now - std::chrono::seconds(seconds));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(doctor_repair)

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
        int pause = 1;  // milliseconds; so long that a repair comes through
        while (repairs < 20 && rows < 20000) {
            append(file, "1700000000000 0.5 " + std::to_string(rows++) + '\n');
            if (rows % 20 != 0) continue;
            append(file, "\n");
            const std::size_t before = repairs;
            std::this_thread::sleep_for(std::chrono::milliseconds(pause));
            pause = repairs != before ? 1 : (std::min)(2 * pause, 500);
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
    const bool is_told =
        mlscribe::detail::writers_of(mlscribe::detail::descriptor(
            ::open(path.c_str(), O_RDONLY | O_CLOEXEC))) == mlscribe::detail::open_writers::some;
    if (is_told) {
        const auto done = mlscribe::repair(store.scratch.store());
        BOOST_TEST(done.changes.empty());
        BOOST_TEST(count(done.left, mlscribe::damage::wrong_fields) == 1u);
    } else {
        test::skipped("this file system does not tell who writes a file");
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

BOOST_AUTO_TEST_CASE(a_row_that_stands_there_twice_goes_where_that_is_asked_for) {
    const store_to_repair store;
    const std::string before = test::read_file(store.run + "/metrics/loss");
    const std::string row = "1700000000000 0.5 11\n";
    append(store.run + "/metrics/loss", row + "1700000000000 0.5 12\n" + row + row);
    mlscribe::repair_options options;
    options.only = {mlscribe::damage::duplicate_row};
    const auto done = mlscribe::repair(store.scratch.store(), options);
    BOOST_TEST(count(done.changes, mlscribe::damage::duplicate_row) == 1u);
    BOOST_TEST(done.left.empty());
    BOOST_TEST(test::read_file(store.run + "/metrics/loss") ==
               before + row + "1700000000000 0.5 12\n");
}

BOOST_AUTO_TEST_CASE(what_a_run_names_as_its_datasets_is_left_where_it_is_whole) {
    const store_to_repair store;
    const std::string folder = store.run + "/inputs/one";
    const auto damaged_with = [&](const std::string& text) {
        test::write_file(folder + "/meta.yaml", text);
        age(folder, 3600);
        const auto found = mlscribe::examine(store.scratch.store());
        return count(found.findings, mlscribe::damage::broken_input);
    };
    const std::string whole =
        "destination_id: r\ndestination_type: RUN\nsource_id: d\n"
        "source_type: DATASET\n";
    BOOST_TEST(damaged_with(whole + "tags: {}\n") == 0u);
    BOOST_TEST(damaged_with(whole) == 1u);
}

BOOST_AUTO_TEST_CASE(a_mended_line_is_read_and_needs_no_second_repair) {
    for (const std::string line : {"1700000000000 0.5 11.0 mnist abc", "1700000000000 0.5   11",
                                   "171700000000000 0,5 11", "1700000000000 0.5 11  abc"}) {
        const store_to_repair store;
        append(store.run + "/metrics/loss", line + '\n');
        mlscribe::repair_options options;
        options.only = {mlscribe::damage::dataset_line, mlscribe::damage::wrong_fields,
                        mlscribe::damage::decimal_comma};
        BOOST_TEST_CONTEXT(line) {
            BOOST_TEST(mlscribe::repair(store.scratch.store(), options).changes.size() == 1u);
            const auto left = mlscribe::examine(store.scratch.store());
            BOOST_TEST(left.findings.empty());
            const mlscribe::store mended(store.scratch.store());
            const auto history = mended.metric_history(store.id(), "loss");
            BOOST_TEST_REQUIRE(history.size() == 11u);
            BOOST_TEST(history.back().step == 11);
            BOOST_TEST(history.back().value == 0.5);
        }
    }
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
    std::filesystem::copy(store.experiment(), store.scratch.store() + "/123",
                          std::filesystem::copy_options::recursive);
    const auto before = test::tree(store.scratch.path());
    const auto done = mlscribe::repair(store.scratch.store());
    BOOST_TEST(done.changes.empty());
    BOOST_TEST(count(done.left, mlscribe::damage::foreign_experiment) == 1u);
    BOOST_TEST(test::tree(store.scratch.path()) == before, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(links_are_told_and_left) {
    const store_to_repair store;
    const std::string meta = test::read_file(store.run + "/meta.yaml");
    std::filesystem::create_directory_symlink(store.id(), store.experiment() + "/latest");
    std::filesystem::create_directory_symlink(store.experiment(),
                                              store.scratch.store() + "/current");
    const std::string default_experiment = store.scratch.store() + "/0/";
    std::filesystem::create_directory_symlink(store.run, default_experiment + store.id());
    const auto before = test::tree(store.scratch.path());
    const auto done = mlscribe::repair(store.scratch.store());
    BOOST_TEST(done.changes.empty());
    BOOST_TEST(count(done.left, mlscribe::damage::foreign_experiment) == 1u);
    BOOST_TEST(count(done.left, mlscribe::damage::foreign_run) == 2u);
    BOOST_TEST(count(done.left, mlscribe::damage::doubled_run) == 1u);
    BOOST_TEST(test::tree(store.scratch.path()) == before, boost::test_tools::per_element());
    BOOST_TEST(test::read_file(store.run + "/meta.yaml") == meta);

    // Not even where both the link and what it leads to are broken.
    for (const std::string& each : {store.run, store.experiment()}) {
        test::write_file(each + "/meta.yaml", "");
        age(each + "/meta.yaml", 3600);
        age(each, 3600);
    }
    mlscribe::repair(store.scratch.store());
    const auto runs = mlscribe::store(store.scratch.store()).search_runs();
    BOOST_TEST_REQUIRE(runs.size() == 1u);
    BOOST_TEST(runs[0].info.run_id == store.id());
    BOOST_TEST(mlscribe::repair(store.scratch.store()).changes.empty());
}

BOOST_AUTO_TEST_CASE(texts_that_are_too_long_are_told_in_short_and_left) {
    const store_to_repair store;
    const auto meta_of = [&store](const char* key, char filling) {
        const std::string folder = key == std::string("run_id") ? store.run : store.experiment();
        std::string meta = test::read_file(folder + "/meta.yaml");
        const std::size_t at = meta.find(std::string(key) + ": ");
        return meta.replace(at, meta.find('\n', at) - at,
                            std::string(key) + ": '" + std::string(100000, filling) + '\'');
    };
    const std::string of_experiment = meta_of("name", 'x');
    test::write_file(store.scratch.store() + "/123/meta.yaml", meta_of("experiment_id", '7'));
    test::write_file(store.experiment() + "/00000000000000000000000000000001/meta.yaml",
                     meta_of("run_id", 'a'));
    test::write_file(store.experiment() + "/meta.yaml", of_experiment);
    const auto found = mlscribe::examine(store.scratch.store()).findings;
    BOOST_TEST(count(found, mlscribe::damage::foreign_experiment) == 1u);
    BOOST_TEST(count(found, mlscribe::damage::foreign_run) == 1u);
    BOOST_TEST(count(found, mlscribe::damage::unreadable_mode) == 1u);
    for (const auto& each : found) BOOST_TEST(each.message.size() < 1000u);
    mlscribe::repair(store.scratch.store());
    BOOST_TEST((test::read_file(store.experiment() + "/meta.yaml") == of_experiment));
}

BOOST_AUTO_TEST_CASE(more_experiments_than_a_process_may_open_are_looked_at) {
    const store_to_repair store;
    append(store.run + "/metrics/loss", "broken\n");
    const std::string meta = test::read_file(store.experiment() + "/meta.yaml");
    const std::string id = store.experiment().substr(store.experiment().rfind('/') + 1);
    for (int i = 0; i != 100; ++i) {
        std::string other = meta;
        const std::string name = std::to_string(1000 + i);
        for (std::size_t at = other.find(id); at != std::string::npos; at = other.find(id)) {
            other.replace(at, id.size(), name);
        }
        other.replace(other.find("name: test"), 10, "name: \"t" + name + '"');
        test::write_file(store.scratch.store() + '/' + name + "/meta.yaml", other);
    }
    const std::string seen = test::in_child([&store] {
        const rlimit few{48, 48};
        ::setrlimit(RLIMIT_NOFILE, &few);
        const auto found = mlscribe::examine(store.scratch.store());
        return std::to_string(found.experiments) + ' ' + std::to_string(found.runs) + ' ' +
               std::to_string(count(found.findings, mlscribe::damage::wrong_fields)) + ' ' +
               std::to_string(found.findings.size());
    });
    BOOST_TEST(seen == "102 1 1 1");
}

BOOST_AUTO_TEST_CASE(a_line_that_may_be_written_right_now_stays_whatever_else_is_damaged) {
    const store_to_repair store;
    append(store.run + "/metrics/loss", "\n1700000000000 0.5 1");
    BOOST_TEST(mlscribe::repair(store.scratch.store()).changes.size() == 1u);
    append(store.run + "/metrics/loss", "1\n");
    const std::string text = test::read_file(store.run + "/metrics/loss");
    BOOST_TEST(text.find("\n1700000000000 0.5 11\n") != std::string::npos);
    BOOST_TEST(mlscribe::examine(store.scratch.store()).findings.empty());
}

BOOST_AUTO_TEST_CASE(an_empty_file_that_is_open_is_not_taken_from_its_writer) {
    const store_to_repair store;
    const std::string path = store.run + "/metrics/acc";
    const int held = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
    age(path, 3600);
    BOOST_TEST(count(mlscribe::repair(store.scratch.store()).changes,
                     mlscribe::damage::empty_metric) == 0u);
    BOOST_TEST(::write(held, "1 0.5 1\n", 8) == 8);
    ::close(held);
    BOOST_TEST(test::read_file(path) == "1 0.5 1\n");
}

BOOST_AUTO_TEST_CASE(a_dead_run_is_ended_in_the_repair_that_mends_its_files) {
    const store_to_repair store;
    std::string meta = test::read_file(store.run + "/meta.yaml");
    meta.replace(meta.find("status: 3"), 9, "status: 1");
    test::write_file(store.run + "/meta.yaml", meta);
    append(store.run + "/metrics/loss", "1700000000000 0.");
    for (const std::string& each : test::tree(store.run)) age(store.run + '/' + each, 3 * 86400);
    const auto done = mlscribe::repair(store.scratch.store());
    BOOST_TEST(count(done.changes, mlscribe::damage::torn_line) == 1u);
    BOOST_TEST(count(done.changes, mlscribe::damage::stale_run) == 1u);
    BOOST_TEST(mlscribe::repair(store.scratch.store()).changes.empty());
}

BOOST_AUTO_TEST_CASE(a_rename_that_was_stopped_is_finished) {
    const store_to_repair store;
    test::write_file(store.run + "/metrics/a@b", "1700000000000 0.5 1\n");
    std::filesystem::create_hard_link(store.run + "/metrics/a@b", store.run + "/metrics/a_x40_b");
    BOOST_TEST(mlscribe::repair(store.scratch.store()).changes.size() == 1u);
    BOOST_TEST(!std::filesystem::exists(store.run + "/metrics/a@b"));
    BOOST_TEST(test::read_file(store.run + "/metrics/a_x40_b") == "1700000000000 0.5 1\n");
    BOOST_TEST(!std::filesystem::exists(store.run + "/metrics/a_x40_b_x_"));
}

BOOST_AUTO_TEST_CASE(a_copy_of_a_run_gets_an_id_in_one_step_and_leaves_artifacts_elsewhere) {
    const store_to_repair store;
    for (const std::string& copy :
         {store.scratch.store() + "/0/" + store.id(), store.run + ".bak"}) {
        std::filesystem::copy(store.run, copy, std::filesystem::copy_options::recursive);
    }
    BOOST_TEST(!mlscribe::migration_check(store.scratch.store()).is_clean());
    mlscribe::repair_options options;
    options.only = {mlscribe::damage::doubled_run};
    BOOST_TEST(mlscribe::repair(store.scratch.store(), options).changes.size() == 2u);
    BOOST_TEST(mlscribe::examine(store.scratch.store()).findings.empty());
    BOOST_TEST(mlscribe::store(store.scratch.store()).search_runs().size() == 3u);
}

BOOST_AUTO_TEST_CASE(another_id_of_an_experiment_does_not_move_what_is_kept_elsewhere) {
    const store_to_repair store;
    const std::string place = store.scratch.store() + "/my-runs";
    std::filesystem::rename(store.experiment(), place);
    const std::string id = store.experiment().substr(store.experiment().rfind('/') + 1);
    std::string meta = test::read_file(place + "/meta.yaml");
    const std::size_t location = meta.find("artifact_location: ") + 19;
    meta.replace(location, meta.find('\n', location) - location, "s3://bucket/my-runs");
    meta.replace(meta.rfind(id), id.size(), "my-runs");
    test::write_file(place + "/meta.yaml", meta);
    const auto done = mlscribe::repair(store.scratch.store());
    BOOST_TEST(count(done.changes, mlscribe::damage::experiment_id) == 1u);
    const auto experiments = mlscribe::store(store.scratch.store()).experiments();
    BOOST_TEST_REQUIRE(experiments.size() == 2u);
    bool stays = false;
    for (const auto& each : experiments) {
        stays = stays || each.artifact_location == "s3://bucket/my-runs";
    }
    BOOST_TEST(stays);
    BOOST_TEST(mlscribe::repair(store.scratch.store()).changes.empty());
}

BOOST_AUTO_TEST_CASE(ids_that_a_database_refuses_are_told) {
    const store_to_repair store;
    const std::string root = store.scratch.store();
    const std::string meta = test::read_file(store.experiment() + "/meta.yaml");
    const std::string id = store.experiment().substr(store.experiment().rfind('/') + 1);
    std::string other = meta;
    other.replace(other.find("name: test"), 10, "name: other");
    test::write_file(root + "/.trash/" + id + "/meta.yaml", other);
    std::string large = meta;
    const std::string number = "99999999999999999999";
    for (std::size_t at = large.find(id); at != std::string::npos; at = large.find(id)) {
        large.replace(at, id.size(), number);
    }
    large.replace(large.find("name: test"), 10, "name: large");
    test::write_file(root + '/' + number + "/meta.yaml", large);
    BOOST_TEST(count(mlscribe::migration_check(root).aborts, mlscribe::damage::experiment_id) ==
               2u);
    BOOST_TEST(count(mlscribe::repair(root).changes, mlscribe::damage::experiment_id) == 2u);
    BOOST_TEST(mlscribe::migration_check(root).is_clean());
}

BOOST_AUTO_TEST_SUITE_END()
