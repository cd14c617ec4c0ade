// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/run/metric_registry.hpp>

#include <filesystem>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "journal/test_ledger.hpp"
#include "scratch_directory.hpp"

using mlscribe::error;
using mlscribe::error_code;
using mlscribe::sanitize;
using mlscribe::detail::drain_reason;
using mlscribe::detail::found_run;
using mlscribe::detail::metric_registry;
using mlscribe::detail::reference;
using mlscribe::detail::series;
using mlscribe::detail::written_series;

namespace {

struct opened_run {
    test::scratch_directory scratch;
    found_run run;
    reference<test::test_ledger> owner{new test::test_ledger};
    mlscribe::detail::run_journal journal;
    metric_registry metrics;

    opened_run() {
        BOOST_REQUIRE_EQUAL(journal.file().create_in_memory(std::size_t{4} << 20), 0);
        for (const char* child : {"metrics", "tags", "artifacts"}) {
            std::filesystem::create_directory(scratch / child);
        }
        BOOST_REQUIRE_EQUAL(mlscribe::detail::directory::open(scratch.path(), run.folder), 0);
        run.path = scratch.path();
    }
    opened_run(const opened_run&) = delete;
    opened_run& operator=(const opened_run&) = delete;
    ~opened_run() { close(); }
    reference<series> open(const std::string& key, error& failure,
                           sanitize policy = sanitize::none) {
        return metrics.open(*owner, run, journal, policy, key, failure);
    }
    error_code code_of(const std::string& key) {
        error failure;
        open(key, failure);
        return failure.code;
    }
    std::string mapped(const std::string& key) {
        error failure;
        const reference<series> opened = open(key, failure, sanitize::map);
        return failure ? failure.message : opened->key();
    }
    void write(const std::string& path, const std::string& bytes) const {
        test::write_file(scratch / path, bytes);
    }
    void drain() {
        metrics.for_each([](written_series& each) { each.drain(drain_reason::flush); });
    }
    /// As the end of a run does.
    void close() {
        metrics.for_each([](written_series& each) { each.close(); });
    }
    std::uint64_t waiting() {
        std::uint64_t points = 0;
        metrics.for_each([&points](written_series& each) {
            points += each.waiting(true) + each.waiting(false);
        });
        return points;
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(run_metric_registry)

BOOST_FIXTURE_TEST_CASE(a_key_is_registered_once, opened_run) {
    error failure;
    const reference<series> first = open("loss", failure);
    const reference<series> again = open("loss", failure);
    const reference<series> other = open("accuracy", failure);
    BOOST_TEST(!failure);
    BOOST_TEST(first.get() == again.get());
    BOOST_TEST(first.get() != other.get());
    BOOST_TEST(test::tree(scratch / "metrics").empty());
    first->log(0.5);
    drain();
    BOOST_TEST(test::points(scratch.path(), "loss").size() == 1u);
    BOOST_TEST(test::tree(scratch / "metrics").size() == 1u);
}

BOOST_FIXTURE_TEST_CASE(where_steps_of_a_metric_go_on_that_cannot_be_read_is_told, opened_run) {
    std::filesystem::create_symlink("loss", scratch / "metrics/loss");
    error failure;
    open("loss", failure);
    BOOST_TEST((failure.code == error_code::system));
    BOOST_TEST(failure.message.find("; its steps go on at 0") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(a_refused_key_is_told_once_and_counts_its_points, opened_run) {
    error failure;
    const reference<series> refused = open("recall@5", failure);
    BOOST_TEST((failure.code == error_code::invalid_key));
    failure = {};
    BOOST_TEST(open("recall@5", failure).get() == refused.get());
    BOOST_TEST(!failure);
    refused->log(1.0);
    drain();
    BOOST_TEST(owner->lost() == 1u);
}

BOOST_FIXTURE_TEST_CASE(file_and_folder_of_one_name, opened_run) {
    write("metrics/on_disk", "1700000000000 1.0 0\n");
    write("metrics/folder/x", "1700000000000 1.0 0\n");
    BOOST_TEST((code_of("loss") == error_code::ok));
    BOOST_TEST((code_of("loss/train") == error_code::key_clash));
    BOOST_TEST((code_of("loss/train/deep") == error_code::key_clash));
    BOOST_TEST((code_of("acc/val") == error_code::ok));
    BOOST_TEST((code_of("acc") == error_code::key_clash));
    BOOST_TEST((code_of("acc/test") == error_code::ok));
    BOOST_TEST((code_of("acc/valid") == error_code::ok));
    BOOST_TEST((code_of("acc-val") == error_code::ok));
    BOOST_TEST((code_of("on_disk/x") == error_code::key_clash));
    BOOST_TEST((code_of("folder") == error_code::key_clash));
    BOOST_TEST((code_of("folder/y") == error_code::ok));
    error failure;
    open("a", failure);
    open("a/b", failure);
    BOOST_TEST(failure.message.find("\"a\"") != std::string::npos);
    BOOST_TEST(failure.message.find("\"a/b\"") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(mapped_keys_are_distinct_legal_and_remembered, opened_run) {
    std::set<std::string> names;
    const std::vector<std::string> keys = {"a@b",     "a%b", "a_x40_b", "loss", "loss/train",
                                           "acc/val", "acc", "/abs",    "",     "caf\xE9"};
    for (const std::string& key : keys) {
        const std::string name = mapped(key);
        BOOST_TEST(!mlscribe::key_problem(mlscribe::key_kind::metric, name), name);
        names.insert(name);
        if (name == key) continue;
        BOOST_TEST(test::read_file(scratch / ("tags/mlscribe.key." + name)) ==
                   mlscribe::utf8::repaired(key));
    }
    BOOST_TEST(names.size() == keys.size());
    metrics.for_each([](written_series& each) { each.log(1.0); });
    drain();
    BOOST_TEST(owner->lost() == 0u);
    for (const std::string& name : names) BOOST_TEST(test::exists(scratch / ("metrics/" + name)));
}

BOOST_FIXTURE_TEST_CASE(goes_on_behind_what_the_file_holds, opened_run) {
    write("metrics/loss", "1700000000000 1.0 41\n17000");
    error failure;
    const reference<series> loss = open("loss", failure);
    BOOST_TEST((failure.code == error_code::damaged));
    BOOST_TEST(failure.message.find("17000") != std::string::npos);
    BOOST_TEST(test::read_file(scratch / "artifacts/torn_lines/loss.txt") == "17000\n");
    loss->log(0.5);
    drain();
    const std::vector<std::int64_t> expected = {41, 42};
    BOOST_TEST(test::steps(scratch.path(), "loss") == expected, boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(a_negative_step_of_another_writer_is_not_counted_on, opened_run) {
    write("metrics/loss", "1700000000000 1.0 -5\n");
    error failure;
    open("loss", failure)->log(0.5);
    drain();
    const std::vector<std::int64_t> expected = {-5, 0};
    BOOST_TEST(test::steps(scratch.path(), "loss") == expected, boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(a_link_in_place_of_a_file_is_told, opened_run) {
    write("secret", "1700000000000 1.0 41\n17000");
    std::filesystem::create_symlink("../secret", scratch / "metrics/loss");
    error failure;
    const reference<series> loss = open("loss", failure);
    BOOST_TEST((failure.code == error_code::system));
    loss->log(1.0);
    drain();  // it may be mended until the end, and by a recovery after it
    BOOST_TEST(owner->lost() == 0u);
    BOOST_TEST(waiting() == 1u);
    BOOST_TEST(test::read_file(scratch / "secret") == "1700000000000 1.0 41\n17000");
}

BOOST_FIXTURE_TEST_CASE(registered_by_many_threads_at_once, opened_run) {
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([this] {
            for (int k = 0; k < 200; ++k) {
                error failure;
                open("key " + std::to_string(k), failure)->log(1.0);
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    std::size_t count = 0;
    metrics.for_each([&count](written_series&) { ++count; });
    BOOST_TEST(count == 200u);
    BOOST_TEST(waiting() == 800u);
    close();
    metrics.clear();
    metrics.for_each([&count](written_series&) { ++count; });
    BOOST_TEST(count == 200u);
}

BOOST_AUTO_TEST_SUITE_END()
