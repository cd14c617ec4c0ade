// SPDX-License-Identifier: MIT
/// \file The disk is full, over quota, broken, out of descriptors, or the clock jumps: training
/// goes on, files parse, logging resumes, and every point is in the file or counted.
#include <boost/test/unit_test.hpp>

#include <errno.h>
#include <sys/resource.h>
#include <time.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "child_process.hpp"
#include "drain_rounds.hpp"
#include "mounted_disk.hpp"
#include "planned_calls.hpp"
#include "scratch_directory.hpp"
#include "skipped.hpp"

namespace {

using test::wait_milliseconds;

/// Logs 0, 1, 2, … and keeps the time of the slowest call.
struct counting {
    mlscribe::metric_handle handle;
    std::uint64_t logged = 0;
    std::int64_t slowest = 0;  ///< nanoseconds

    void log(std::uint64_t points) {
        for (std::uint64_t i = 0; i < points; ++i) {
            const std::int64_t before = nanoseconds();
            handle.log(static_cast<double>(logged++));
            slowest = (std::max)(slowest, nanoseconds() - before);
        }
    }
    /// Measured, not asked for: a busy machine may stop a call for longer.
    void tell(const std::string& where) const {
        std::printf("%s: the slowest of %llu calls took %.2f ms\n", where.c_str(),
                    static_cast<unsigned long long>(logged), static_cast<double>(slowest) / 1e6);
    }

  private:
    static std::int64_t nanoseconds() {
        timespec now{};
        ::clock_gettime(CLOCK_MONOTONIC, &now);
        return static_cast<std::int64_t>(now.tv_sec) * 1000000000 + now.tv_nsec;
    }
};

mlscribe::run_options options_at(const std::string& store, test::error_log& log) {
    mlscribe::run_options chosen;
    chosen.tracking_uri = store;
    chosen.experiment = "test";
    chosen.run_name = "run";
    chosen.on_error = log.handler();
    chosen.flush_interval = std::chrono::milliseconds(5);
    return chosen;
}

std::string folder_at(const std::string& store, const mlscribe::run& run) {
    return store + '/' + std::string(run.experiment_id()) + '/' + std::string(run.id());
}

/// The rows of a metric, each of them a different point that was logged; lines stay within pages.
std::vector<mlscribe::point> sound_rows(const std::string& folder, const std::string& key) {
    if (!test::exists(folder + "/metrics/" + key)) return {};
    const std::vector<mlscribe::point> rows = test::points(folder, key);
    std::set<double> values;
    for (const mlscribe::point& row : rows) values.insert(row.value);
    BOOST_TEST(values.size() == rows.size());
    return rows;
}

/// Every point is in the file or counted as lost. Small journals make a disk's refusal felt.
void check_account(const std::string& folder, const mlscribe::run& run, const counting& loss) {
    const auto rows = sound_rows(folder, "loss");
    BOOST_TEST(rows.size() + run.lost_points() == loss.logged);
    const std::string tag = folder + "/tags/mlscribe.lost_points";
    if (run.lost_points() != 0) {
        BOOST_TEST(test::read_file(tag) == std::to_string(run.lost_points()));
    } else {
        BOOST_TEST(!test::exists(tag));
    }
}

/// A store on a disk that never stalls, where one can be mounted.
struct quick_store {
    test::mounted_disk disk{std::uint64_t{256} << 20};
    test::scratch_directory scratch;

    std::string path() const { return disk.why_not().empty() ? disk.store() : scratch.store(); }
};

/// \return how many runs have no journal left
std::size_t recover(const std::string& store, test::error_log& log) {
    mlscribe::recover_options chosen;
    chosen.on_error = log.handler();
    return mlscribe::recover(store, chosen).runs.size();
}

bool journal_left(const std::string& folder) {
    for (const std::string& path : test::tree(folder)) {
        if (path.find(".mlscribe-") != std::string::npos) return true;
    }
    return false;
}

struct broken_calls {
    test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(options_at(scratch.store(), log));
    std::string folder = folder_at(scratch.store(), run);
    counting loss{run.metric("loss")};

    /// A second of logging with the calls planned, then without them to the end.
    void log_through(unsigned calls, test::call_end end, int error, bool for_good) {
        loss.log(1000);
        run.flush();
        {
            const test::plan_calls plan(calls, end, error, 1, for_good);
            for (int i = 0; i < 60 || (i < 4000 && test::plan_calls::met() == 0); ++i) {
                loss.log(500);
                wait_milliseconds(5);
            }
            BOOST_TEST(test::plan_calls::met() > 0);
        }
        wait_milliseconds(1100);  // a refusing disk is left alone for a second
        loss.log(1000);
        run.end();
        check_account(folder, run, loss);
        // Where the journal cannot grow it is soon full.
        if ((calls & test::call_fallocate) == 0) BOOST_TEST(run.lost_points() == 0u);
        BOOST_TEST(test::meta(folder, "status") == "3");
        BOOST_TEST(!journal_left(folder));
        loss.tell("a call that ends with errno " + std::to_string(error));
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(refusing_disks)

// NFS links a file, the answer is lost, and the request that is made again says EEXIST.
BOOST_AUTO_TEST_CASE(links_whose_answer_was_lost) {
    const test::scratch_directory scratch;
    test::error_log log;
    const test::plan_calls plan(test::call_linkat, test::call_end::repeated, 0, 0, true);
    mlscribe::run run = mlscribe::start_run(options_at(scratch.store(), log));
    BOOST_REQUIRE(run.recording());
    run.log_param("rate", 0.5);
    counting loss{run.metric("loss")};
    loss.log(1000);
    run.end();
    BOOST_TEST(test::plan_calls::met() > 2);
    const std::string folder = folder_at(scratch.store(), run);
    BOOST_TEST(sound_rows(folder, "loss").size() == 1000u);
    BOOST_TEST(test::meta(folder, "status") == "3");
    BOOST_TEST(!journal_left(scratch.store()));
    BOOST_TEST(log.all().empty());
}

// The disk fills up under the training, somebody makes room, and training never stops.
BOOST_AUTO_TEST_CASE(full_ones) {
    for (const std::uint64_t kibibytes : {64u, 256u, 1024u}) {
        BOOST_TEST_CONTEXT(kibibytes << " KiB") {
            const test::mounted_disk disk(kibibytes * 1024);
            if (!disk.why_not().empty()) return test::skipped(disk.why_not());
            test::error_log log;
            mlscribe::run_options chosen = options_at(disk.store(), log);
            chosen.journal_bytes = 1 << 20;
            mlscribe::run run = mlscribe::start_run(chosen);
            BOOST_REQUIRE(run.recording());
            const std::string folder = folder_at(disk.store(), run);
            counting loss{run.metric("loss")};
            for (int i = 0; i < 4000 && !log.tells({"loss", "No space left"}); ++i) {
                loss.log(100);
                wait_milliseconds(1);
            }
            BOOST_TEST(log.tells({"loss", "No space left"}));
            for (int i = 0; i < 100; ++i) {  // training goes on
                loss.log(1000);
                wait_milliseconds(2);
            }
            BOOST_TEST(run.lost_points() > 0u);
            const std::uint64_t lost = run.lost_points();
            const auto before = sound_rows(folder, "loss");
            disk.resize(16 << 20);
            // A refusing disk is left alone for a second; then all is written that waits.
            for (int i = 0; i < 600 && sound_rows(folder, "loss").size() + lost < loss.logged; ++i)
                wait_milliseconds(50);
            loss.log(50);
            BOOST_TEST(run.lost_points() == lost);
            run.flush();
            const auto after = sound_rows(folder, "loss");
            BOOST_TEST(after.size() > before.size());
            BOOST_TEST(after.size() + lost == loss.logged);
            run.end();
            check_account(folder, run, loss);
            BOOST_TEST(test::meta(folder, "status") == "3");
            BOOST_TEST(!journal_left(folder));
            loss.tell("full disk of " + std::to_string(kibibytes) + " KiB");
        }
    }
}

// Full to the end: what is in the journal waits there, and is written when there is room.
BOOST_AUTO_TEST_CASE(full_to_the_end) {
    const test::mounted_disk disk(128 * 1024);
    if (!disk.why_not().empty()) return test::skipped(disk.why_not());
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(options_at(disk.store(), log));
    BOOST_REQUIRE(run.recording());
    const std::string folder = folder_at(disk.store(), run);
    counting loss{run.metric("loss")};
    for (int i = 0; i < 200; ++i) {
        loss.log(1000);
        wait_milliseconds(1);
    }
    run.end();
    const std::uint64_t in_file = sound_rows(folder, "loss").size();
    BOOST_TEST(in_file + run.lost_points() < loss.logged);
    BOOST_TEST(log.tells({"journal", "recover"}));
    // Room for some, then for all: no point is written twice.
    std::uint64_t recovered = 0;
    std::size_t whole = 0;
    for (const std::uint64_t kibibytes : {132u, 140u, 1024u}) {
        disk.resize(kibibytes * 1024);
        mlscribe::recover_options options;
        options.on_error = log.handler();
        const mlscribe::recovery done = mlscribe::recover(disk.store(), options);
        recovered += done.points;
        whole += done.runs.size();
        if (kibibytes == 132) BOOST_TEST(whole == 0u);
        sound_rows(folder, "loss");
    }
    BOOST_TEST(sound_rows(folder, "loss").size() + run.lost_points() == loss.logged);
    BOOST_TEST(whole == 1u);
    BOOST_TEST(recovered + in_file + run.lost_points() == loss.logged);
    BOOST_TEST(!journal_left(folder));
}

BOOST_FIXTURE_TEST_CASE(short_write_once, broken_calls) {
    log_through(test::call_write, test::call_end::halved, 0, false);
}
BOOST_FIXTURE_TEST_CASE(short_writes_for_good, broken_calls) {
    log_through(test::call_write, test::call_end::halved, 0, true);
}
BOOST_FIXTURE_TEST_CASE(eio_once, broken_calls) {
    log_through(test::call_write, test::call_end::refused, EIO, false);
    BOOST_TEST(log.tells({"loss", "Input/output error"}));
}
BOOST_FIXTURE_TEST_CASE(eio_for_a_while, broken_calls) {
    log_through(test::call_write, test::call_end::refused, EIO, true);
}
BOOST_FIXTURE_TEST_CASE(estale_once, broken_calls) {
    log_through(test::call_write, test::call_end::refused, ESTALE, false);
    BOOST_TEST(log.tells({"loss", "Stale"}));
}
BOOST_FIXTURE_TEST_CASE(estale_for_a_while, broken_calls) {
    log_through(test::call_write, test::call_end::refused, ESTALE, true);
}
BOOST_FIXTURE_TEST_CASE(over_quota_for_a_while, broken_calls) {
    log_through(test::call_write | test::call_fallocate, test::call_end::refused, EDQUOT, true);
    BOOST_TEST(log.tells({"loss", "quota"}));
}

// A write that is cut short and then fails leaves nothing of its rows behind.
BOOST_FIXTURE_TEST_CASE(half_a_write_then_eio, broken_calls) {
    loss.log(1000);
    run.flush();
    const auto before = test::points(folder, "loss");
    for (int round = 0; round < 5; ++round) {
        loss.log(10);
        {
            const test::plan_calls plan(test::call_write, test::call_end::halved, 0, 0, false);
            wait_milliseconds(30);
        }
        loss.log(10);
        const test::plan_calls plan(test::call_write, test::call_end::refused, EIO, 0, true);
        wait_milliseconds(30);
    }
    wait_milliseconds(1100);
    run.end();
    check_account(folder, run, loss);
    BOOST_TEST(run.lost_points() == 0u);
}

// The journal's file cannot be had: points wait in memory, the run says so, nothing is lost while
// the process lives.
BOOST_AUTO_TEST_CASE(no_journal_file) {
    for (const int refusal : {ENOSPC, EDQUOT, EOPNOTSUPP, EIO}) {
        test::scratch_directory scratch;
        test::error_log log;
        const test::plan_calls plan(test::call_fallocate, test::call_end::refused, refusal, 0,
                                    true);
        mlscribe::run run = mlscribe::start_run(options_at(scratch.store(), log));
        const std::string folder = folder_at(scratch.store(), run);
        BOOST_TEST(test::read_file(folder + "/tags/mlscribe.journal") == "memory");
        BOOST_TEST(log.count(mlscribe::error_code::system) == 1u);
        counting loss{run.metric("loss")};
        loss.log(100000);
        run.end();
        check_account(folder, run, loss);
        BOOST_TEST(run.lost_points() == 0u);
        BOOST_TEST(!journal_left(folder));
    }
}

// Nothing outlives the process but the sign that it was there.
BOOST_AUTO_TEST_CASE(killed_without_a_journal_file) {
    test::scratch_directory scratch;
    test::error_log log;
    const std::string end = test::in_child([&] {
        const test::plan_calls plan(test::call_fallocate, test::call_end::refused, EOPNOTSUPP, 0,
                                    true);
        mlscribe::run run = mlscribe::start_run(options_at(scratch.store(), log));
        test::write_file(scratch / "folder", folder_at(scratch.store(), run));
        run.log_metric("loss", 0.5);
        run.flush();
        mlscribe::recover(scratch.store());
        test::write_file(scratch / "status",
                         test::meta(test::read_file(scratch / "folder"), "status"));
        ::raise(SIGKILL);
        return std::string();
    });
    BOOST_TEST(end == "signal 9");
    const std::string folder = test::read_file(scratch / "folder");
    BOOST_TEST(test::read_file(scratch / "status") == "1");
    BOOST_TEST(test::meta(folder, "status") == "1");
    const mlscribe::recovery done = mlscribe::recover(scratch.store());
    BOOST_TEST(done.runs.size() == 1u);
    BOOST_TEST(test::meta(folder, "status") == "5");
    BOOST_TEST(test::points(folder, "loss").size() == 1u);
    BOOST_TEST(!journal_left(folder));
}

// Broken to the end: the run's end says that points are left, and recovery writes them.
BOOST_AUTO_TEST_CASE(broken_to_the_end) {
    for (const int refusal : {EIO, ESTALE}) {
        broken_calls disk;
        disk.loss.log(1000);
        disk.run.flush();
        {
            const test::plan_calls plan(test::call_write, test::call_end::refused, refusal, 0,
                                        true);
            disk.loss.log(100000);
            disk.run.end();
        }
        disk.loss.tell("errno " + std::to_string(refusal) + " to the end");
        BOOST_TEST(test::points(disk.folder, "loss").size() == 1000u);
        BOOST_TEST(disk.run.lost_points() == 0u);
        BOOST_TEST(journal_left(disk.folder));
        mlscribe::recover(disk.scratch.store());
        check_account(disk.folder, disk.run, disk.loss);
        BOOST_TEST(!journal_left(disk.folder));
    }
}

// A disk that answers no more: the loop goes on, also when the journal is full.
BOOST_AUTO_TEST_CASE(hanging) {
    test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run_options chosen = options_at(scratch.store(), log);
    chosen.journal_bytes = 1 << 20;
    mlscribe::run run = mlscribe::start_run(chosen);
    const std::string folder = folder_at(scratch.store(), run);
    counting loss{run.metric("loss")};
    loss.log(1000);
    run.flush();
    {
        const test::plan_calls plan(test::call_write, test::call_end::held, 0, 0, true);
        for (int i = 0; i < 2000 && test::plan_calls::met() == 0; ++i) {
            loss.log(1);
            wait_milliseconds(5);
        }
        BOOST_REQUIRE(test::plan_calls::met() == 1);
        while (run.lost_points() < 3) loss.log(1);
        // Few of these calls wait: each would take 50 ms, the test more than eight minutes.
        loss.log(10000);
        BOOST_TEST(test::plan_calls::met() == 1);
        BOOST_TEST(test::points(folder, "loss").size() < loss.logged);
    }
    wait_milliseconds(50);
    loss.log(1000);
    run.end();
    check_account(folder, run, loss);
    loss.tell("disk that hangs");
}

// The program has used up its descriptors: points wait in the journal until there is one.
BOOST_AUTO_TEST_CASE(no_descriptor_left) {
    const std::string told = test::in_child([] {
        test::scratch_directory scratch;
        test::error_log log;
        mlscribe::run run = mlscribe::start_run(options_at(scratch.store(), log));
        const std::string folder = folder_at(scratch.store(), run);
        counting loss{run.metric("loss")};
        counting accuracy{run.metric("accuracy")};
        loss.log(1000);
        run.flush();
        rlimit limit{};
        ::getrlimit(RLIMIT_NOFILE, &limit);
        const rlimit none{0, limit.rlim_max};
        ::setrlimit(RLIMIT_NOFILE, &none);
        for (int i = 0; i < 60; ++i) {
            loss.log(500);
            accuracy.log(500);
            wait_milliseconds(5);
        }
        ::setrlimit(RLIMIT_NOFILE, &limit);
        const std::size_t before = test::points(folder, "loss").size();
        wait_milliseconds(1100);  // a refusing disk is left alone for a second
        loss.log(1);
        run.end();
        const bool whole = sound_rows(folder, "loss").size() == loss.logged &&
                           sound_rows(folder, "accuracy").size() == accuracy.logged;
        return std::to_string(before) + " before, " + (whole ? "all" : "some") + " at the end, " +
               std::to_string(run.lost_points()) + " lost, " +
               (log.tells({"loss", "Too many open files"}) ? "told" : "not told");
    });
    BOOST_TEST(told == "1000 before, all at the end, 0 lost, told");
}

// A journal at its bound and a disk that refuses: what does not fit is dropped, counted, and costs
// no attempt per point.
BOOST_AUTO_TEST_CASE(bound_reached) {
    test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run_options chosen = options_at(scratch.store(), log);
    chosen.journal_bytes = 1 << 20;
    mlscribe::run run = mlscribe::start_run(chosen);
    const std::string folder = folder_at(scratch.store(), run);
    counting loss{run.metric("loss")};
    {
        const test::plan_calls plan(test::call_write, test::call_end::refused, EIO, 0, true);
        loss.log(300000);
        BOOST_TEST(test::plan_calls::met() < 20);
    }
    BOOST_TEST(run.lost_points() > 200000u);
    wait_milliseconds(1100);
    loss.log(1000);
    run.end();
    check_account(folder, run, loss);
    loss.tell("journal at its bound");
}

// Who does not want to wait at the bound chooses which points are given up.
BOOST_AUTO_TEST_CASE(points_are_dropped_by_choice) {
    for (const auto choice : {mlscribe::overflow::drop_newest, mlscribe::overflow::drop_oldest}) {
        const bool is_oldest = choice == mlscribe::overflow::drop_oldest;
        test::scratch_directory scratch;
        test::error_log log;
        mlscribe::run_options chosen = options_at(scratch.store(), log);
        chosen.journal_bytes = 1 << 20;
        chosen.when_full = choice;
        mlscribe::run run = mlscribe::start_run(chosen);
        const std::string folder = folder_at(scratch.store(), run);
        counting loss{run.metric("loss")};
        {
            const test::plan_calls plan(test::call_write, test::call_end::refused, EIO, 0, true);
            loss.log(100000);
        }
        BOOST_TEST(run.lost_points() > 10000u);
        run.end();
        check_account(folder, run, loss);
        const auto rows = sound_rows(folder, "loss");
        BOOST_TEST_REQUIRE(rows.size() > 10000u);
        // Those that the drain had begun to write are kept in any case: at most some thousand.
        const std::size_t begun = rows.size() / 2;
        const double first = is_oldest ? 99999 - static_cast<double>(rows.size() - 1) : 0;
        bool is_whole = true;
        for (std::size_t i = is_oldest ? begun : 0; i != rows.size(); ++i) {
            is_whole = is_whole && rows[i].value == first + static_cast<double>(i);
        }
        BOOST_TEST(is_whole);
    }
}

// More keys than descriptors, and more lanes than blocks.
BOOST_AUTO_TEST_CASE(few_descriptors) {
    const std::string told = test::in_child([] {
        rlimit few{256, 256};
        ::setrlimit(RLIMIT_NOFILE, &few);
        test::scratch_directory scratch;
        test::error_log log;
        mlscribe::run run = mlscribe::start_run(options_at(scratch.store(), log));
        const std::string folder = folder_at(scratch.store(), run);
        constexpr int keys = 10000;
        std::vector<mlscribe::metric_handle> handles;
        for (int key = 0; key < keys; ++key)
            handles.push_back(run.metric("k" + std::to_string(key)));
        for (int round = 0; round < 3; ++round) {
            for (auto& handle : handles) handle.log(round);
        }
        run.end();
        for (int key = 0; key < keys; ++key) {
            if (test::points(folder, "k" + std::to_string(key)).size() != 3) {
                return "k" + std::to_string(key);
            }
        }
        return std::to_string(run.lost_points()) + " lost, " + std::to_string(log.all().size()) +
               " reports";
    });
    BOOST_TEST(told == "0 lost, 0 reports");
}

BOOST_AUTO_TEST_CASE(more_keys_than_blocks) {
    const quick_store store;
    test::error_log log;
    mlscribe::run_options chosen = options_at(store.path(), log);
    chosen.journal_bytes = 1 << 20;  // 249 blocks
    mlscribe::run run = mlscribe::start_run(chosen);
    test::prefer_drain_thread();
    const std::string folder = folder_at(store.path(), run);
    constexpr int keys = 600;
    std::vector<mlscribe::metric_handle> handles;
    for (int key = 0; key < keys; ++key) handles.push_back(run.metric("k" + std::to_string(key)));
    for (int round = 0; round < 20; ++round) {
        for (auto& handle : handles) handle.log(round);
    }
    run.end();
    BOOST_TEST(run.lost_points() < 10u);  // a disk that stalls is waited for 50 ms a point
    std::size_t rows = 0;
    for (int key = 0; key < keys; ++key) {
        const auto found = sound_rows(folder, "k" + std::to_string(key));
        rows += found.size();
        for (std::size_t i = 0; i < found.size(); ++i) {
            if (found[i].step != static_cast<std::int64_t>(i))
                BOOST_TEST(found[i].step == static_cast<std::int64_t>(i));
        }
    }
    BOOST_TEST(rows + run.lost_points() == keys * 20u);
    for (const auto& failure : log.all()) BOOST_TEST_MESSAGE(failure.message);
}

// The same under several threads, whose blocks are taken away while they log.
// Metrics that are logged in step need their next blocks all at once, while the drain is at work.
BOOST_AUTO_TEST_CASE(all_blocks_are_full_at_once) {
    const quick_store store;
    test::error_log log;
    mlscribe::run_options chosen = options_at(store.path(), log);
    chosen.journal_bytes = std::size_t{16} << 20;
    mlscribe::run run = mlscribe::start_run(chosen);
    test::prefer_drain_thread();
    std::vector<mlscribe::metric_handle> metrics;
    for (int i = 0; i < 2500; ++i) metrics.push_back(run.metric("m" + std::to_string(i)));
    for (int round = 0; round < 200; ++round) {
        for (mlscribe::metric_handle& each : metrics) each.log(round);
    }
    run.end();
    BOOST_TEST(run.lost_points() == 0u);
    BOOST_TEST(log.all().empty());
}

BOOST_AUTO_TEST_CASE(more_keys_than_blocks_in_threads) {
    const quick_store store;
    test::error_log log;
    mlscribe::run_options chosen = options_at(store.path(), log);
    chosen.journal_bytes = 1 << 20;
    chosen.flush_interval = std::chrono::milliseconds(1);
    mlscribe::run run = mlscribe::start_run(chosen);
    test::prefer_drain_thread();
    const std::string folder = folder_at(store.path(), run);
    constexpr int threads = 4;
    constexpr int keys = 100;
    constexpr int rounds = 300;
    std::vector<std::thread> all;
    for (int thread = 0; thread < threads; ++thread) {
        all.emplace_back([&run, thread] {
            std::vector<mlscribe::metric_handle> handles;
            for (int key = 0; key < keys; ++key) {
                handles.push_back(run.metric("k" + std::to_string(key)));
            }
            for (int round = 0; round < rounds; ++round) {
                for (auto& handle : handles) handle.log(round * threads + thread);
            }
        });
    }
    for (auto& each : all) each.join();
    run.end();
    BOOST_TEST(run.lost_points() < 10u);  // a disk that stalls is waited for 50 ms a point
    std::size_t rows = 0;
    for (int key = 0; key < keys; ++key)
        rows += sound_rows(folder, "k" + std::to_string(key)).size();
    BOOST_TEST(rows + run.lost_points() == static_cast<std::size_t>(threads) * keys * rounds);
}

// fdatasync fails or the clock jumps: points are written all the same.
BOOST_AUTO_TEST_CASE(failing_synchronisation) {
    test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run_options chosen = options_at(scratch.store(), log);
    chosen.sync_interval = std::chrono::milliseconds(10);
    mlscribe::run run = mlscribe::start_run(chosen);
    const std::string folder = folder_at(scratch.store(), run);
    counting loss{run.metric("loss")};
    const test::plan_calls plan(test::call_fdatasync, test::call_end::refused, EIO, 0, true);
    for (int i = 0; i < 30 || (i < 4000 && test::plan_calls::met() == 0); ++i) {
        loss.log(100);
        wait_milliseconds(5);
    }
    BOOST_TEST(test::plan_calls::met() > 0);
    run.end();
    check_account(folder, run, loss);
    BOOST_TEST(run.lost_points() == 0u);
    // Told once, tried again at each interval and when the run ends, and then by whoever recovers.
    BOOST_TEST(log.all().size() == 1u);
    BOOST_TEST(log.tells({"synchronise", "loss", "Input/output error"}));
    BOOST_TEST(journal_left(folder));
    BOOST_TEST(test::meta(folder, "status") == "3");
    BOOST_TEST(recover(scratch.store(), log) == 0u);
    BOOST_TEST(log.all().size() == 2u);
    BOOST_TEST(journal_left(folder));
    test::plan_calls::stop();
    BOOST_TEST(recover(scratch.store(), log) == 1u);
    BOOST_TEST(log.all().size() == 2u);
    BOOST_TEST(!journal_left(folder));
    BOOST_TEST(test::meta(folder, "status") == "3");
    check_account(folder, run, loss);
}

// It refuses once: what the kernel then takes for written is written again.
BOOST_AUTO_TEST_CASE(synchronisation_that_fails_once) {
    test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run_options chosen = options_at(scratch.store(), log);
    chosen.sync_interval = std::chrono::hours(1);
    mlscribe::run run = mlscribe::start_run(chosen);
    const std::string folder = folder_at(scratch.store(), run);
    counting loss{run.metric("loss")};
    loss.log(100);
    {
        const test::plan_calls plan(test::call_fdatasync, test::call_end::refused, EDQUOT, 0, true);
        run.checkpoint("first");
        BOOST_TEST(test::plan_calls::met() == 1);
    }
    BOOST_TEST(log.tells({"synchronise", "loss", "quota"}));
    run.end();
    BOOST_TEST(log.all().size() == 1u);
    BOOST_TEST(!journal_left(folder));
    check_account(folder, run, loss);
}

// A recovery leaves no journal behind whose points are not on the disk.
BOOST_AUTO_TEST_CASE(recovered_points_are_synchronised) {
    for (const unsigned refused : {test::call_fdatasync, test::call_fsync}) {
        test::scratch_directory scratch;
        test::error_log log;
        const std::string folder = test::in_child([&] {
            mlscribe::run_options chosen = options_at(scratch.store(), log);
            chosen.flush_interval = std::chrono::hours(1);
            auto* const run = new mlscribe::run(mlscribe::start_run(chosen));  // it has no end
            for (int i = 0; i < 100; ++i) run->log_metric("train/loss", i);
            return folder_at(scratch.store(), *run);
        });
        BOOST_REQUIRE(journal_left(folder));
        {
            const test::plan_calls plan(refused, test::call_end::refused, EIO, 0, false);
            BOOST_TEST(recover(scratch.store(), log) == 0u);
            BOOST_TEST(log.tells({"Input/output error"}));
            BOOST_TEST(test::plan_calls::met() == 1);
        }
        BOOST_TEST(journal_left(folder));
        BOOST_TEST(test::points(folder, "train/loss").size() == 100u);
        BOOST_TEST(test::meta(folder, "status") == "1");
        BOOST_TEST(recover(scratch.store(), log) == 1u);
        BOOST_TEST(log.all().size() == 1u);
        BOOST_TEST(!journal_left(folder));
        BOOST_TEST(test::points(folder, "train/loss").size() == 100u);
        BOOST_TEST(test::meta(folder, "status") == "5");
    }
}

// What became of the rows of one metric cannot be seen: the others are written all the same.
BOOST_AUTO_TEST_CASE(one_metric_out_of_reach) {
    test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run_options chosen = options_at(scratch.store(), log);
    chosen.flush_interval = std::chrono::hours(1);
    mlscribe::run run = mlscribe::start_run(chosen);
    const std::string folder = folder_at(scratch.store(), run);
    auto lost = run.metric("lost");
    auto kept = run.metric("kept");
    lost.log(1);
    kept.log(1);
    run.flush();
    lost.log(2);
    {
        const unsigned calls = test::call_write | test::call_fstatat;
        const test::plan_calls plan(calls, test::call_end::refused, EIO, 0, true);
        run.flush();
        BOOST_TEST(test::plan_calls::met() > 0);
    }
    const std::string path = folder + "/metrics/lost";
    std::filesystem::rename(path, folder + "/away");
    std::filesystem::create_symlink("../away", path);
    kept.log(2);
    run.flush();
    BOOST_TEST(test::points(folder, "kept").size() == 2u);
    std::filesystem::remove(path);
    std::filesystem::rename(folder + "/away", path);
    run.end();
    BOOST_TEST(test::points(folder, "lost").size() == 2u);
    BOOST_TEST(run.lost_points() == 0u);
    BOOST_TEST(!journal_left(folder));
}

// A file that is read for long, or for ever, holds up nobody but who waits for it.
BOOST_AUTO_TEST_CASE(a_slow_file_of_another_metric) {
    test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run_options chosen = options_at(scratch.store(), log);
    chosen.flush_interval = std::chrono::hours(1);
    mlscribe::run run = mlscribe::start_run(chosen);
    const std::string folder = folder_at(scratch.store(), run);
    run.log_metric("known", 1);
    { const auto timed = run.timer("seconds"); }
    run.flush();
    test::write_file(folder + "/metrics/slow", "1700000000000 1.0 41\n");
    std::thread slow;
    std::thread quick;
    std::atomic<bool> done{false};
    {
        const test::plan_calls plan(test::call_pread, test::call_end::held, 0, 0, false);
        slow = std::thread([&] { run.log_metric("slow", 2); });
        for (int i = 0; i < 4000 && test::plan_calls::met() == 0; ++i) wait_milliseconds(5);
        BOOST_TEST(test::plan_calls::met() == 1);
        quick = std::thread([&] {
            run.log_metric("known", 2);
            { const auto timed = run.timer("seconds"); }
            run.flush();
            done = true;
        });
        for (int i = 0; i < 4000 && !done; ++i) wait_milliseconds(5);
        BOOST_TEST(done.load());
        BOOST_TEST(test::points(folder, "known").size() == 2u);
    }
    slow.join();
    quick.join();
    run.end();
    BOOST_TEST(test::points(folder, "slow").size() == 2u);
    BOOST_TEST(log.all().empty());
}

// MLflow has made a file and is about to write its first line when we take it for an empty one.
BOOST_AUTO_TEST_CASE(a_first_line_that_comes_late) {
    test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(options_at(scratch.store(), log));
    const std::string folder = folder_at(scratch.store(), run);
    const std::string path = folder + "/metrics/loss";
    std::FILE* const late = std::fopen(path.c_str(), "a");
    BOOST_REQUIRE(late != nullptr);
    std::thread opened;
    {
        // Whatever takes the name away from the file.
        const unsigned calls = test::call_unlinkat | test::call_renameat;
        const test::plan_calls plan(calls, test::call_end::held, 0, 0, false);
        opened = std::thread([&] { run.log_metric("loss", 0.5, 42); });
        for (int i = 0; i < 4000 && test::plan_calls::met() == 0; ++i) wait_milliseconds(5);
        BOOST_TEST(test::plan_calls::met() == 1);
        std::fputs("1700000000000 1.0 41\n", late);
        std::fclose(late);
    }
    opened.join();
    run.end();
    const std::vector<std::int64_t> expected = {41, 42};
    BOOST_TEST(test::steps(folder, "loss") == expected, boost::test_tools::per_element());
    BOOST_TEST(log.all().empty());
    BOOST_TEST(!journal_left(folder));
}

// What a power failure may cost is the program's choice; zero leaves it to the system.
BOOST_AUTO_TEST_CASE(synchronised_by_choice) {
    for (const int interval : {0, 10}) {
        test::scratch_directory scratch;
        test::error_log log;
        mlscribe::run_options chosen = options_at(scratch.store(), log);
        chosen.sync_interval = std::chrono::milliseconds(interval);
        mlscribe::run run = mlscribe::start_run(chosen);
        counting loss{run.metric("loss")};
        // Every call is done, and counted.
        const test::plan_calls plan(test::call_fdatasync, test::call_end::halved, 0, 0, true);
        for (int i = 0; i < 4000 && (i < 20 || (interval != 0 && test::plan_calls::met() < 3));
             ++i) {
            loss.log(100);
            wait_milliseconds(5);
        }
        BOOST_TEST((test::plan_calls::met() >= 3) == (interval != 0));
        // Nothing new is written, so nothing is synchronised.
        run.flush();
        const long thread = test::drain_thread();
        BOOST_REQUIRE(thread != 0);
        test::wait_for_rounds(thread, 20);
        const long before = test::plan_calls::met();
        test::wait_for_rounds(thread, 20);
        BOOST_TEST(test::plan_calls::met() == before);
        loss.log(1);
        run.end();
        BOOST_TEST(test::plan_calls::met() == before + (interval != 0 ? 1 : 0));
    }
}

BOOST_AUTO_TEST_CASE(clock_that_jumps_back) {
    for (const auto drain : {mlscribe::drain_mode::thread, mlscribe::drain_mode::inline_}) {
        test::scratch_directory scratch;
        test::error_log log;
        mlscribe::run_options chosen = options_at(scratch.store(), log);
        chosen.drain = drain;
        mlscribe::run run = mlscribe::start_run(chosen);
        const std::string folder = folder_at(scratch.store(), run);
        counting loss{run.metric("loss")};
        for (const std::int64_t hours : {0, -1, -48, 3, 0, -1000}) {
            test::planned_calls().clock = hours * 3600 * 1000;
            for (int i = 0; i < 5; ++i) {
                loss.log(300);
                wait_milliseconds(6);
            }
            loss.log(1);  // the call after the interval
            for (int i = 0; i < 2000 && sound_rows(folder, "loss").size() + 301 < loss.logged; ++i)
                wait_milliseconds(5);
            BOOST_TEST(sound_rows(folder, "loss").size() + 301 >= loss.logged);
        }
        run.end();
        test::planned_calls().clock = 0;
        check_account(folder, run, loss);
        BOOST_TEST(run.lost_points() == 0u);
        const auto rows = test::points(folder, "loss");
        BOOST_TEST(std::is_sorted(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
            return a.timestamp < b.timestamp;
        }));
        BOOST_TEST(std::stoll(test::meta(folder, "end_time")) >=
                   std::stoll(test::meta(folder, "start_time")));
        BOOST_TEST(log.all().empty());
    }
}

BOOST_AUTO_TEST_SUITE_END()
