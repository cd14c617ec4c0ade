// SPDX-License-Identifier: MIT
#include <mlscribe/query/run_metrics.hpp>

#include <boost/test/unit_test.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "child_process.hpp"
#include "environment.hpp"
#include "journal/test_journal.hpp"
#include "seen_run.hpp"

using mlscribe::error_code;
using mlscribe::point;
using test::first_steps;
using test::seen_run;

namespace {

mlscribe::run_options slow(const test::scratch_directory& scratch, test::error_log& log) {
    mlscribe::run_options chosen = test::options(scratch, log);
    chosen.flush_interval = std::chrono::hours(1);
    chosen.time_passes = false;
    return chosen;
}

/// A run's folder with files as anybody may have written them.
struct folder_of_files {
    test::scratch_directory scratch;
    seen_run seen{scratch.path()};

    void write(const std::string& bytes, const std::string& key = "loss") const {
        test::write_file(scratch / ("metrics/" + key), bytes);
    }
    std::string refusal(const std::string& bytes) {
        write(bytes);
        const mlscribe::error failure = seen.rows().failure;
        if (failure) BOOST_TEST((failure.code == error_code::damaged));
        return failure.message;
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(query_run_metrics)

BOOST_AUTO_TEST_CASE(points_wait_in_the_journal_then_stand_in_the_file) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(slow(scratch, log));
    seen_run seen(test::folder(scratch, run));
    for (int i = 0; i < 500; ++i) run.log_metric("loss", i * 0.5, i);
    run.log_metric("a/b", 7.0, 3, mlscribe::timestamp{12345});
    BOOST_TEST(!test::exists(seen.path() + "/metrics/loss"));
    const auto before = seen.rows();
    BOOST_TEST(!before.failure);
    BOOST_TEST(before.steps() == first_steps(500), boost::test_tools::per_element());
    BOOST_TEST(seen.rows("a/b").rows.at(0).timestamp == 12345);
    BOOST_TEST(seen.latest()->value == 249.5);
    BOOST_TEST(seen.keys() == (std::vector<std::string>{"a/b", "loss"}),
               boost::test_tools::per_element());
    run.flush();
    const auto after = seen.rows();
    BOOST_TEST(after.rows.size() == 500u);
    BOOST_TEST(test::lines_of(after.rows) == test::lines_of(before.rows));
    for (int i = 500; i < 700; ++i) run.log_metric("loss", i * 0.5, i);
    BOOST_TEST(seen.rows().steps() == first_steps(700), boost::test_tools::per_element());
    BOOST_TEST(seen.keys().size() == 2u);
    BOOST_TEST(seen.rows("absent").rows.empty());
    BOOST_TEST(!seen.latest("absent").has_value());
    run.end();
    BOOST_TEST(seen.rows().rows.size() == 700u);
    BOOST_TEST(log.all().empty());
}

BOOST_AUTO_TEST_CASE(a_repeat_of_a_given_time_is_one_row) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(slow(scratch, log));
    seen_run seen(test::folder(scratch, run));
    const auto log_two = [&run] {
        run.log_metric("loss", 1.0, 1, mlscribe::timestamp{100});
        run.log_metric("loss", 2.0, 1, mlscribe::timestamp{100});
    };
    log_two();
    log_two();
    BOOST_TEST(seen.rows().rows.size() == 2u);
    run.flush();
    log_two();
    BOOST_TEST(seen.rows().rows.size() == 2u);
    BOOST_TEST(seen.latest()->value == 2.0);
}

BOOST_AUTO_TEST_CASE(a_killed_process_left_its_journal) {
    for (const bool elsewhere : {false, true}) {
        const test::scratch_directory scratch;
        const std::string place = scratch / "journals";
        std::filesystem::create_directories(place);
        const test::variable told("MLSCRIBE_JOURNAL_DIR", elsewhere ? place.c_str() : nullptr);
        const std::string path = test::in_child([&scratch] {
            test::error_log log;
            mlscribe::run run = mlscribe::start_run(slow(scratch, log));
            for (int i = 0; i < 100; ++i) run.log_metric("loss", i * 0.5, i);
            run.flush();
            for (int i = 100; i < 1000; ++i) run.log_metric("loss", i * 0.5, i);
            const std::string found = test::folder(scratch, run);
            if (::write(STDOUT_FILENO, "", 0) == 0) {
                // No destructor: the journal stays.
                static mlscribe::run* const kept = new mlscribe::run(std::move(run));
                static_cast<void>(kept);
            }
            return found;
        });
        seen_run seen(path);
        const std::vector<std::string> tree = test::tree(scratch.path());
        const auto before = seen.rows();
        BOOST_TEST(before.steps() == first_steps(1000), boost::test_tools::per_element());
        BOOST_TEST(seen.look().journals().is_live());
        BOOST_TEST(test::tree(scratch.path()) == tree, boost::test_tools::per_element());
        // Also by who may write nothing, and owns nothing.
        BOOST_TEST(std::system(("chmod -R a-w,a+rX " + scratch.path()).c_str()) == 0);
        BOOST_TEST(test::in_child([&path] {
                       if (::geteuid() == 0 && ::setuid(65534) != 0) return std::string("root");
                       seen_run other(path);
                       return std::to_string(other.rows().rows.size()) + ' ' +
                              std::to_string(other.latest()->value);
                   }) == "1000 499.500000");
        BOOST_TEST(std::system(("chmod -R u+w " + scratch.path()).c_str()) == 0);
        BOOST_TEST(mlscribe::recover(scratch.store()).points == 900u);
        // Time stamps of a millisecond that both processes wrote in move on.
        BOOST_TEST(seen.rows().steps() == first_steps(1000), boost::test_tools::per_element());
        BOOST_TEST(!seen.look().journals().is_live());
    }
}

BOOST_FIXTURE_TEST_CASE(what_mlflow_refuses_is_damaged, folder_of_files) {
    BOOST_TEST(refusal("1 2.0 3\n17\n2 2.0 4\n").find("line 2, \"17\"") != std::string::npos);
    BOOST_TEST(seen.rows().rows.size() == 2u);
    BOOST_TEST(seen.latest()->step == 4);
    BOOST_TEST(refusal("").find("is empty") != std::string::npos);
    BOOST_TEST(!seen.latest().has_value());
    BOOST_TEST(refusal("\n").find("line 1") != std::string::npos);
    BOOST_TEST(refusal("1 2.0 3\n\n").find("line 2") != std::string::npos);
    BOOST_TEST(refusal("1 2.0 3 4\n").find("line 1") != std::string::npos);
    BOOST_TEST(refusal("1 2.0 3\n2 2").empty());
    BOOST_TEST(seen.rows().rows.at(1).step == 0);
    BOOST_TEST(refusal("1 2.0\n").empty());
    write("1 2.0 3\n", "x~");
    BOOST_TEST(seen.keys().size() == 1u);
    BOOST_TEST((seen.failure.code == error_code::damaged));
    BOOST_TEST(seen.failure.message.find("x~") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(links_folders_and_strange_files, folder_of_files) {
    BOOST_TEST(seen.keys().empty());
    BOOST_TEST(seen.rows().rows.empty());
    write("1 2.0 3\n", "val/loss");
    std::filesystem::create_symlink("val/loss", scratch / "metrics/link");
    std::filesystem::create_symlink("val", scratch / "metrics/folder");
    std::filesystem::create_symlink("nowhere", scratch / "metrics/dangling");
    BOOST_TEST(::mkfifo((scratch / "metrics/pipe").c_str(), 0666) == 0);
    BOOST_TEST(seen.rows("link").rows.size() == 1u);
    BOOST_TEST(seen.rows("val/loss").rows.size() == 1u);
    for (const char* none : {"val", "folder", "folder/loss", "val/loss/x", "absent/x"}) {
        const auto found = seen.rows(none);
        BOOST_TEST(found.rows.empty(), none);
        BOOST_TEST(!found.failure, none << found.failure.message);
    }
    for (const char* bad : {"dangling", "pipe"}) {
        BOOST_TEST((seen.rows(bad).failure.code == error_code::damaged), bad);
    }
    for (const char* bad : {"../secret", "", "a//b", "x~"}) {
        BOOST_TEST((seen.rows(bad).failure.code == error_code::invalid_key), bad);
    }
    BOOST_TEST(seen.keys() == (std::vector<std::string>{"dangling", "link", "pipe", "val/loss"}),
               boost::test_tools::per_element());
}

// The journal of a process that died between an intent and its commit.
BOOST_AUTO_TEST_CASE(an_intent_is_carried_out_in_part) {
    using mlscribe::detail::drained_block;
    const auto before = test::points_from(0, 5);
    const auto points = test::points_from(5, 20);
    for (std::size_t present = 0; present <= 10; ++present) {
        const test::scratch_directory scratch;
        seen_run seen(scratch.path());
        std::string text = test::lines_of(before);
        const std::uint64_t length = text.size();
        mlscribe::detail::journal_file journal;
        const std::string name = mlscribe::detail::writer::current().new_name();
        BOOST_REQUIRE_EQUAL(journal.create(seen.folder(), name, std::size_t{1} << 20), 0);
        std::uint32_t series = 0;
        BOOST_REQUIRE_EQUAL(journal.add_key("loss", series), 0);
        mlscribe::detail::journal_block* block = nullptr;
        BOOST_REQUIRE_EQUAL(journal.take(series, block), 0);
        std::copy(points.begin(), points.end(), block->points);
        block->count = 20;
        std::vector<point> rows(points.begin(), points.begin() + 10);
        journal.intend(series, length, rows, {drained_block{journal.index_of(*block), 10}});
        rows.resize(present);
        // Another process wrote in front of them.
        text += "5000000000000 1.0 -1\n" + test::lines_of(rows) + "17000";
        test::write_file(scratch / "metrics/loss", text);
        auto found = seen.rows();
        BOOST_TEST(!found.failure);
        BOOST_TEST(found.rows.size() == 26u);
        found.rows.erase(found.rows.begin() + 5);
        BOOST_TEST(found.steps() == first_steps(25), boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(who_has_seen_the_beginning_gets_the_rest) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(slow(scratch, log));
    seen_run seen(test::folder(scratch, run));
    std::vector<std::int64_t> steps;
    std::vector<bool> waiting;
    std::uint64_t offset = 0;
    const auto look = [&] {
        steps.clear();
        waiting.clear();
        auto metrics = seen.look();
        BOOST_TEST(!metrics.for_each_row_behind("loss", offset,
                                                [&](const point& row, std::uint64_t begin) {
                                                    steps.push_back(row.step);
                                                    waiting.push_back(begin == UINT64_MAX);
                                                }));
    };
    for (int i = 0; i < 3; ++i) run.log_metric("loss", i * 0.5, i);
    look();
    BOOST_TEST(steps == first_steps(3), boost::test_tools::per_element());
    BOOST_TEST(waiting == std::vector<bool>(3, true), boost::test_tools::per_element());
    BOOST_TEST(offset == 0u);
    run.flush();
    look();
    BOOST_TEST(waiting == std::vector<bool>(3, false), boost::test_tools::per_element());
    BOOST_TEST(offset == test::read_file(seen.path() + "/metrics/loss").size());
    run.log_metric("loss", 1.5, 3);
    look();
    BOOST_TEST(steps == std::vector<std::int64_t>{3}, boost::test_tools::per_element());
    run.flush();
    run.log_metric("loss", 2.0, 4);
    look();
    BOOST_TEST(steps == (std::vector<std::int64_t>{3, 4}), boost::test_tools::per_element());
    run.end();
    offset = UINT64_MAX;
    look();
    BOOST_TEST(steps == first_steps(5), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
